"""One policy at work: its own models, journal and watermark, over the archive that all policies
share.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter

from raincast.decisions import ladder
from raincast.decisions import verdict as quality
from raincast.decisions.asked import News
from raincast.decisions.decided import Verdict
from raincast.errors import NotEnoughData
from raincast.forecasts.request import Request
from raincast.forecasts.row import Forecast
from raincast.learning import climatology
from raincast.learning.blend import Forecaster
from raincast.loop import known_changes, retrain_set, shadow, watch
from raincast.loop.contexts import Contexts
from raincast.loop.decide import limits
from raincast.loop.forecast import Desk
from raincast.observations.network import in_force
from raincast.observations.panel import Panel, from_frame
from raincast.replay.walk import act
from raincast.replay.walk.policy import Policy, wants
from raincast.replay.walk.track import RECENT_DAYS, Track, of_journal, rows_of
from raincast.settings import Settings
from raincast.store import files, journal, model_history
from raincast.store.archive import Archive
from raincast.store.registry import Registry
from raincast.verification.records import LiveQuality
from raincast.verification.watch.memory import Memory
from raincast.verification.watch.records import WatchReport


class Player:
    """Forecasts, scores, decides and acts at one issue time after the other.

    Args:
        settings: of the policy's own folder.
        policy: when it acts.
        span: first and last day of the replay.
    """

    def __init__(self, settings: Settings, policy: Policy, span: tuple[date, date]) -> None:
        self.settings, self.policy = settings, policy
        self._span = span
        self._history_end = retrain_set.history_end(settings)
        self._now = datetime.min
        self._ids: Iterator[str] = iter(())
        self.forecaster = Registry(settings.models).load_active()
        self._models = [self.forecaster.version]
        table = climatology.from_mapping(self.forecaster.metadata.climate)
        kept = watch.MOST_DAYS if policy.rule == "watch" else RECENT_DAYS
        days = (span[1] - span[0]).days + 6
        self.track = Track(span[0] - timedelta(days=3), days, table, kept)
        self._memory: tuple[str, Memory] | None = None

        self._desk: Desk | None = None

    def at_desk(self, contexts: Contexts) -> None:
        """Sits down at a desk of its own, over the shared archive's observations."""
        book = journal.Journal(self.settings.journal)
        self._desk = Desk(
            contexts, book, lambda: self.forecaster, lambda: self._now, lambda: next(self._ids)
        )

    @property
    def lineage(self) -> tuple[str, ...]:
        """The models that it has had, in order: with them its journal is told."""
        return tuple(self._models)

    @property
    def _since(self) -> date:
        """The first day of which its truth and what explains it are read."""
        return self._span[0] - timedelta(days=retrain_set.BEFORE_DAYS)

    @property
    def _before_action(self) -> Path:
        return self.settings.root / "before_action.json"

    def forecast(self, requests: Sequence[Request], now: datetime) -> list[Forecast]:
        """What the desk answers at that moment; written down. Stations that its model has never
        seen it refuses.
        """
        self._now = now
        self._ids = (
            f"{int(now.timestamp()):x}{i:04x}".rjust(32, "0") for i in range(len(requests))
        )
        known = set(self.forecaster.metadata.stations)
        asked = [r for r in requests if in_force().locations[r.station] in known]
        return self._desk.forecast(asked) if asked and self._desk else []

    def follow(self, made: Sequence[Forecast], observed: Panel) -> None:
        """Takes up its forecasts and the truth as it is known now."""
        if made:
            self.track.add(rows_of(made))
        self.track.join(observed)

    def report(self) -> LiveQuality:
        """The decision part of the live report."""
        return self.track.report(self.settings.live_window, self.settings.min_wet_days)

    def look(self, now: datetime) -> WatchReport | None:
        """What the watch says, of a policy that asks it; None before a complete day."""
        if self.policy.rule != "watch":
            return None
        version = self.forecaster.version
        if self._memory is None or self._memory[0] != version:
            self._memory = (
                version,
                watch.memory(self.settings, self.forecaster, known_changes.known(self.settings)),
            )
        try:
            return watch.look(self.settings, self.forecaster, self._memory[1], self.track.rows, now)
        except NotEnoughData:
            return None

    def in_the_shadow(self, now: datetime) -> bool:
        """Whether a challenger was, before this issue time."""
        if not self.settings.shadow_days:
            return False
        decided = Registry(self.settings.models).history()
        return model_history.in_the_shadow([one for one in decided if one.at < now]) is not None

    def shadowed(self, now: datetime) -> str:
        """Lets the challenger in the shadow forecast what it lacks: how that ended, `promote` or
        `refuse`; empty where it goes on or none is there. Repeatable.
        """
        if not self.in_the_shadow(now):
            return ""
        act.write_scored(self.settings, self._since)
        shadow.step(self.settings, now)
        registry = Registry(self.settings.models)
        self._serve(registry.load(registry.served_at(now)))
        return next((one.action for one in registry.history() if one.at == now), "")

    def verdict(
        self, report: LiveQuality, now: datetime, watched: WatchReport | None = None
    ) -> Verdict:
        """The loop's decision on that report, and on the watch's."""
        mark = retrain_set.read_watermark(self.settings)
        last = max(day for day in (self._history_end, mark and mark.last_feature_date) if day)
        rest = (now - mark.updated_at_utc) / timedelta(days=1) if mark else None
        return quality.decide(
            report,
            News(self.track.new_rows(last), 0, last, rest, self.in_the_shadow(now)),
            limits(self.settings),
            watched,
        )

    def act(
        self,
        verdict: Verdict,
        now: datetime,
        began: datetime,
        watched: WatchReport | None = None,
    ) -> tuple[str, float]:
        """What the policy does now, and the seconds that it took: nothing, a cure, or a retraining
        and its outcome.
        """
        rest = verdict.evidence.days_since_retraining
        since = (now - began) / timedelta(days=1) if rest is None else rest
        wanted = wants(self.policy, verdict, since, self.settings.min_new_rows_for_retrain)
        if not wanted or self.in_the_shadow(now):
            return "", 0.0
        start, run_id = perf_counter(), f"replay-{now:%Y%m%dT%H%MZ}"
        mark = retrain_set.read_watermark(self.settings)
        files.write_json(
            self._before_action, {"at_utc": now.isoformat(), "watermark": mark and mark.to_json()}
        )
        act.write_scored(self.settings, self._since)
        asked = ladder.asked(watched)
        cheaper = self.policy.cheapest_first
        done = act.cured(self.settings, asked, now, run_id) if cheaper else None
        done = done or act.retrained(self.settings, now, run_id, self.policy.searches)
        self._serve(Registry(self.settings.models).load_active())
        return done, perf_counter() - start

    def _serve(self, forecaster: Forecaster) -> None:
        if forecaster.version != self.forecaster.version:
            self.forecaster = forecaster
            self._models.append(forecaster.version)

    def resume(self, until: datetime) -> None:
        """Goes back to how it was after the issue time `until`: later rows of the journal are taken
        away.
        """
        rows = journal.Journal(self.settings.journal).read()
        kept = rows[rows["logged_at_utc"] <= until]
        if len(kept) < len(rows):
            journal.keep(self.settings.journal, len(kept))
        self._undo_watermark(until)
        self._models = Registry(self.settings.models).served_until(until)
        self.forecaster = Registry(self.settings.models).load(self._models[-1])
        frame = Archive(self.settings.archive).as_known_at(until, first=self._since)
        observed = from_frame(frame)
        for _, month in kept.groupby(kept["target_date"].dt.to_period("M")):
            self.track.add(of_journal(month))
            self.track.join(observed)

    def _undo_watermark(self, until: datetime) -> None:
        """An action that was cut short, or whose step was not recorded, is taken again from its
        beginning.
        """
        before = files.read_json(self._before_action)
        if before is None or datetime.fromisoformat(before["at_utc"]) <= until:
            return
        if before["watermark"]:
            files.write_json(self.settings.watermark, before["watermark"])
        else:
            self.settings.watermark.unlink(missing_ok=True)
