"""A forecast taken apart: the parts add up to it, and every feature has its kind."""

import numpy as np
import pytest
from scipy.special import logit
from sklearn.dummy import DummyClassifier
from sklearn.pipeline import Pipeline

from raincast.errors import BadInput
from raincast.features import block
from raincast.learning import calibration, explanation, pipelines
from raincast.learning.blend import Forecaster
from raincast.learning.metadata import Calibration, Origin


def rows(n: int = 2000):
    rng = np.random.default_rng(5)
    X = rng.normal(size=(n, len(block.NAMES))).astype(np.float32)
    X[:, 0] = rng.integers(0, 49, n)
    X[rng.random(X.shape) < 0.1] = np.nan
    wet = np.nan_to_num(X[:, block.NAMES.index("Humidity3pm")]) + np.nan_to_num(
        X[:, block.NAMES.index("Pressure3pm_west")]
    )
    return X, (wet > 0.8).astype(int)


def forecaster(perceptrons: int) -> Forecaster:
    params = {
        "n_estimators": 20,
        "max_depth": 3,
        "colsample_bytree": 1.0,
        "min_child_weight": 1.0,
        "perceptrons": perceptrons,
    }
    fitted = pipelines.train(*rows(), params | {"epochs": 1, "n_jobs": 1})
    return Forecaster.unkept(fitted, Origin(stations=[]), {"3pm": 0.5}, "v1")


@pytest.mark.parametrize("perceptrons", [0, 2])
def test_base_parts_and_perceptrons_make_the_forecast(perceptrons):
    made, (X, _) = forecaster(perceptrons), rows()
    for row in X[:5]:
        found = explanation.reasons(made, row)
        total = found.base + sum(part.log_odds for part in found.parts) + found.perceptrons
        assert total == pytest.approx(logit(made.probabilities(row[None])[0]), abs=1e-5)
    assert (found.perceptrons != 0) == bool(perceptrons)


def test_the_parts_of_a_calibrated_forecast_make_it_too():
    made, (X, _) = forecaster(1), rows()
    calibration.calibrated(made.pipeline, Calibration(slope=0.7, offset=-0.2))
    for row in X[:5]:
        found = explanation.reasons(made, row)
        total = found.base + sum(part.log_odds for part in found.parts) + found.perceptrons
        assert total == pytest.approx(logit(made.probabilities(row[None])[0]), abs=1e-5)


def test_what_decides_comes_first():
    made, X = forecaster(0), rows()[0][:20]
    found = [explanation.reasons(made, row).parts[:2] for row in X]
    assert {(part.quantity, part.scope) for parts in found for part in parts} >= {
        ("humidity", "here"),
        ("pressure", "west"),
    }
    strengths = [abs(part.log_odds) for part in explanation.reasons(made, X[0]).parts]
    assert strengths == sorted(strengths, reverse=True)


def test_every_feature_has_its_kind():
    kinds = {name: (explanation.quantity(name), explanation.scope(name)) for name in block.NAMES}
    known = {(q, s) for q in explanation.QUANTITIES for s in explanation.SCOPES}
    assert {name: kind for name, kind in kinds.items() if kind not in known} == {}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("RainSum_7d", ("rain", "before")),
        ("Wet", ("rain", "here")),
        ("Wind3pm_u_east", ("wind", "east")),
        ("Dew3pm_near2", ("humidity", "around")),
        ("MaxTemp_past", ("temperature", "before")),
        ("season_sin", ("place", "always")),
        ("Pressure3pm_contrast", ("pressure", "around")),
    ],
)
def test_kinds_are_as_one_would_say_them(name, kind):
    assert (explanation.quantity(name), explanation.scope(name)) == kind


def test_another_kind_of_model_is_refused():
    dummy = Pipeline([("model", DummyClassifier().fit(np.zeros((2, 1)), [0, 1]))])
    with pytest.raises(BadInput, match="DummyClassifier"):
        explanation.reasons(
            Forecaster.unkept(dummy, Origin(stations=[]), {"3pm": 0.5}, "v1"), rows()[0][0]
        )
