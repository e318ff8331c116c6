"""The historical rows, from the raw file to the panel that models are fitted on."""

import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from raincast.errors import BadFile, NotEnoughData
from raincast.observations import panel
from raincast.observations.panel import Panel
from raincast.settings import Settings
from raincast.sources import history
from raincast.store import files
from raincast.store.archive import Archive


def read(path: Path) -> Panel:
    """The panel of a file in the historical form.

    Raises:
        BadFile: it is not there, or not in that form.
    """
    return _read(path)[1]


def _read(path: Path) -> tuple[pd.DataFrame, Panel, str]:
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        expected = (
            "a file: `make data` fetches the historical file, `python -m src.data_preparation`"
            " prepares it"
        )
        raise BadFile(str(path), "nothing", expected) from error
    frame = history.parse(content, str(path))
    return (
        frame,
        panel.from_frame(frame, told=history.labels(content)),
        hashlib.sha256(content).hexdigest(),
    )


def prepare(settings: Settings, now: datetime, first: date | None = None) -> dict[str, Any]:
    """Checks the raw file, archives its rows, and writes them with the event as this product has
    it.

    `RainTomorrow` is left out where the reading may hold several days' rain. Repeatable: same file,
    same result.

    Args:
        first: rows of days before it are left out; None takes all.

    Returns:
        What was written: `rows`, `labelled`, `accumulated`, `first_date`, `last_date`, `sha256`.

    Raises:
        BadFile: the raw file is not there or not in the historical form.
        NotEnoughData: it has no row from `first` on.
    """
    frame, whole, sha256 = _read(settings.raw_history)
    if first:
        frame = frame[frame["Date"] >= pd.Timestamp(first)]
    if frame.empty:
        raise NotEnoughData(
            f"{settings.raw_history} has no row from {first} on: its last day is {whole.days[-1]}"
        )
    Archive(settings.archive).append(frame, history.known_at(frame), "historical")
    truth = whole.of_rows(whole.truth(), frame)
    files.write_csv(settings.prepared, history.to_historical(frame, truth))
    meta = {
        "rows": len(frame),
        "labelled": int((truth == truth).sum()),
        "accumulated": int(whole.of_rows(whole.accumulated(), frame).sum()),
        "first_date": str(frame["Date"].min().date()),
        "last_date": str(whole.days[-1]),
        "sha256": sha256,
        "prepared_at_utc": now.isoformat(timespec="seconds"),
    }
    files.write_json(settings.prepared_meta, meta)
    return meta
