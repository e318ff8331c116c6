"""Stage: scores the journal against what has been observed. `python -m src.live_monitoring [--fetch
| --no-fetch]`
"""

import argparse
from datetime import datetime
from functools import partial

from raincast import console
from raincast.decisions.decided import LiveScores
from raincast.documents import Json
from raincast.loop import alerts, monitor
from raincast.settings import Settings
from raincast.verification.records import Interval, LiveReport

FIGURES = ("recall", "precision", "f1", "accuracy", "roc_auc")


def _fetch(settings: Settings, now: datetime) -> None:
    for report in monitor.fetch_awaited(settings, now):
        console.say(
            f"fetched {report.files} files with {report.station_days} station-days,"
            f" {report.versions} of them news"
        )
        for error in report.errors:
            console.say(f"not fetched: {error}")


def _line(name: str, value: float | None, interval: Interval | None) -> str:
    text = "not known" if value is None else f"{value:.3f}"
    between = f"  ({interval[0]:.3f} to {interval[1]:.3f})" if interval else ""
    return f"  {name:<10}{text}{between}"


def _summary(report: LiveReport) -> str:
    rows = f"{report.scored_rows} rows of {report.days} days, {report.positives_true} of them wet"
    without = (
        f"{report.open_rows} without a reading, {report.accumulated_rows} with one of several days"
    )
    asked, n = report.callers.rows, report.callers.n
    apart = f"apart: {asked} rows that callers asked with observations of their own, {n} with truth"
    scores = (
        _line(name, getattr(report, f"{name}_live"), getattr(report.intervals, name))
        for name in FIGURES
    )
    return "\n".join((f"live quality over {rows}; of the whole journal {without}", apart, *scores))


def score(settings: Settings, now: datetime, fetch: bool | None) -> Json:
    if settings.fetch_truth if fetch is None else fetch:
        _fetch(settings, now)
    with alerts.watched(settings, now, "score"):
        report = monitor.score(settings)
    console.say(_summary(report))
    names = (*LiveScores.model_fields, "open_rows", "unreadable_rows")
    return {name: getattr(report, name) for name in names}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m src.live_monitoring", description=monitor.__doc__
    )
    asking = "ask the Bureau for missing truth; without it the setting FETCH_TRUTH decides"
    parser.add_argument("--fetch", action=argparse.BooleanOptionalAction, help=asking)
    console.stage(partial(score, fetch=parser.parse_args().fetch))


if __name__ == "__main__":
    main()
