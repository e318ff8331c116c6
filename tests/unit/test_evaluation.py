"""What an evaluation adds to the scores, by hand."""

import numpy as np
import pytest

from raincast.verification.evaluation import recall_at_precision
from raincast.verification.tables import of_scores
from tests.score_records import compared


@pytest.mark.parametrize(
    ("y", "p", "precision", "recall"),
    [
        ([1, 1, 0, 0], [0.9, 0.8, 0.2, 0.1], 1.0, 1.0),  # all wet days before all dry ones
        ([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1], 1.0, 0.5),  # one warning is sure
        ([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1], 0.6, 1.0),  # three warnings, two right
        ([0, 1, 0, 0], [0.9, 0.3, 0.2, 0.1], 0.72, None),  # no threshold reaches it
        ([0, 0], [0.9, 0.3], 0.0, None),  # no day was wet
    ],
)
def test_the_highest_recall_at_a_precision(y, p, precision, recall) -> None:
    assert recall_at_precision(np.array(y), np.array(p), precision) == recall


def test_the_table_has_a_line_for_each_forecaster_and_a_dash_for_what_is_unknown() -> None:
    shown = of_scores({"3pm": {"raincast": compared("v1", 0.0931, n=7)}}).splitlines()
    assert len(shown) == 2
    assert shown[1].split() == ["3pm", "raincast", "7", "-", "-", "-", "-", "0.093"]
