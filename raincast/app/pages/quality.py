"""The live quality: now, over time, by issue time and regime."""

from collections.abc import Sequence

import streamlit as st

from raincast.app import loop_files
from raincast.app.charts import verified
from raincast.app.here import Here, chart, facts, heading, nothing_yet, section
from raincast.app.pages import change, worth
from raincast.app.tables import table
from raincast.app.words import Words
from raincast.observations.availability import REGIMES
from raincast.verification.records import LiveReport, Scores
from raincast.verification.trend import WINDOW_DAYS


def show(here: Here) -> None:
    """The live report, then the curve, then the groups."""
    t, report = here.words, loop_files.live_report(here.settings)
    heading(here, "quality")
    if not report or report.status != "ok":
        nothing_yet(here, "quality.empty")
        return
    section(
        t("quality.now", n=t.number(report.scored_rows)),
        t("quality.now_about", window=report.window),
    )
    _now(here, report)
    worth.draw(here)
    _over_time(here)
    change.draw(here)
    _groups(t, report, "by_regime", "quality.by_regime")
    _groups(t, report, "by_issue_hour_utc", "quality.by_hour")


def _now(here: Here, report: LiveReport) -> None:
    t, basis = here.words, report.evidence
    recall_note = interval_said(t, basis.intervals.recall, basis.days, basis.recall)
    facts(
        (
            (t("figures.recall"), t.number(report.recall_live, 3), recall_note),
            (
                t("figures.precision"),
                t.number(report.precision_live, 3),
                t("figures.precision_note"),
            ),
            (t("figures.f1"), t.number(report.f1_live, 3), t("figures.f1_note")),
            (t("figures.roc_auc"), t.number(report.roc_auc_live, 3), t("figures.roc_auc_note")),
            (
                t("figures.accuracy"),
                t.number(report.accuracy_live, 3),
                t("figures.accuracy_note"),
            ),
            (
                t("quality.wet"),
                t.number(report.positives_true),
                t("quality.wet_note", n=t.number(report.scored_rows)),
            ),
        )
    )


def interval_said(
    t: Words, ends: Sequence[float] | None, days: int | None, recall: float | None
) -> str:
    """The recall's interval, with the recall and the days that it is of: more of them than the
    window may hold.
    """
    if not ends:
        return t("quality.no_interval")
    return t("quality.interval", ends=t.between(ends), days=days, recall=t.number(recall, 2))


def _over_time(here: Here) -> None:
    t = here.words
    section(t("quality.over_time"), t("quality.over_time_about", days=WINDOW_DAYS))
    left, middle, right = st.columns(3)
    figure = left.selectbox(
        t("quality.figure"), ("recall", "precision"), format_func=lambda name: t(f"figures.{name}")
    )
    regime = middle.selectbox(
        t("quality.regime"),
        (None, *REGIMES),
        format_func=lambda name: t.regime(name) if name else t("shared.all"),
    )
    hours = (None, *loop_files.issue_hours(here.settings))
    hour = right.selectbox(
        t("quality.hour"),
        hours,
        format_func=lambda h: t("shared.all") if h is None else f"{h:02d}:00 UTC",
    )
    points = loop_files.over_time(here.settings, regime, hour)
    if points.empty:
        nothing_yet(here, "quality.no_points")
        return
    threshold = here.settings.recall_threshold if figure == "recall" else None
    chart(verified.over_time(points, figure, threshold, t), t("quality.over_time"))
    if points[f"{figure}_low"].isna().all():
        st.caption(t("quality.too_few_days"))


_GROUPED = ("n", "positives", "recall", "precision", "roc_auc", "brier")


def _groups(t: Words, report: LiveReport, key: str, title: str) -> None:
    section(t(title))
    heads = (t(f"{title}_col"), *(t(f"figures.{name}") for name in _GROUPED))
    rows = [_group(t, name, row, key) for name, row in getattr(report, key).items()]
    st.html(table("cards", heads, rows, numbers=range(1, len(heads))))


def _group(t: Words, name: str, row: Scores, key: str) -> list[str]:
    return [
        _named(t, name, key),
        *(t.number(getattr(row, f), 0 if f in ("n", "positives") else 3) for f in _GROUPED),
    ]


def _named(t: Words, name: str, key: str) -> str:
    if name == "not recorded":
        return t("shared.not_recorded")
    return f"{name}:00 UTC" if key == "by_issue_hour_utc" else t.regime(name)
