"""The account of a replay that is over: every policy's scores, what it did, and whether it equals direct forecasts."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from raincast import climatology, examples, features, fitting, judging, panel, registry
from raincast.archive import Archive
from raincast.availability import REGIMES
from raincast.errors import NotEnoughData
from raincast.fitting import Span
from raincast.judging import Rival
from raincast.loop import history
from raincast.model import Forecaster
from raincast.panel import Panel
from raincast.replay import act, direct, figures, setting
from raincast.replay.policy import Policy
from raincast.settings import Settings
from raincast.stations import LOCATIONS
from raincast.store import journal, runs, scored

Account = dict[str, Any]


def steps(out: Path) -> pd.DataFrame:
    """The replay's `steps.csv`.

    Raises:
        NotEnoughData: there is no replay in the folder.
    """
    path = out / "steps.csv"
    if not path.exists():
        raise NotEnoughData(
            f"{path}: found nothing, expected a replay's steps; `raincast replay --out {out}` makes them"
        )
    return pd.read_csv(path, parse_dates=["issued_at"])


def observed(settings: Settings, first: date, at: datetime | None = None) -> Panel:
    """What the replay's archive knows of the span and the days that features look back to."""
    start = first - timedelta(days=features.LOOKBACK_DAYS + 2)
    frame = Archive(settings.archive).as_known_at(at, first=start)
    return panel.from_frame(frame, start, frame["Date"].max().date())


def account(base: Settings, out: Path, policies: Sequence[Policy], with_opponents: bool) -> Account:
    """Every policy's account, over all its forecasts with truth; the first policy's has the opponents beside it.

    Args:
        with_opponents: whether to fit the opponents to the shared history (a minute or two).
    """
    done = steps(out)
    first, last = done["issued_at"].min().date(), done["issued_at"].max().date()
    against = _rivals(base, out) if with_opponents else {}
    told = {policy.name: _policy(base, out, policy, first, done) for policy in policies}
    begun = setting.own(base, out, policies[0])
    rows, X = _told(begun, first)
    return {
        "span": {"first": str(first), "last": str(last)},
        "model": {name: _first_model(begun).metadata[name] for name in ("rows", "params")},
        "issue_times_utc": sorted(done["issued_at"].dt.strftime("%H:%M").unique()),
        "policies": told,
        "against_first": {p.name: _against(base, out, policies[0], p, first) for p in policies[1:]},
        "by_month": figures.by(rows, ["month", "regime"]),
        "by_station": figures.by(rows, ["location"]),
        "by_regime": {str(r): figures.summary(part) for r, part in rows.groupby("regime")},
        "by_issue_hour_utc": figures.by(rows, ["issue_hour_utc", "regime"]),
        "opponents": figures.beside(rows, X, against),
        "missing": figures.missing(journal.read(begun.journal)),
        "match": _match(begun, first)._asdict(),
    }


def _rivals(base: Settings, out: Path) -> dict[str, list[Rival]]:
    whole = history.read(setting.shared(base, out).prepared)
    tuned_on = fitting.year(min(base.tuning_year, whole.days[-1].year - 1))
    span = fitting.before_tuning(whole, tuned_on)
    return {regime: judging.rivals(whole, span, tuned_on, regime, base.target_recall) for regime in REGIMES}


def _told(settings: Settings, first: date) -> tuple[pd.DataFrame, Any]:
    known = observed(settings, first)
    act.write_scored(settings, known.first)
    rows = scored.read(settings.scored_journal)
    table = climatology.from_mapping(_first_model(settings).metadata["climatology"])
    told = figures.told(rows, table)
    return told, direct.features_of(known, told)


def _policy(base: Settings, out: Path, policy: Policy, first: date, done: pd.DataFrame) -> Account:
    settings = setting.own(base, out, policy)
    rows, _ = _told(settings, first)
    mine = done[done["policy"] == policy.name]
    actions = Counter(mine["action"].dropna())
    return figures.summary(rows) | {
        "by_month": figures.over_time(rows),
        "acted": _acted(mine),
        "actions": dict(sorted(actions.items())),
        "searches": len([run for run in runs.read(settings.runs) if run["kind"] == "search"]),
        "triggers": int(mine["action"].notna().sum()),
        "poor_share": round(float((mine["case"] == "C").mean()), 4),
        "action_seconds": round(float(mine["seconds"].sum()), 1),
        "models": registry.served_until(settings.models, datetime.max.replace(tzinfo=UTC)),
    }


def _against(base: Settings, out: Path, one: Policy, other: Policy, first: date) -> Account:
    """On the same forecasts, what the other policy has more of than the first."""
    pair = [_told(setting.own(base, out, policy), first)[0] for policy in (one, other)]
    return figures.difference(*pair)


def _acted(mine: pd.DataFrame) -> list[dict[str, str]]:
    acted = mine[mine["action"].notna()]
    return [
        {"issued_at": at.isoformat(), "action": str(action)}
        for at, action in zip(acted["issued_at"], acted["action"], strict=True)
    ]


def _first_model(settings: Settings) -> Forecaster:
    return registry.load(settings.models, registry.history(settings.models)[0]["version"])


def _match(settings: Settings, first: date) -> direct.Match:
    """The rows of the policy's first model against the same computed directly."""
    forecaster = _first_model(settings)
    rows = journal.read(settings.journal)
    mine = rows[rows["model_version"] == forecaster.version]
    return direct.match(forecaster, mine, observed(settings, first), lambda at: observed(settings, first, at))


def test_set(base: Settings, out: Path, policy: Policy, span: Span) -> Account:
    """By regime, ROC AUC of the replay's forecasts of a span and of the direct test set: the same model on the prepared
    history, one row for each station-day."""
    settings = setting.own(base, out, policy)
    rows, _ = _told(settings, span.first)
    whole = history.read(base.prepared)
    straight = judging.summaries(_first_model(settings), whole, span)["regimes"]
    inside = rows["feature_date"].between(pd.Timestamp(span.first), pd.Timestamp(span.last))
    once = rows[inside].drop_duplicates(["location", "feature_date", "regime"])
    found = {}
    for regime in REGIMES:
        replayed = figures.summary(once[once["regime"] == regime])
        found[regime] = {
            "direct": {name: straight[regime][name] for name in ("n", "roc_auc", "brier")},
            "replayed": {name: replayed[name] for name in ("n", "roc_auc", "brier")},
            "only_direct": _without(whole, span, regime, once),
        }
    return found


def _without(whole: Panel, span: Span, regime: str, replayed: pd.DataFrame) -> list[str]:
    """The station-days of the direct test set that the replay has no scored forecast of."""
    rows = examples.of_regime(whole, regime, *span)
    here = replayed[replayed["regime"] == regime]
    have = set(zip(here["location"], here["feature_date"].dt.strftime("%Y-%m-%d"), strict=True))
    all_days = zip((LOCATIONS[i] for i in rows.station), map(str, rows.day), strict=True)
    return [f"{location} {day}" for location, day in all_days if (location, day) not in have]
