"""The live quality: now, over time, by issue time and regime."""

from collections.abc import Iterable, Sequence

import pandas as pd
import streamlit as st

from raincast.app import form, loop_files, sheet
from raincast.app.charts import verified
from raincast.app.here import Here, facts, heading, note, nothing_yet, section
from raincast.app.pages import change, opponents, worth
from raincast.app.tables import table
from raincast.app.words import Words
from raincast.observations.availability import REGIMES
from raincast.verification.records import LiveReport, Scores
from raincast.verification.trend import WINDOW_DAYS


def show(here: Here) -> None:
    """The live report, then the curve, then the groups."""
    t, report = here.words, loop_files.live_report(here.settings)
    with sheet.sheet("now"):
        heading(here, "quality")
        if not report or report.status != "ok":
            nothing_yet(here, "quality.empty")
            return
        section(
            t("quality.now", days=report.evidence.days),
            t("quality.now_about", n=t.number(report.evidence.n), window=report.window),
        )
        _now(here, report)
        opponents.draw(t, report)
        worth.title(t)
    worth.draw(here)
    figure, points = _chosen(here)
    with sheet.sheet("over_time"):
        _over_time(here, figure, points)
        change.draw(here)
        _reliability(t, report)
        _groups(t, report, "by_regime", "quality.by_regime")
        _groups(t, report, "by_issue_hour_utc", "quality.by_hour")


def _now(here: Here, report: LiveReport) -> None:
    """Every score with the interval that is its own; a wet day of a station counts once."""
    t, found = here.words, report.evidence
    ends = found.intervals
    facts(
        (
            (t("figures.recall"), t.number(found.recall, 2), interval_said(t, ends.recall)),
            (
                t("figures.precision"),
                t.number(found.precision, 2),
                interval_said(t, ends.precision),
            ),
            (t("figures.f1"), t.number(found.f1, 2), t("figures.f1_note")),
            (t("figures.roc_auc"), t.number(found.roc_auc, 3), t("figures.roc_auc_note")),
            (t("figures.accuracy"), t.number(found.accuracy, 2), t("figures.accuracy_note")),
            (t("figures.brier"), t.number(found.brier, 3), _with_ends(t, "brier", ends.brier)),
            (
                t("figures.brier_skill"),
                t.number(found.brier_skill, 2),
                _with_ends(t, "brier_skill", ends.brier_skill),
            ),
            (t("quality.wet"), t.number(found.wet_station_days), t("quality.wet_note")),
        )
    )


def interval_said(t: Words, ends: Sequence[float] | None) -> str:
    """A score's interval; or that there are too few days for one."""
    return t("quality.interval", ends=t.between(ends)) if ends else t("quality.no_interval")


def _with_ends(t: Words, name: str, ends: Sequence[float] | None) -> str:
    """What a score's numbers mean, with its interval."""
    return t(f"figures.{name}_note", ends=t.between(ends))


def _chosen(here: Here) -> tuple[str, pd.DataFrame]:
    """Which score over time, and its points."""
    hours = {str(hour): hour for hour in loop_files.issue_hours(here.settings)}
    before = {"figure": _CURVES[0], "regime": "", "hour": ""}
    before |= st.session_state.get("over time", {})
    changed = form.show("over_time_of", _form(here.words, hours), before)
    chosen = changed.values if changed else before
    st.session_state["over time"] = chosen
    regime, hour = chosen["regime"] or None, hours.get(chosen["hour"])
    return chosen["figure"], loop_files.over_time(here.settings, regime, hour)


def _form(t: Words, hours: Iterable[str]) -> str:
    figures = ((name, t(f"figures.{name}")) for name in _CURVES)
    regimes = [("", t("shared.all")), *((name, t.regime(name)) for name in REGIMES)]
    times = [("", t("quality.all_hours")), *((h, f"{int(h):02d}:00 UTC") for h in hours)]
    with sheet.collected() as parts:
        section(t("quality.over_time"), t("quality.over_time_about", days=WINDOW_DAYS))
        fields = (
            form.choice("figure", t("quality.figure"), figures),
            form.choice("regime", t("quality.regime"), regimes),
            form.choice("hour", t("quality.hour"), times),
        )
        sheet.write(form.form([form.row(fields)], live=True))
    return sheet.stacked(parts)


def _over_time(here: Here, figure: str, points: pd.DataFrame) -> None:
    t = here.words
    if points.empty:
        nothing_yet(here, "quality.no_points")
        return
    threshold = here.settings.recall_threshold if figure == "recall" else None
    sheet.chart(verified.over_time(points, figure, threshold, t), "over_time")
    if points[f"{figure}_low"].isna().all():
        note(t("quality.too_few_days"))


def _reliability(t: Words, report: LiveReport) -> None:
    overall = report.overall
    section(t("quality.reliability"), t("station.reliability_about", n=t.number(overall.n)))
    sheet.chart(
        verified.reliability(overall.reliability, t("quality.reliability"), t), "reliability"
    )


_CURVES = ("recall", "precision")
_GROUPED = ("n", "positives", "recall", "precision", "roc_auc", "brier")


def _groups(t: Words, report: LiveReport, key: str, title: str) -> None:
    section(t(title))
    heads = (t(f"{title}_col"), *(t(f"figures.{name}") for name in _GROUPED))
    rows = [_group(t, name, row, key) for name, row in getattr(report, key).items()]
    sheet.write(table("cards", heads, rows, numbers=range(1, len(heads))))


def _group(t: Words, name: str, row: Scores, key: str) -> list[str]:
    return [
        _named(t, name, key),
        *(t.number(getattr(row, f), 0 if f in ("n", "positives") else 3) for f in _GROUPED),
    ]


def _named(t: Words, name: str, key: str) -> str:
    if name == "not recorded":
        return t("shared.not_recorded")
    return f"{name}:00 UTC" if key == "by_issue_hour_utc" else t.regime(name)
