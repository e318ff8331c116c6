"""A scored frame as the live report needs it, in a fraction of the memory: what has few values is
held as categories, and nothing that no figure looks at.
"""

import pandas as pd

from raincast.forecasts.basis import BASES
from raincast.observations.availability import REGIMES
from raincast.observations.network import in_force

_KEPT = (
    "logged_at_utc",
    "feature_date",
    "target_date",
    "use_latest",
    "issued_at_utc",
    "rain_probability",
    "truth_available",
)
_SMALL = {"predicted_rain": "int8", "y_true": "float32", "observed_rainfall_mm": "float32"}


def rows(scored: pd.DataFrame) -> pd.DataFrame:
    """Those rows in some 60 bytes each. Of a forecast id is left only whether there is one."""
    known = {
        "location": sorted(in_force().locations),
        "regime": sorted(REGIMES),
        "basis": sorted(BASES),
    }
    told = scored["forecast_id"].notna().astype("int8")
    return pd.DataFrame(
        {name: scored[name] for name in _KEPT}
        | {name: scored[name].to_numpy(kind) for name, kind in _SMALL.items()}
        | {name: pd.Categorical(scored[name], values) for name, values in known.items()}
        | {"forecast_id": pd.Categorical.from_codes(told.to_numpy() - 1, pd.Index(["there"]))}
    )
