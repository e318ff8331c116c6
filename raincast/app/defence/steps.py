"""The eight steps that are asked for, each as a slide of the folder's own files."""

from datetime import datetime
from functools import partial

from raincast.app import loop_files, reading, searching
from raincast.app.defence import figures
from raincast.app.defence.slide import Made
from raincast.app.words import Words
from raincast.learning.metadata import ModelMetadata
from raincast.settings import Settings

HEADLINE = "3pm"
"""The regime whose figure stands for the others'."""


def need(settings: Settings, t: Words, now: datetime) -> Made:  # noqa: ARG001
    """What is asked for: the newest forecasts on the map."""
    rows, source = reading.newest(settings), "outputs/preds_api.csv"
    if not len(rows):
        return Made(None, source)
    wet = int(rows["predicted_rain"].sum())
    return Made(partial(figures.chance_map, newest=rows, t=t), source, t.number(wet))


def baseline(settings: Settings, t: Words, now: datetime) -> Made:  # noqa: ARG001
    """The model beside its baselines."""
    found, source = reading.judged(settings), "metrics/eval.json"
    if not found:
        return Made(None, source)
    report, own = found
    draw = partial(figures.baselines, regimes=report["regimes"], t=t)
    number = t.number(report["regimes"][HEADLINE]["roc_auc"], 3)
    return Made(draw, source if own else t("slides.shipped", source=source), number)


def api(settings: Settings, t: Words, now: datetime) -> Made:  # noqa: ARG001
    """The way of a request, and the forecasts of each day."""
    made, active = reading.made(settings), reading.active(settings)
    source, rows = "outputs/preds_api.csv", t.number(len(reading.forecasts(settings)))
    if not len(made):
        return Made(None, source)
    version = active.version.split("-")[-1] if active else t("slides.no_model")
    boxes = (
        (t("slides.box_request"), t("slides.box_request_now")),
        (t("slides.box_model"), t("slides.box_model_now", version=version)),
        (t("slides.box_journal"), t("slides.box_journal_now", n=rows)),
        (t("slides.box_answer"), t("slides.box_answer_now")),
    )
    return Made(partial(figures.service, boxes=boxes, made=made.tail(31), t=t), source, rows)


def live(settings: Settings, t: Words, now: datetime) -> Made:  # noqa: ARG001
    """The live recall over time."""
    points, source = loop_files.over_time(settings, None, None), "outputs/preds_api_scored.csv"
    if not len(points):
        return Made(None, source)
    draw = partial(figures.recall, points=points, threshold=settings.recall_threshold, t=t)
    return Made(draw, source, t.number(points["recall"].iloc[-1], 2))


def rule(settings: Settings, t: Words, now: datetime) -> Made:
    """Where the recall and the new rows stand between the four cases."""
    evidence, source = loop_files.verdict(settings, now).evidence, "metrics/live_eval.json"
    if evidence.recall_live is None:
        return Made(None, source)
    draw = partial(figures.quadrants, evidence=evidence, t=t)
    return Made(draw, source, t.number(evidence.limits.recall, 2))


def search(settings: Settings, t: Words, now: datetime) -> Made:  # noqa: ARG001
    """The trials of the newest search."""
    found, source = searching.last(settings), "optimisations/optuna_xgb_recall_small.db"
    if found is None or not len(found.trials):
        return Made(None, source)
    draw = partial(figures.trials, found=found.trials, t=t)
    return Made(draw, source, t.number(len(found.trials)))


def watermark(settings: Settings, t: Words, now: datetime) -> Made:  # noqa: ARG001
    """The live rows, and those of them that are new."""
    rows, source = loop_files.new_rows(settings), "metrics/retrain_watermark.json"
    if not len(rows):
        return Made(None, source)
    draw = partial(figures.consumed, rows=rows, marks=loop_files.marks(settings), t=t)
    return Made(draw, source, t.number(int(rows.loc[rows["new"], "rows"].sum())))


def trace(settings: Settings, t: Words, now: datetime) -> Made:  # noqa: ARG001
    """What a forecast follows from."""
    active, source = reading.active(settings), "models/model_metadata.json"
    if not active:
        return Made(None, source)
    links = _links(settings, t, active)
    return Made(partial(figures.chain, links=links, tools=_tools(t)), source, t.number(len(links)))


def _links(settings: Settings, t: Words, active: ModelMetadata) -> list[tuple[str, str]]:
    rows, mark = active.rows, loop_files.marks(settings).watermark
    study, made = active.study, t.iso((active.created_at_utc or "")[:10])
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
        "truth": t("slides.link_truth_now", day=t.day(mark.last_feature_date if mark else None)),
    }
    return [(t(f"slides.link_{name}"), text) for name, text in now.items()]


def _tools(t: Words) -> list[tuple[str, str]]:
    return [
        (t(f"slides.tool_{name}"), t(f"slides.tool_{name}_now"))
        for name in ("git", "dvc", "mlflow", "airflow")
    ]
