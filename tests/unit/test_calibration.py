"""A last calibration: what it finds, and that it changes chances, not their order."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from raincast.features import block
from raincast.learning import calibration, estimators, examples, fitting
from raincast.learning.classifier import recalibrated
from raincast.learning.metadata import Calibration
from raincast.observations import panel
from raincast.observations.panel import Panel
from raincast.simulator import simulate
from tests.learned import TINY

LEARNED = fitting.Span(date(2024, 2, 1), date(2024, 4, 30))
AFTER = fitting.Span(date(2024, 5, 1), date(2024, 5, 30))


@pytest.fixture(scope="module")
def observed() -> Panel:
    return panel.from_frame(simulate(date(2024, 1, 1), date(2024, 5, 31), 3))


@pytest.mark.parametrize(("slope", "offset"), [(1.0, 0.0), (0.6, 0.0), (1.3, -0.4)])
def test_it_finds_by_how_much_chances_were_too_sure(slope: float, offset: float) -> None:
    rng = np.random.default_rng(1)
    given = rng.normal(0, 2, 200_000)
    y = (rng.random(len(given)) < expit(slope * given + offset)).astype(float)
    found = calibration.fitted(y, expit(given))
    assert (found.slope, found.offset) == pytest.approx((slope, offset), abs=0.03)


def test_calibrated_chances_are_on_average_what_came() -> None:
    rng = np.random.default_rng(2)
    p, y = rng.uniform(0.05, 0.95, 5000), (rng.random(5000) < 0.3).astype(float)
    by = calibration.fitted(y, p)
    assert recalibrated(p, by.slope, by.offset).mean() == pytest.approx(y.mean(), abs=1e-4)


@given(st.floats(0.1, 3), st.floats(-3, 3), st.lists(st.floats(0.001, 0.999), min_size=2))
def test_the_order_of_chances_stays(slope: float, offset: float, p: list[float]) -> None:
    given = np.sort(np.array(p))
    assert (np.diff(recalibrated(given, slope, offset)) >= 0).all()


def test_a_pipeline_is_calibrated_on_days_that_it_has_not_learned(observed: Panel) -> None:
    made = fitting.fit(observed, LEARNED, TINY)
    rows = examples.by_regime(observed, *AFTER)
    by = calibration.of(rows, fitting.chances(made, rows))
    X = rows["3pm"].given
    raw = made.predict_proba(X)[:, 1]
    assert calibration.calibrated(made, by) is made
    np.testing.assert_allclose(
        made.predict_proba(X)[:, 1], recalibrated(raw, by.slope, by.offset), rtol=1e-9
    )


def test_none_and_nothing_leave_every_bit(observed: Panel) -> None:
    made = fitting.fit(observed, LEARNED, TINY)
    X = examples.of_regime(observed, "complete", *AFTER).given
    raw = made.predict_proba(X)
    for by in (None, Calibration()):
        np.testing.assert_array_equal(calibration.calibrated(made, by).predict_proba(X), raw)


def test_days_that_were_all_alike_calibrate_nothing(observed: Panel) -> None:
    made = fitting.fit(observed, LEARNED, TINY)
    dry = observed.values.copy()
    dry[:, :, panel.RAINFALL] = 0.0
    drought = Panel(observed.first, dry, observed.seen)
    rows = examples.by_regime(drought, *AFTER)
    assert calibration.of(rows, fitting.chances(made, rows)) == Calibration()


def test_an_estimator_of_ones_own_is_calibrated_too() -> None:
    rng = np.random.default_rng(3)
    X = rng.normal(size=(400, len(block.NAMES))).astype(np.float32)
    y = (X[:, 1] > 0).astype(int)
    own = estimators.train(X, y, {"model": "tests.unit.test_calibration:regression"})
    raw = own.predict_proba(X)[:, 1]
    toned = calibration.calibrated(own, Calibration(slope=0.5, offset=0.1)).predict_proba(X)
    np.testing.assert_allclose(toned[:, 1], recalibrated(raw, 0.5, 0.1), rtol=1e-9)
    np.testing.assert_allclose(toned.sum(axis=1), 1)


def regression(params: dict[str, object], seed: int) -> object:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=1.0 + seed, max_iter=int(str(params.get("epochs", 8))) * 100)
