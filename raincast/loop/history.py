"""The historical rows, from the raw file to the panel that models are fitted on."""

import hashlib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy.typing as npt
import pandas as pd

from raincast.errors import BadFile, BadInput, NotEnoughData
from raincast.learning import fitting
from raincast.loop import intake
from raincast.observations import network, panel
from raincast.observations.event import DEFAULT, Event
from raincast.observations.panel import Panel
from raincast.settings import Settings
from raincast.sources import editions, history, local
from raincast.sources.history import Historical
from raincast.store import files, prepared, stores
from raincast.store.prepared import PreparedHistory

MOST_TOLD = 100
"""Of the cells that were set aside so many are named."""


PREPARE = "`raincast prepare` prepares the history for the network's event"


def read(path: Path) -> Panel:
    """The panel of a file in the historical form, labelled for the default event.

    Raises:
        BadFile: it is not there, or not in that form.
    """
    told = _read(path)[0]
    return panel.from_frame(told.frame, told=_labels(told))


def prepared_panel(settings: Settings) -> Panel:
    """The panel of the prepared history.

    Raises:
        BadFile: it is not there, or not in that form.
        BadInput: it was prepared for another event.
    """
    laid = prepared.read(settings.prepared_meta)
    network.require_event(laid.event if laid else None, str(settings.prepared), PREPARE)
    return labelled(settings.prepared)


def retraining_panel(settings: Settings) -> Panel:
    """The panel of the retraining set.

    Raises:
        BadFile: it is not there, or not in that form.
        BadInput: it was built for another event.
    """
    built = files.read_json(settings.retrain_meta) or {}
    remedy = "`python -m src.retrain_dataset_builder` builds it for the network's event"
    network.require_event(built.get("event"), str(settings.retrain_dataset), remedy)
    return labelled(settings.retrain_dataset)


def labelled(path: Path) -> Panel:
    """The panel of a file that is labelled for the network's event, which its caller has looked
    at.
    """
    told = _read(path, network.in_force().event)[0]
    return panel.from_frame(told.frame, told=told.labels)


def _labels(raw: Historical) -> npt.NDArray[Any] | None:
    """What a file that knows the default event alone says of the network's."""
    return raw.labels if network.in_force().event == DEFAULT else None


def _read(path: Path, labelled: Event = DEFAULT) -> tuple[Historical, str]:
    """What the file says, and the SHA-256 of its bytes."""
    try:
        content = local.content(path)
    except FileNotFoundError as error:
        expected = "a file: `make data` fetches the historical file, `raincast prepare` prepares it"
        raise BadFile(str(path), "nothing", expected) from error
    return history.read(content, str(path), labelled), hashlib.sha256(content).hexdigest()


def write_from_archive(settings: Settings) -> int:
    """Writes what the archive knows to date as the raw file, in the historical form; how many
    station-days. For stations of which there is no historical file.

    Raises:
        BadInput: a raw file is there already.
        NotEnoughData: the archive is empty.
    """
    if settings.raw_history.exists():
        raise BadInput(
            f"{settings.raw_history}: found a file, expected none to be there; move it away if the"
            " archive is to take its place"
        )
    frame = stores.of(settings).archive().as_known_at()
    if frame.empty:
        raise NotEnoughData("the archive is empty: `raincast ingest FILES` takes observations in")
    whole = panel.from_frame(frame)
    truth = whole.of_rows(whole.truth(DEFAULT), frame)
    files.write_csv(settings.raw_history, history.to_historical(frame, truth))
    return len(frame)


def prepare(settings: Settings, now: datetime, first: date | None = None) -> PreparedHistory:
    """Checks the raw file, archives its rows, and writes them with the event as this product has
    it.

    `RainTomorrow` is left out where the reading may hold several days' rain. Repeatable: same file,
    same result.

    Args:
        first: rows of days before it are left out; None takes all.

    Raises:
        BadFile: the raw file is not there or not in the historical form.
        NotEnoughData: it has no row, or none from `first` on.
    """
    told, sha256 = _read(settings.raw_history)
    frame = intake.begun(told.frame, str(settings.raw_history), now)
    if frame.empty:
        raise NotEnoughData(f"{settings.raw_history} has a header and no row: is it cut off?")
    whole = panel.from_frame(frame, told=_labels(told))
    edition = editions.name(frame, told.columns)
    if first:
        frame = frame[frame["Date"] >= pd.Timestamp(first)]
    if frame.empty:
        raise NotEnoughData(
            f"{settings.raw_history} has no row from {first} on: its last day is {whole.last}"
        )
    stores.of(settings).archive().append(frame, history.known_at(frame), "historical")
    truth = whole.of_rows(whole.truth(), frame)
    files.write_csv(settings.prepared, history.to_historical(frame, truth))
    test = fitting.test_span(frame["Date"].max().date() - timedelta(days=1))
    written = PreparedHistory(
        rows=len(frame),
        labelled=int((truth == truth).sum()),
        accumulated=int(whole.of_rows(whole.accumulated(), frame).sum()),
        first_date=frame["Date"].min().date(),
        last_date=whole.last,
        sha256=sha256,
        prepared_at_utc=now.isoformat(timespec="seconds"),
        set_aside=[str(remark) for remark in told.set_aside[:MOST_TOLD]],
        set_aside_cells=len(told.set_aside),
        edition=edition,
        days_per_year=editions.days_per_year(frame),
        holes=editions.holes(frame),
        test_span=f"{test.first} to {test.last}",
        event=whole.network.event.statement,
        test_span_covered=round(editions.covered(frame, *map(pd.Timestamp, test)), 4),
    )
    files.write_json(settings.prepared_meta, written.to_json())
    return written
