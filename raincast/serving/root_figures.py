"""What the files of a root say, as figures for Prometheus."""

from collections import Counter as Tally
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from raincast.decisions.alarms import Alarms
from raincast.errors import RaincastError
from raincast.loop import decide, steps, watch_report
from raincast.settings import Settings
from raincast.store import files, model_files, space, stores

SCORES = ("recall", "precision", "f1", "accuracy", "roc_auc")
CASES = ("A", "B", "C", "healthy", "unknown")


class OfRoot(Collector):
    """What the files of a root say. A file that cannot be read costs its own figures, and is
    counted.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def collect(self) -> Iterator[GaugeMetricFamily]:
        unreadable = GaugeMetricFamily(
            "raincast_unreadable", "1 where a part of the root cannot be read.", labels=("part",)
        )
        for name, part in _PARTS.items():
            try:
                yield from [found for found in part(self._settings) if found.samples]
                unreadable.add_metric((name,), 0)
            except (RaincastError, OSError, ValueError, KeyError):
                unreadable.add_metric((name,), 1)
        yield unreadable


def _gauge(name: str, about: str, value: float | None) -> GaugeMetricFamily:
    found = GaugeMetricFamily(f"raincast_{name}", about)
    if value is not None:
        found.add_metric((), value)
    return found


def _labelled(
    name: str, about: str, label: str, values: Iterable[tuple[str, float | None]]
) -> GaugeMetricFamily:
    found = GaugeMetricFamily(f"raincast_{name}", about, labels=(label,))
    for key, value in values:
        if value is not None:
            found.add_metric((key,), value)
    return found


def _seconds(day: date) -> float:
    return datetime.combine(day, clock_time(), UTC).timestamp()


def _model(settings: Settings) -> Iterator[GaugeMetricFamily]:
    if not settings.models.is_dir():
        return
    about = model_files.read_metadata(settings.models)
    yield _labelled("model", "The model that serves.", "version", [(about.version, 1)])
    made = (
        datetime.fromisoformat(about.created_at_utc).timestamp() if about.created_at_utc else None
    )
    yield _gauge("model_created_seconds", "When it was made, Unix time.", made)
    last = _seconds(about.rows.last) if about.rows else None
    yield _gauge("model_trained_to_seconds", "The last day that it has learned from.", last)


def _data(settings: Settings) -> Iterator[GaugeMetricFamily]:
    held = stores.of(settings)
    written = held.journal().written_at()
    yield _gauge(
        "journal_written_seconds", "When the journal was last written, Unix time.", written
    )
    newest = held.archive().newest_day() if held.has_archive() else None
    day = _seconds(newest + timedelta(days=1)) if newest else None
    yield _gauge("newest_observation_seconds", "The end of the newest observed day.", day)
    free = space.free_bytes(settings.root)
    yield _gauge("disk_free_bytes", "Room where the root lies.", free)


def _steps(settings: Settings) -> Iterator[GaugeMetricFamily]:
    known = dict(steps.kept(settings))
    yield _labelled(
        "step_success_seconds",
        "When a step last went well, Unix time.",
        "step",
        ((name, s.last_success.timestamp()) for name, s in known.items() if s.last_success),
    )
    failing = ((name, float(s.failing)) for name, s in known.items())
    yield _labelled("step_failing", "1 where a step's newest end was a failure.", "step", failing)
    decision = known.get("decide", steps.StepRecord())
    yield _gauge("new_rows", "Station-days with truth that are not consumed.", decision.new_rows)
    cases = ((case, float(case == decision.case)) for case in CASES if decision.case)
    yield _labelled("case", "1 for the case of the newest decision.", "case", cases)


def _live(settings: Settings) -> Iterator[GaugeMetricFamily]:
    report = decide.live(settings)
    if report is None:
        return
    about = "A live score, and its 95 % interval."
    yield _labelled(
        "live_score", about, "score", ((name, getattr(report, f"{name}_live")) for name in SCORES)
    )
    for end, side in enumerate(("low", "high")):
        found = {name: getattr(report.intervals, name) for name in SCORES}
        ends = ((name, interval[end]) for name, interval in found.items() if interval)
        yield _labelled(f"live_score_{side}", about, "score", ends)
    yield _gauge("scored_rows", "Rows behind the live scores.", report.scored_rows)
    yield _gauge("open_rows", "Rows whose reading has not come.", report.open_rows)


def _watch(settings: Settings) -> Iterator[GaugeMetricFamily]:
    report = watch_report.read(settings)
    if report is None:
        return
    yield _gauge("watch_level_days", "Level of all detectors together.", report.level_days)
    yield _gauge("watch_alarm", "1 where the watch raises an alarm.", float(report.alarm))
    counts = Tally(one.kind for one in report.findings)
    yield _labelled("watch_findings", "Findings of the watch, by kind.", "kind", counts.items())
    for name, found in (("verified", report.verified), ("open", report.open)):
        recalls = ((regime, one.recall.expected) for regime, one in found.items())
        about = f"Recall to expect of {name} forecasts from their chances alone."
        yield _labelled(f"watch_{name}_expected_recall", about, "regime", recalls)


def _alarms(settings: Settings) -> Iterator[GaugeMetricFamily]:
    known = Alarms.from_json(files.read_json(settings.alarms) or {}, str(settings.alarms))
    open_: dict[str, int] = {}
    for key, alarm in known.alarms.items():
        kind = key.partition(":")[0]
        open_[kind] = open_.get(kind, 0) + (not alarm.over)
    yield _labelled("troubles", "Troubles that last, by kind.", "kind", open_.items())


_PARTS: dict[str, Callable[[Settings], Iterator[GaugeMetricFamily]]] = {
    "model": _model,
    "data": _data,
    "steps": _steps,
    "live": _live,
    "watch": _watch,
    "alarms": _alarms,
}
