"""A span of days, issue time by issue time, through the loop."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from raincast.errors import NotPublished, SourceUnavailable
from raincast.forecasts.request import Request
from raincast.loop import latest
from raincast.loop.contexts import Contexts
from raincast.loop.ingest import Source, ingest_from
from raincast.observations.availability import instant, regimes
from raincast.observations.network import in_force
from raincast.observations.panel import Panel
from raincast.replay.walk import setting
from raincast.replay.walk.player import Player
from raincast.replay.walk.policy import Policy
from raincast.replay.walk.setting import Start
from raincast.replay.walk.span import issue_times
from raincast.replay.walk.steps import Steps
from raincast.settings import Settings
from raincast.store.archive import Archive
from raincast.verification.records import LiveQuality


class Asked(NamedTuple):
    """What is replayed.

    Attributes:
        first, last: the days of the issue times, inclusive.
        every: at which times of day, UTC.
        policies: side by side, each from the same start.
        yesterday: whether the row of the day before, by then complete, is forecast too.
    """

    first: date
    last: date
    every: Sequence[time]
    policies: Sequence[Policy]
    yesterday: bool


Progress = Callable[[Sequence[datetime]], Iterable[datetime]]
Opened = Callable[[Callable[[], datetime]], Source]
"""Opens the source, given the clock by which it shows its files."""


def walk(
    base: Settings, out: Path, asked: Asked, start: Start, opened: Opened, progress: Progress = iter
) -> Path:
    """Replays; goes on where it was cut short. The shared history must be laid
    (`setting.lay_history`).

    Returns:
        The path of `steps.csv`.

    Raises:
        BadInput: other policies or other issue times have been replayed there.
    """
    steps = Steps(out / "steps.csv", [policy.name for policy in asked.policies])
    times = issue_times(asked.first, asked.last, asked.every)
    ahead = steps.ahead(times)
    common = setting.shared(base, out)
    players = [_player(base, out, asked, policy, start) for policy in asked.policies]
    now = [datetime.min]
    feed = _Feed(common, opened(lambda: now[0]), asked.yesterday)
    for player in players:
        player.at_desk(feed.contexts)
    if steps.last:
        for player in players:
            player.resume(steps.last)
    for at in progress(ahead):
        now[0] = at
        requests, observed = feed.step(at)
        steps.add(_step(players, requests, observed, at, times[0]))
    return out / "steps.csv"


def _player(base: Settings, out: Path, asked: Asked, policy: Policy, start: Start) -> Player:
    common = setting.shared(base, out)
    settings = replace(setting.own(base, out, policy), tuning_year=setting.tuning_year(common))
    setting.furnish(settings, common, start, asked.first)
    return Player(settings, policy, (asked.first, asked.last))


class _Feed:
    """What every policy shares: the files fetched, the archive, and
    what can be forecast from it.
    """

    def __init__(self, settings: Settings, source: Source, yesterday: bool) -> None:
        self._settings, self._source, self._yesterday = settings, source, yesterday
        self.contexts = Contexts(Archive(settings.archive), renewed=0)

    def step(self, at: datetime) -> tuple[list[Request], Panel]:
        """The requests for every station's newest row, and the observations of this month and the
        one before.
        """
        report = ingest_from(self._source, self._settings, in_force().stations, at)
        if report.errors and len(report.failed) == report.asked:
            raise SourceUnavailable(report.errors[0])
        self.contexts.refresh()
        return [
            r for s in in_force().stations for r in self._requests(s.location, at)
        ], self.contexts.month(at.date())

    def _requests(self, location: str, at: datetime) -> list[Request]:
        try:
            newest = latest.newest(self.contexts, location, at)
        except NotPublished:
            return []
        before = self._complete(newest, at) if self._yesterday else None
        return [before, newest] if before else [newest]

    def _complete(self, newest: Request, at: datetime) -> Request | None:
        """The row before the newest, where all of it is due."""
        day, station = (
            newest.feature_date - timedelta(days=1),
            in_force().index[in_force().stations[newest.station].location],
        )
        if regimes(day, instant(at))[station] != "complete" or not latest.has_row(
            self.contexts, day, at, station
        ):
            return None
        return Request(station, day, instant(at), "complete", newest.station_name)


def _step(
    players: Sequence[Player],
    requests: Sequence[Request],
    observed: Panel,
    at: datetime,
    began: datetime,
) -> list[dict[str, Any]]:
    reports: dict[tuple[str, ...], Any] = {}
    lines = []
    for player in players:
        made = player.forecast(requests, at)
        player.follow(made, observed)
        if (
            player.lineage not in reports
        ):  # policies that have had the same models so far have the same journal
            reports[player.lineage] = player.report()
        lines.append(_acted(player, reports[player.lineage], len(made), at, began))
    return lines


def _acted(
    player: Player, report: LiveQuality, forecasts: int, at: datetime, began: datetime
) -> dict[str, Any]:
    # Watch and shadow look once a day, so that a replay that was cut short sees the same.
    daily = at.time() == began.time()
    ended = player.shadowed(at) if daily else ""
    watched = player.look(at) if daily else None
    verdict, served = player.verdict(report, at, watched), player.forecaster.version
    action, seconds = player.act(verdict, at, began, watched)
    interval = verdict.evidence.recall_interval.interval or (None, None)
    return {
        "issued_at": at.isoformat(),
        "policy": player.policy.name,
        "action": action or ended,
        "forecasts": forecasts,
        "scored_rows": report.scored_rows,
        "recall_live": _short(report.recall_live),
        "precision_live": _short(report.precision_live),
        "new_rows_for_retrain": verdict.evidence.new_rows,
        "case": verdict.case,
        "interval_low": _short(interval[0]),
        "interval_high": _short(interval[1]),
        "model_version": served,
        "seconds": round(seconds, 1),
    }


def _short(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 4)
