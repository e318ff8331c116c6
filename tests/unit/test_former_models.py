"""A model pickled before the package had rooms loads and answers as it did."""

from pathlib import Path

import joblib
import numpy as np

from raincast.features.surroundings import Field, Rows
from raincast.learning.blend import Recalibrated
from raincast.observations.network import shipped

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


def test_a_network_kept_before_its_layers_had_a_file_of_their_own_answers_the_same() -> None:
    network = joblib.load(GOLDEN / "network_before_stack.joblib")
    kept = np.load(GOLDEN / "network_before_stack.npz")
    known = (kept[name] for name in ("field_own", "before", "rain_before", "season"))
    field = np.empty(len(kept["station"]), dtype=object)
    field[:] = Field(*known, shipped())
    rows = Rows(kept["table"], kept["own"], field, kept["station"])
    np.testing.assert_allclose(network.log_odds(rows), kept["log_odds"], rtol=0, atol=1e-6)
    assert np.ptp(kept["log_odds"]) > 0.01
