"""Readings of one day that contradict each other."""

import numpy as np
import pytest

from raincast.loop.around import usual
from raincast.observations.doubts import AT, Body
from raincast.observations.network import in_force
from raincast.observations.plausibility import ORDERED, alone, contradicted
from raincast.observations.schema import OBSERVATIONS
from raincast.serving.questions import Observation

ROW = {"Date": "2024-05-01", "Location": "Albury"}


@pytest.mark.parametrize(
    ("low", "high", "apart"),
    [
        ("MinTemp", "MaxTemp", 0.5),
        ("MinTemp", "Temp9am", 2.5),
        ("Temp3pm", "MaxTemp", 2.5),
        ("WindSpeed9am", "WindGustSpeed", 12.0),
    ],
)
def test_the_api_refuses_what_is_set_aside_in_a_file(low: str, high: str, apart: float) -> None:
    assert Observation(**ROW, **{high: 10.0, low: 10.0 + apart})
    with pytest.raises(ValueError, match=f"expected {low} not above {high}"):
        Observation(**ROW, **{high: 10.0, low: 10.1 + apart})
    values = np.full((1, len(OBSERVATIONS)), np.nan)
    values[0, [AT[low], AT[high]]] = 10.1 + apart, 10.0
    body = Body(0, np.array(["2024-05-01"], dtype="datetime64[D]"), values)
    assert (low, high) in [doubt.fields for doubt in alone(body, usual(in_force()))]


@pytest.mark.parametrize("field", ORDERED)
def test_a_row_that_lacks_the_other_reading_is_believed(field: str) -> None:
    assert contradicted({field: 20.0}, field) is None
