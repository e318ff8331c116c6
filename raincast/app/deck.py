"""The eight slides of the defence: one message each, one figure from the project's own files, and
what to say.
"""

import io
import textwrap
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

import matplotlib as mpl
from matplotlib.figure import Figure, FigureBase

from raincast.app import loop_files, reading, searching
from raincast.app import slide_figures as figures
from raincast.app.colours import BLUE, MUTED
from raincast.app.words import Words
from raincast.learning.metadata import ModelMetadata
from raincast.observations.network import in_force
from raincast.settings import Settings

Draw = Callable[[FigureBase], None]
SIZE = (12.4, 5.7)
"""Inches of a figure on the screen."""
NARROW = (5.4, 6.0)
"""Inches of a figure on a telephone."""
PAGE = (13.33, 7.5)
"""Inches of a page of the PDF, 16 by 9."""


class Slide(NamedTuple):
    """One slide; `draw` is None where the files that it needs are not there."""

    name: str
    title: str
    message: str
    notes: str
    source: str
    draw: Draw | None


def slides(settings: Settings, t: Words, now: datetime) -> list[Slide]:
    """The slides in their order, with the figures as the files have them now."""
    makers = {
        "need": _need,
        "baseline": _baseline,
        "api": _api,
        "live": _live,
        "rule": _rule,
        "search": _search,
        "watermark": _watermark,
        "trace": _trace,
    }
    return [_slide(name, t, *make(settings, t, now)) for name, make in makers.items()]


def _slide(name: str, t: Words, draw: Draw | None, source: str) -> Slide:
    message = t(f"slides.{name}_message") if draw else t("slides.nothing", source=source)
    event = in_force().event
    return Slide(
        name,
        t(f"slides.{name}"),
        message,
        t(f"slides.{name}_notes", amount=t.amount(event), hour=event.hour),
        t("slides.source", source=source),
        draw,
    )


Made = tuple[Draw | None, str]


def _need(settings: Settings, t: Words, now: datetime) -> Made:  # noqa: ARG001
    rows = reading.newest(settings)
    return (
        partial(figures.chance_map, newest=rows, t=t) if len(rows) else None
    ), "outputs/preds_api.csv"


def _baseline(settings: Settings, t: Words, now: datetime) -> Made:  # noqa: ARG001
    found, source = reading.judged(settings), "metrics/eval.json"
    if not found:
        return None, source
    report, own = found
    draw = partial(figures.baselines, regimes=report["regimes"], t=t)
    return draw, source if own else t("slides.shipped", source=source)


def _api(settings: Settings, t: Words, now: datetime) -> Made:  # noqa: ARG001
    made, active = reading.made(settings), reading.active(settings)
    version = active.version.split("-")[-1] if active else t("slides.no_model")
    boxes = (
        (t("slides.box_request"), t("slides.box_request_now")),
        (t("slides.box_model"), t("slides.box_model_now", version=version)),
        (
            t("slides.box_journal"),
            t("slides.box_journal_now", n=t.number(len(reading.forecasts(settings)))),
        ),
        (t("slides.box_answer"), t("slides.box_answer_now")),
    )
    return (
        partial(figures.service, boxes=boxes, made=made.tail(31), t=t) if len(made) else None
    ), "outputs/preds_api.csv"


def _live(settings: Settings, t: Words, now: datetime) -> Made:  # noqa: ARG001
    points, threshold = loop_files.over_time(settings, None, None), settings.recall_threshold
    draw = partial(figures.recall, points=points, threshold=threshold, t=t) if len(points) else None
    return draw, "outputs/preds_api_scored.csv"


def _rule(settings: Settings, t: Words, now: datetime) -> Made:
    evidence = loop_files.verdict(settings, now).evidence
    known = evidence.recall_live is not None
    return (
        partial(figures.quadrants, evidence=evidence, t=t) if known else None
    ), "metrics/live_eval.json"


def _search(settings: Settings, t: Words, now: datetime) -> Made:  # noqa: ARG001
    found = searching.last(settings)
    usable = found is not None and len(found.trials) > 0
    draw = partial(figures.trials, found=found.trials, t=t) if found and usable else None
    return draw, "optimisations/optuna_xgb_recall_small.db"


def _watermark(settings: Settings, t: Words, now: datetime) -> Made:  # noqa: ARG001
    rows = loop_files.new_rows(settings)
    draw = (
        partial(figures.consumed, rows=rows, marks=loop_files.marks(settings), t=t)
        if len(rows)
        else None
    )
    return draw, "metrics/retrain_watermark.json"


def _trace(settings: Settings, t: Words, now: datetime) -> Made:  # noqa: ARG001
    active = reading.active(settings)
    return (
        partial(figures.chain, links=_links(settings, t, active), tools=_tools(t))
        if active
        else None
    ), "models/model_metadata.json"


def _links(settings: Settings, t: Words, active: ModelMetadata) -> list[tuple[str, str]]:
    rows, mark = active.rows, loop_files.marks(settings).watermark
    study, made = active.study, str(active.created_at_utc or "–")[:10]
    now = {
        "data": t(
            "slides.link_data_now",
            n=t.number(rows.count if rows else None),
            sha=(rows.sha256 if rows else "–")[:12],
        ),
        "study": str(study).removeprefix("xgb_recall_small_")[:12]
        if study
        else t("slides.link_no_study"),
        "model": t("slides.link_model_now", version=active.version.split("-")[-1], day=made),
        "forecast": t("slides.link_forecast_now", n=t.number(len(reading.forecasts(settings)))),
        "truth": t("slides.link_truth_now", day=mark.last_feature_date if mark else "–"),
    }
    return [(t(f"slides.link_{name}"), text) for name, text in now.items()]


def _tools(t: Words) -> list[tuple[str, str]]:
    return [
        (t(f"slides.tool_{name}"), t(f"slides.tool_{name}_now"))
        for name in ("git", "dvc", "mlflow", "airflow")
    ]


def svg(slide: Slide, size: tuple[float, float] = SIZE) -> str:
    """The slide's figure as SVG with real text, its size in inches; empty where it has none."""
    if slide.draw is None:
        return ""
    out = io.StringIO()
    with mpl.rc_context(figures.STYLE | {"font.family": "DejaVu Sans"}):
        figure = Figure(figsize=size)
        slide.draw(figure)
        figure.savefig(out, format="svg", metadata={"Date": None}, transparent=True)
    text = out.getvalue()
    return text[text.index("<svg") :].replace("'DejaVu Sans'", "'Source Sans', 'DejaVu Sans'")


def pdf(deck: list[Slide], with_notes: bool) -> bytes:
    """The deck as a PDF of 16 by 9 pages; with the notes on a page after each slide where they are
    wanted.
    """
    from matplotlib.backends.backend_pdf import PdfPages  # only for whoever asks for it

    out = io.BytesIO()
    with (
        mpl.rc_context(figures.STYLE | {"font.family": "DejaVu Sans"}),
        PdfPages(out, metadata={"Title": "raincast"}) as book,
    ):
        for page in _pages(deck, with_notes):
            book.savefig(page)
    return out.getvalue()


def _pages(deck: list[Slide], with_notes: bool) -> Iterator[Figure]:
    for number, slide in enumerate(deck, start=1):
        yield _page(slide, number, len(deck))
        if with_notes:
            yield _notes_page(slide)


def _page(slide: Slide, number: int, whole: int) -> Figure:
    page = Figure(figsize=PAGE)
    parts: Any = page.subfigures(3, 1, height_ratios=(1.75, 5.35, 0.4))
    top, middle, foot = parts
    top.text(0.04, 0.72, slide.title, fontsize=13, color=BLUE, va="center", fontweight="bold")
    top.text(
        0.04,
        0.42,
        textwrap.fill(slide.message, 62),
        fontsize=22,
        va="top",
        fontweight="bold",
        linespacing=1.25,
    )
    if slide.draw:
        slide.draw(middle)
    foot.text(0.04, 0.5, slide.source, fontsize=9.5, color=MUTED, va="center")
    foot.text(0.96, 0.5, f"{number} / {whole}", fontsize=9.5, color=MUTED, va="center", ha="right")
    return page


def _notes_page(slide: Slide) -> Figure:
    page = Figure(figsize=PAGE)
    page.text(0.06, 0.9, slide.title, fontsize=16, color=BLUE, fontweight="bold", va="top")
    page.text(0.06, 0.8, textwrap.fill(slide.notes, 92), fontsize=15, va="top", linespacing=1.7)
    return page
