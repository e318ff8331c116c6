"""Stage: scores the journal against what has been observed. `python -m src.live_monitoring [--fetch
| --no-fetch]`
"""

import argparse
from datetime import datetime
from functools import partial
from typing import Any

from raincast import console
from raincast.loop import monitor
from raincast.settings import Settings
from raincast.verification import live_report

FIGURES = ("recall", "precision", "f1", "accuracy", "roc_auc")


def _fetch(settings: Settings, now: datetime) -> None:
    for report in monitor.fetch_awaited(settings, now):
        console.say(
            f"fetched {report.files} files with {report.station_days} station-days,"
            f" {report.versions} of them news"
        )
        for error in report.errors:
            console.say(f"not fetched: {error}")


def _figure(name: str, value: float | None, interval: list[float] | None) -> str:
    told = "not known" if value is None else f"{value:.3f}"
    return f"  {name:<10}{told}" + (
        f"  ({interval[0]:.3f} to {interval[1]:.3f})" if interval else ""
    )


def _said(report: dict[str, Any]) -> str:
    rows = (
        f"{report['scored_rows']} rows of {report['days']} days, {report['positives_true']} of"
        " them wet"
    )
    untold = (
        f"{report['open_rows']} without a reading, {report['accumulated_rows']} with one of several"
        " days"
    )
    asked, n = report["callers"]["rows"], report["callers"]["n"]
    apart = f"apart: {asked} rows that callers asked with observations of their own, {n} with truth"
    figures = (_figure(name, report[f"{name}_live"], report["intervals"][name]) for name in FIGURES)
    return "\n".join((f"live quality over {rows}; of the whole journal {untold}", apart, *figures))


def score(settings: Settings, now: datetime, fetch: bool | None) -> dict[str, Any]:
    if settings.fetch_truth if fetch is None else fetch:
        _fetch(settings, now)
    report = monitor.score(settings)
    console.say(_said(report))
    return {name: report[name] for name in (*live_report.CONTRACT, "open_rows", "unreadable_rows")}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m src.live_monitoring", description=monitor.__doc__
    )
    asking = "ask the Bureau for missing truth; without it the setting FETCH_TRUTH decides"
    parser.add_argument("--fetch", action=argparse.BooleanOptionalAction, help=asking)
    console.stage(partial(score, fetch=parser.parse_args().fetch))


if __name__ == "__main__":
    main()
