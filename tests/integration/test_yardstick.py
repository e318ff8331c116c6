"""The models that others use, beside the blend and its parts."""

from datetime import date, timedelta

import pytest

from raincast.learning.fitting import Span
from raincast.observations import panel
from raincast.observations.availability import REGIMES
from raincast.simulator import simulate

YEAR = Span(date(2015, 1, 1), date(2015, 1, 31))
TINY = {"n_estimators": 5, "networks": 2, "network_epochs": 1}


@pytest.mark.slow
def test_all_are_scored_on_the_same_rows_beside_the_blend():
    pytest.importorskip("lightgbm", reason="pip install lightgbm")
    from benchmarks import yardstick

    observed = panel.from_frame(simulate(date(2014, 11, 1), YEAR.last + timedelta(days=1), seed=3))
    found = yardstick.scored(observed, YEAR, TINY)
    assert list(found.regimes) == list(REGIMES)
    for models in found.regimes.values():
        assert list(models) == [
            "raincast",
            "the blend's trees",
            "one of its networks",
            "its 2 networks",
            "LightGBM, own row",
            "logistic regression",
            "XGBoost, SMOTE, complete",
            "persistence",
            "climatology",
        ]
        assert {one.n for one in models.values()} == {models["raincast"].n}
        assert len({one.roc_auc for one in models.values()}) == len(models)
        assert models["raincast"].brier_difference_interval is None
        assert all(one.brier_difference_interval for one in list(models.values())[1:])
