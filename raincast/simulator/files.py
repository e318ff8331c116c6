"""Simulated weather in the files in which real weather comes: the historical file and the Bureau's
months.
"""

from datetime import datetime
from pathlib import Path

import pandas as pd

from raincast.observations import panel
from raincast.observations.event import DEFAULT
from raincast.observations.network import find, in_force
from raincast.sources.dwo_form import dwo_bytes, published
from raincast.sources.history import to_historical
from raincast.store.files import replacing


def historical(frame: pd.DataFrame) -> pd.DataFrame:
    """An observations frame in the columns and order of the historical file: station by station,
    then by date.

    `RainTomorrow` is of the default event, as in the real file, whatever the network's; it is
    missing where the next day's reading is missing or accumulated.
    """
    whole = panel.from_frame(frame)
    day = (frame["Date"] - pd.Timestamp(whole.first)).dt.days.to_numpy()
    station = frame["Location"].map(in_force().index).to_numpy(dtype=int)
    return to_historical(frame, whole.truth(DEFAULT)[day, station]).sort_values(
        ["Location", "Date"], ignore_index=True
    )


def write_history(path: Path, frame: pd.DataFrame) -> None:
    """Write an observations frame as the historical file; missing is NA."""
    with replacing(path) as part:
        historical(frame).to_csv(part, index=False, na_rep="NA", date_format="%Y-%m-%d")


def write_bureau_files(folder: Path, frame: pd.DataFrame, prepared_at: datetime) -> int:
    """Write what was known at `prepared_at` (aware, UTC) as `YYYYMM/IDCJDWnnnn.YYYYMM.csv`; returns
    how many files. A station without a product has none.
    """
    has_product = frame["Location"].map({s.location: bool(s.product) for s in in_force().stations})
    known = published(frame[has_product.to_numpy(dtype=bool)], prepared_at)
    months = known.groupby([known["Location"].astype(str), known["Date"].dt.strftime("%Y%m")])
    for key, rows in months:
        location, month = map(str, tuple(key))
        station = find(location)
        with replacing(folder / month / f"{station.product}.{month}.csv") as part:
            part.write_bytes(dwo_bytes(rows, station, prepared_at))
    return len(months)
