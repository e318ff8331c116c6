"""The folders of a replay: what all policies share, and each policy's own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from raincast.errors import BadInput
from raincast.features import block
from raincast.learning import knowledge
from raincast.loop import train
from raincast.observations import panel
from raincast.replay.walk.policy import Policy
from raincast.settings import Settings
from raincast.sources import history as history_file
from raincast.store import files, model_files, prepared
from raincast.store.archive import Archive
from raincast.store.prepared import PreparedHistory
from raincast.store.registry import Registry

_KEPT_DAYS = block.LOOKBACK_DAYS + 30


@dataclass(frozen=True)
class Start:
    """What a replay begins with.

    Attributes:
        models: the registry that has the model.
        version: which one.
    """

    models: Path
    version: str


def shared(base: Settings, out: Path) -> Settings:
    """The settings of what all policies of a replay share."""
    return replace(base, root=out / "shared", tracking_uri="", database="")


def own(base: Settings, out: Path, policy: Policy) -> Settings:
    """The settings of one policy's folder; its runs stay there."""
    return replace(
        base,
        root=out / policy.folder,
        decision_rule=policy.rule or base.decision_rule,
        cheapest_first=policy.cheapest_first and policy.rule == "watch",
        tracking_uri="",
    )


def lay_history(
    settings: Settings, observed: Callable[[], pd.DataFrame], first: date, now: datetime
) -> None:
    """The prepared history before the replay's first day, and its last days in the archive, as a
    live system has them.

    Args:
        settings: of the shared folder.
        observed: gives an observations frame; what lies on or after `first` is left out. Called
            once for each folder.

    Raises:
        BadInput: nothing lies before the first day.
    """
    if settings.prepared_meta.exists():
        return
    known = observed()
    old = known[known["Date"] < pd.Timestamp(first)]
    if old.empty:
        raise BadInput(
            f"--start {first}: found no history before it, expected some; begin later, or add data"
        )
    truth = (whole := panel.from_frame(old)).of_rows(whole.truth(), old)
    Archive(settings.archive).append(
        recent := old[old["Date"] >= pd.Timestamp(first - timedelta(days=_KEPT_DAYS))],
        history_file.known_at(recent),
        "historical",
    )
    files.write_csv(settings.prepared, history_file.to_historical(old, truth))
    laid = PreparedHistory(
        rows=len(old),
        first_date=whole.first,
        last_date=whole.last,
        prepared_at_utc=now.isoformat(timespec="seconds"),
        event=whole.network.event.statement,
    )
    files.write_json(settings.prepared_meta, laid.to_json())


def tuning_year(settings: Settings) -> int:
    """The last whole calendar year of the history that was laid: thresholds are chosen on it, now
    and later.
    """
    last = prepared.require(settings.prepared_meta).last_date
    return last.year if (last.month, last.day) == (12, 31) else last.year - 1


def fitted(settings: Settings, first: date, params: Mapping[str, Any]) -> Start:
    """A model of the shared history, fitted as a live system fits one; once for each folder."""
    if not (settings.models / model_files.METADATA).exists():
        year = tuning_year(settings)
        train.train(
            replace(settings, tuning_year=year), params, datetime.combine(first, time(0), UTC)
        )
    return Start(settings.models, Registry(settings.models).load_active().version)


def require_honest(start: Start, first: date) -> None:
    """Refuses a model that has learned from the span.

    Raises:
        BadInput: it has.
    """
    last = knowledge.last_seen(Registry(start.models).metadata(start.version))
    if last >= first:
        raise BadInput(
            f"--model {start.version}: found one that has learned from days to {last}, expected"
            f" none of the span from {first} on; name an older one (`raincast models list`), or"
            " --fit a new one"
        )


def furnish(settings: Settings, common: Settings, start: Start, first: date) -> None:
    """A policy's folder: the shared archive and history by links, and the model that it begins
    with. Repeatable.
    """
    for path in (common.archive, common.prepared, common.prepared_meta):
        link = settings.root / path.relative_to(common.root)
        link.parent.mkdir(parents=True, exist_ok=True)
        if not link.is_symlink():
            link.symlink_to(path.resolve())
    if not (settings.models / model_files.METADATA).exists():
        about, pipeline = model_files.read(start.models / "versions" / start.version)
        settings.models.mkdir(parents=True, exist_ok=True)
        model_files.keep(settings.models / "versions" / start.version, about, pipeline)
        for version in {about.tuned_version, about.judged_version} - {None}:
            # The watch compares with the record of the first.
            found = model_files.read(start.models / "versions" / str(version))
            model_files.keep(settings.models / "versions" / str(version), *found)
        Registry(settings.models).promote(
            start.version,
            datetime.combine(first, time(0), UTC),
            "what the replay begins with",
        )
