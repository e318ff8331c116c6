"""A model pickled before the package had rooms loads and answers as it did."""

from pathlib import Path

import joblib
import numpy as np

from raincast.learning.blend import Recalibrated

GOLDEN = Path(__file__).resolve().parents[1] / "golden"


def test_a_pipeline_of_the_flat_package_loads_and_answers_the_same(tmp_path: Path) -> None:
    pipeline = joblib.load(GOLDEN / "pipeline_before_rooms.joblib")
    recorded = np.load(GOLDEN / "pipeline_before_rooms.npz")
    assert type(pipeline) is Recalibrated
    answered = pipeline.predict_proba(recorded["X"])[:, 1]
    # Last bits differ between processor families, so across machines they are compared closely.
    np.testing.assert_allclose(answered, recorded["p"], rtol=0, atol=1e-6)
    joblib.dump(pipeline, tmp_path / "again.joblib")
    again = joblib.load(tmp_path / "again.joblib").predict_proba(recorded["X"])[:, 1]
    np.testing.assert_array_equal(again, answered)
