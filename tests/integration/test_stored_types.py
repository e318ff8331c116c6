"""A model in MLflow's form: whatever it can be made of is among the types that are trusted, and
comes back with the same bits.
"""

from datetime import date

import numpy as np
import pytest

from raincast.learning import blend, calibration, examples, fitting
from raincast.learning.metadata import Calibration
from raincast.observations import panel
from tests.learned import weather

pytestmark = pytest.mark.slow
WHOLE = blend.DEFAULT_PARAMS | {
    "n_estimators": 5,
    "networks": 1,
    "network_epochs": 1,
    "perceptrons": 1,
    "epochs": 1,
    "fit_rows": 2000,
    "n_jobs": 1,
}


def test_a_model_of_all_parts_is_stored_and_read_with_the_same_bits() -> None:
    import skops.io

    from raincast.tracking.flavour import TRUSTED

    known = panel.from_frame(weather(date(2015, 10, 1), date(2016, 2, 29)))
    made = fitting.fit(known, fitting.everything(known), WHOLE)
    pipeline = calibration.calibrated(made, Calibration(slope=0.9, offset=0.1))
    stored = skops.io.dumps(pipeline)
    assert set(skops.io.get_untrusted_types(data=stored)) <= set(TRUSTED)
    again = skops.io.loads(stored, trusted=TRUSTED)
    rows = examples.by_regime(known, date(2016, 2, 1), date(2016, 2, 3))["3pm"]
    assert np.array_equal(again.predict_proba(rows.given), pipeline.predict_proba(rows.given))
