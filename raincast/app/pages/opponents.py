"""The live scores beside those of forecasts that need no model."""

from raincast.app import sheet
from raincast.app.here import section
from raincast.app.tables import table
from raincast.app.words import Words
from raincast.verification.records import LiveReport, Scores

_SCORES = ("recall", "precision", "roc_auc", "brier")


def draw(t: Words, report: LiveReport) -> None:
    """On the same forecasts; an older report has none."""
    if not report.opponents:
        return
    ours = report.evidence
    section(t("quality.opponents"), t("quality.opponents_about", n=t.number(ours.n)))
    heads = (
        t("quality.opponent"),
        *(t(f"figures.{name}") for name in _SCORES),
        t("quality.opponent_skill"),
    )
    rows = [(t("quality.opponent_ours"), *_scores(t, ours), "–")]
    for name, found in report.opponents.items():
        skill = f"{t.number(found.skill, 2)} ({t.between(found.skill_interval)})"
        rows.append((t(f"quality.opponent_{name}"), *_scores(t, found), skill))
    sheet.write(table("cards", heads, rows, numbers=range(1, len(heads)), chosen=[0]))


def _scores(t: Words, found: Scores) -> list[str]:
    return [t.number(getattr(found, name), 3) for name in _SCORES]
