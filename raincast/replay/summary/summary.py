"""The summary of a replay that is over: every policy's scores, what it did, and whether it equals
direct forecasts.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd

from raincast.cluster import workers
from raincast.errors import NotEnoughData
from raincast.features import block
from raincast.learning import climatology, fitting
from raincast.learning.blend import Forecaster
from raincast.learning.metadata import ModelMetadata
from raincast.loop import history
from raincast.observations import panel
from raincast.observations.availability import REGIMES
from raincast.observations.event import named
from raincast.observations.panel import Panel
from raincast.replay.summary import direct, scores, seed_variation
from raincast.replay.summary.records import (
    Action,
    BegunWith,
    Match,
    PolicySummary,
    ReplaySpan,
    ReplaySummary,
)
from raincast.replay.walk import act, setting
from raincast.replay.walk.policy import Policy
from raincast.settings import Settings
from raincast.store import journal, scored
from raincast.store.archive import Archive
from raincast.store.ledger import Ledger
from raincast.store.registry import Registry
from raincast.tracking import ledger
from raincast.verification import evaluation
from raincast.verification.evaluation import TunedBaseline


def steps(out: Path) -> pd.DataFrame:
    """The replay's `steps.csv`.

    Raises:
        NotEnoughData: there is no replay in the folder.
    """
    path = out / "steps.csv"
    if not path.exists():
        raise NotEnoughData(
            f"{path}: found nothing, expected a replay's steps; `raincast replay --out {out}` makes"
            " them"
        )
    return pd.read_csv(path, parse_dates=["issued_at"])


def observed(settings: Settings, first: date, at: datetime | None = None) -> Panel:
    """What the replay's archive knows of the span and the days that features look back to."""
    start = first - timedelta(days=block.LOOKBACK_DAYS + 2)
    frame = Archive(settings.archive).as_known_at(at, first=start)
    return panel.from_frame(frame, start, frame["Date"].max().date())


def account(
    base: Settings, out: Path, policies: Sequence[Policy], with_baselines: bool, fits: int = 0
) -> ReplaySummary:
    """Every policy's account, over all its forecasts with truth; the first policy's has the
    baselines beside it.

    Args:
        with_baselines: whether to fit the baselines to the shared history (a minute or two).
        fits: how often to fit the first model again, for the luck of a fit; none if 0.
    """
    done = steps(out)
    first, last = done["issued_at"].min().date(), done["issued_at"].max().date()
    against = _rivals(base, out) if with_baselines else {}
    own = {policy.name: setting.own(base, out, policy) for policy in policies}
    told = {name: told_rows(settings, first) for name, settings in own.items()}
    begun, rows = own[policies[0].name], told[policies[0].name]
    begins, known = first_metadata(begun), observed(begun, first)
    X = direct.features_of(known, rows if against or fits else rows[:0])
    others = {name: scores.difference(rows, told[name]) for name in list(own)[1:]}
    return ReplaySummary(
        event=named(begins.event),
        span=ReplaySpan(first=str(first), last=str(last)),
        model=BegunWith(rows=begins.rows, params=begins.params),
        issue_times_utc=sorted(done["issued_at"].dt.strftime("%H:%M").unique()),
        policies={
            name: _policy(own[name], told[name], done[done["policy"] == name]) for name in own
        },
        against_first={name: other for name, other in others.items() if other},
        by_month=scores.by(rows, ["month", "regime"]),
        by_station=scores.by(rows, ["location"]),
        by_regime={str(r): scores.summary(part) for r, part in rows.groupby("regime")},
        by_issue_hour_utc=scores.by(rows, ["issue_hour_utc", "regime"]),
        opponents=scores.beside(rows, X.table, against),
        luck=(
            seed_variation.of_fits(
                history.prepared_panel(begun),
                begins.params or {},
                rows,
                X,
                fits,
                workers.of(base),
            )
            if fits
            else None
        ),
        missing=scores.missing(journal.Journal(begun.journal).read()),
        match=_match(begun, first, known),
    )


def _rivals(base: Settings, out: Path) -> dict[str, list[TunedBaseline]]:
    whole = history.prepared_panel(setting.shared(base, out))
    tuned_on = fitting.tuning_span(whole, base.tuning_year)
    span = fitting.before_tuning(whole, tuned_on)
    return {
        regime: evaluation.tuned_baselines(whole, span, tuned_on, regime, base.target_recall)
        for regime in REGIMES
    }


def told_rows(settings: Settings, first: date) -> pd.DataFrame:
    """A policy's forecasts with truth, scored anew, as `scores.told` has them."""
    act.write_scored(settings, first - timedelta(days=block.LOOKBACK_DAYS + 2))
    table = climatology.from_mapping(first_metadata(settings).climate)
    return scores.told(scored.Scored(settings.scored_journal).read(), table)


def _policy(settings: Settings, rows: pd.DataFrame, mine: pd.DataFrame) -> PolicySummary:
    actions = Counter(mine["action"].dropna())
    searches = [run for run in ledger.read(Ledger(settings.runs)) if run.kind == "search"]
    return PolicySummary(
        **scores.summary(rows).given(),
        by_month=scores.over_time(rows),
        acted=_acted(mine),
        actions=dict(sorted(actions.items())),
        searches=len(searches),
        trials=sum(len(run.children) for run in searches),
        triggers=int(mine["action"].notna().sum()),
        poor_share=round(float((mine["case"] == "C").mean()), 4),
        action_seconds=round(float(mine["seconds"].sum()), 1),
        models=Registry(settings.models).served_until(datetime.max.replace(tzinfo=UTC)),
    )


def _acted(mine: pd.DataFrame) -> list[Action]:
    acted = mine[mine["action"].notna()]
    return [
        Action(issued_at=at.isoformat(), action=str(action))
        for at, action in zip(acted["issued_at"], acted["action"], strict=True)
    ]


def first_model(settings: Settings) -> Forecaster:
    """What the policy began with."""
    return Registry(settings.models).load(_first_version(settings))


def first_metadata(settings: Settings) -> ModelMetadata:
    """The metadata of what the policy began with."""
    return Registry(settings.models).metadata(_first_version(settings))


def _first_version(settings: Settings) -> str:
    return Registry(settings.models).history()[0].version


def _match(settings: Settings, first: date, known: Panel) -> Match:
    """The rows of the policy's first model against the same computed directly."""
    forecaster = first_model(settings)
    rows = journal.Journal(settings.journal).read()
    mine = rows[rows["model_version"] == forecaster.version]
    return direct.match(forecaster, mine, known, lambda at: observed(settings, first, at))
