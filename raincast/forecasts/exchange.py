"""Forecasts with their readings in the forms that other verification tools read: the text of
`verif` (https://github.com/WFRT/verif), and a NetCDF dataset with names of the CF conventions.
"""

import numpy as np
import pandas as pd
import xarray as xr

from raincast.errors import BadInput
from raincast.observations.event import LEAD
from raincast.observations.network import Network, require_event

NEEDED = (
    "location", "feature_date", "rain_probability", "observed_rainfall_mm", "truth_available",
)  # fmt: skip
_MISSING = -999
_LEAD_HOURS = LEAD.days * 24
_CF = "CF-1.11"


def checked(rows: pd.DataFrame, network: Network, where: str) -> pd.DataFrame:
    """Rows of a hindcast with truth, the reading NaN where it is no truth.

    Raises:
        BadInput: a column is missing, or a station is not of the network.
    """
    missing = [name for name in NEEDED if name not in rows]
    if missing:
        raise BadInput(
            f"{where}: found no {', '.join(missing)}; expected a file that `raincast hindcast"
            " --truth` wrote"
        )
    for stated in rows["event"].unique() if "event" in rows else [None]:
        require_event(
            stated, where, "`raincast hindcast --truth` writes one of the network's event"
        )
    strange = sorted(set(rows["location"]) - set(network.locations))
    if strange:
        raise BadInput(f"{where}: location: found {strange[0]!r}, expected a known station")
    reading = rows["observed_rainfall_mm"].where(rows["truth_available"] == 1)
    return rows.assign(observed_rainfall_mm=reading)


def verif_text(rows: pd.DataFrame, network: Network) -> str:
    """The text form of `verif`: a line per forecast.

    `p1` is, as there, the chance of an amount up to 1 mm, the event's: 1 less the chance of rain.
    Stations have their number in the network, since names are no ids there.
    """
    station = rows["location"].map(network.index).to_numpy(dtype=np.intp)
    places = network.places[station]
    known = [_MISSING if s.elevation is None else s.elevation for s in network.stations]
    table = pd.DataFrame(
        {
            "date": pd.to_datetime(rows["feature_date"]).dt.strftime("%Y%m%d"),
            "leadtime": _LEAD_HOURS,
            "location": station,
            "lat": places[:, 0],
            "lon": places[:, 1],
            "altitude": np.array(known, dtype=float)[station],
            "obs": rows["observed_rainfall_mm"].fillna(_MISSING),
            f"p{network.event.threshold_mm:g}": 1 - rows["rain_probability"],
        }
    )
    head = "# variable: Precipitation\n# units: mm\n# x0: 0\n"
    return head + table.to_csv(sep=" ", index=False, lineterminator="\n")


def dataset(rows: pd.DataFrame, network: Network) -> xr.Dataset:
    """(time, station) chance of rain and readings; time is the feature date."""
    wide = rows.pivot(index="feature_date", columns="location")
    names = list(wide["rain_probability"].columns)
    known = [network.stations[network.index[name]] for name in names]
    mm = wide["observed_rainfall_mm"].to_numpy(np.float64)
    until = f"{network.event.hour} am local time of the next day"
    period = {"cell_methods": f"time: sum (interval: 24 hours to {until})"}
    return xr.Dataset(
        {
            "rain_probability": (
                ("time", "station"),
                wide["rain_probability"].to_numpy(np.float64),
                {
                    "long_name": f"chance of {network.event.amount}",
                    "units": "1",
                },
            ),
            "rain": (
                ("time", "station"),
                mm,
                {
                    "standard_name": "lwe_thickness_of_precipitation_amount",
                    "long_name": "reading, where it is truth",
                    "units": "mm",
                }
                | period,
            ),
        },
        coords={
            "time": pd.to_datetime(wide.index).to_numpy(),
            "threshold": ((), network.event.threshold_mm, {"units": "mm"}),
            "station_name": ("station", names, {"cf_role": "timeseries_id"}),
            "latitude": ("station", [s.latitude for s in known], {"units": "degrees_north"}),
            "longitude": ("station", [s.longitude for s in known], {"units": "degrees_east"}),
        },
        attrs={
            "Conventions": _CF,
            "featureType": "timeSeries",
            "title": "raincast hindcast",
            "event": network.event.statement,
        },
    )
