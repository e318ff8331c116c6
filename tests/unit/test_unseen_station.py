"""Which stations a model answers for."""

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.pipeline import Pipeline

from raincast.errors import UnknownStation
from raincast.learning import knowledge, served
from raincast.learning.blend import Forecaster
from raincast.learning.metadata import Origin

PLACE = ("Albury", -36.08, 146.92)


def model(**told: object) -> Forecaster:
    pipeline = Pipeline([("model", DummyClassifier().fit(np.zeros((2, 1)), [0, 1]))])
    return Forecaster.unkept(pipeline, Origin(stations=["Albury"], **told), {"3pm": 0.5}, "v1")


@pytest.mark.parametrize("network", [None, [PLACE]])
def test_a_station_that_it_was_fitted_to_is_known(network):
    made = model(network=network)
    assert not knowledge.is_unseen(made, "Albury")
    knowledge.require_known(made, "Albury")


def test_a_former_model_refuses_any_other_and_says_whom_it_knows():
    made = model()
    assert not served.forecasts_unseen(made.metadata)
    with pytest.raises(UnknownStation, match=r"'Cairns': model v1 .* 1 stations: Albury; .*train"):
        knowledge.require_known(made, "Cairns")
    assert served.wanted(made.metadata) == ["Albury"]


def test_one_that_names_its_network_forecasts_others_by_their_place():
    made = model(network=[PLACE])
    assert knowledge.is_unseen(made, "Cairns")
    knowledge.require_known(made, "Cairns")
    wanted = served.wanted(made.metadata)
    assert wanted[0] == "Albury"
    assert len(wanted) == len(set(wanted)) == 49
