"""The names of the features, in their order, and of which variables each kind is made."""

import hashlib

from raincast.features import neighbours
from raincast.features.derived import VARIABLES

OF_YESTERDAY = (
    "RainLog",
    "MaxTemp",
    "MinTemp",
    "Sunshine",
    "Evaporation",
    "WindGustSpeed",
    "Gust_u",
    "Gust_v",
    "Humidity9am",
    "Humidity3pm",
    "Pressure9am",
    "Pressure3pm",
    "Cloud9am",
    "Cloud3pm",
    "Dew9am",
    "Dew3pm",
    "Wind3pm_u",
    "Wind3pm_v",
)
CHANGED = (
    "MinTemp",
    "Humidity9am",
    "Pressure9am",
    "Pressure3pm",
    "Dew9am",
    "Dew3pm",
    "Temp9am",
    "Temp3pm",
    "MaxTemp",
)
SCALED = (
    "RainLog",
    "Wet",
    "Humidity9am",
    "Humidity3pm",
    "Pressure9am",
    "Pressure3pm",
    "Cloud9am",
    "Cloud3pm",
    "Dew9am",
    "Dew3pm",
    "Temp9am",
    "Temp3pm",
    "MinTemp",
    "MaxTemp",
    "Sunshine",
    "WindGustSpeed",
    "PressureFall",
    "Wind9am_u",
    "Wind9am_v",
    "Wind3pm_u",
    "Wind3pm_v",
)
SECTORED = (
    "RainLog",
    "Wet",
    "Humidity9am",
    "Humidity3pm",
    "Pressure9am",
    "Pressure3pm",
    "Cloud9am",
    "Cloud3pm",
    "Dew3pm",
    "Sunshine",
    "PressureFall",
    "Wind3pm_u",
    "Wind3pm_v",
)
OF_NEAREST = ("RainLog", "Humidity9am", "Humidity3pm", "Pressure3pm", "Cloud3pm", "Dew3pm")
CONTRASTED = (
    "Humidity9am",
    "Humidity3pm",
    "Pressure9am",
    "Pressure3pm",
    "Dew9am",
    "Dew3pm",
    "Temp9am",
    "Temp3pm",
)
RAIN_DAYS = (3, 7, 30)
_SCALE_NAMES = tuple(f"{scale:.0f}km" for scale in neighbours.SCALES_KM)

PLACE = ("station", "latitude", "longitude", "season_sin", "season_cos")
OWN = (*PLACE, *VARIABLES)
NOW = slice(len(PLACE), len(OWN))
"""Where a row has its variables."""
PAST = (
    *(f"{name}_past" for name in OF_YESTERDAY),
    "RainLog_past2",
    *(f"{name}_change" for name in CHANGED),
    *(f"{kind}_{days}d" for days in RAIN_DAYS for kind in ("RainSum", "WetDays")),
)
FIELD = (
    *(f"{name}_{scale}" for scale in _SCALE_NAMES for name in SCALED),
    *(f"{name}_past_{scale}" for scale in _SCALE_NAMES for name in ("RainLog", "Pressure3pm")),
    *(f"{name}_{sector}" for sector in neighbours.SECTORS for name in SECTORED),
    *(f"{name}_{pair}" for pair in ("eastwards", "northwards") for name in SECTORED),
    *(f"{name}_near{i + 1}" for i in range(neighbours.NEAREST) for name in OF_NEAREST),
    *(f"{name}_contrast" for name in CONTRASTED),
)
NAMES: tuple[str, ...] = (*OWN, *PAST, *FIELD)
"""The K features in order: own row, own past days, the other stations."""
STATION = NAMES.index("station")
"""Where a row has its station's number."""
NAMES_SHA256 = hashlib.sha256(" ".join(NAMES).encode()).hexdigest()
"""By which a model says what it was made of."""
