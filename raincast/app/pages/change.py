"""What the watch has found, and the quality to expect before the truth comes."""

from datetime import UTC, datetime

from raincast.app import loop_files, sheet
from raincast.app.here import Here, facts, note, section
from raincast.app.tables import table
from raincast.app.words import Words
from raincast.verification.watch.records import (
    ExpectedFigure,
    ExpectedQuality,
    Finding,
    WatchReport,
)

_FIGURES = ("recall", "precision", "brier")


def draw(here: Here) -> None:
    """The newest report of `raincast watch`; how to have one if there is none."""
    t, report = here.words, loop_files.watch_report(here.settings)
    section(t("change.title"), t("change.about"))
    if report is None:
        note(t("change.none"))
        return
    _level(t, report)
    if report.findings:
        heads = [t(f"change.col_{name}") for name in ("what", "where", "since", "sure", "remedy")]
        sheet.write(table("cards", heads, [_finding(t, found) for found in report.findings]))
    if report.known_changes:
        note(t("change.known", what="; ".join(report.known_changes)))
    if report.uncharted:
        note(t("change.uncharted", what=", ".join(map(t.place, report.uncharted))))
    for title, quality in (("verified", report.verified), ("open", report.open)):
        if quality:
            note(t(f"change.{title}"))
            sheet.write(_expected(t, quality))


def _level(t: Words, report: WatchReport) -> None:
    made = datetime.fromisoformat(report.made_at_utc).astimezone(UTC)
    span = t("shared.between", low=t.iso(report.first_day), high=t.iso(report.last_day))
    bound = t("change.bound", days=t.number(report.run_length_days, 0))
    facts(
        (
            (t("change.state"), t("change.alarm" if report.alarm else "change.calm"), bound),
            (t("change.level"), t.number(report.level_days, 0), t("change.level_note")),
            (t("change.span"), span, t("change.made", when=t.moment(made))),
        )
    )


def _finding(t: Words, found: Finding) -> tuple[str, ...]:
    where = ", ".join(map(t.place, found.stations)) or t.place(found.where)
    sure = "–" if found.level_days is None else t.number(found.level_days, 0)
    return found.sentence, where, t.iso(found.since), sure, found.remedy


def _expected(t: Words, quality: dict[str, ExpectedQuality]) -> str:
    heads = [
        t("quality.regime"),
        t("figures.n"),
        *(t(f"figures.{name}") for name in _FIGURES),
    ]
    rows = [
        (t.regime(name), t.number(part.n, 0), *(_cell(t, getattr(part, f)) for f in _FIGURES))
        for name, part in quality.items()
    ]
    return table("cards", heads, rows, numbers=range(1, len(heads)))


def _cell(t: Words, figure: ExpectedFigure) -> str:
    """What to expect with its interval, and what came where it did."""
    expected = f"{t.number(figure.expected, 2)} ({t.between(figure.interval)})"
    return expected if figure.came is None else f"{expected} · {t.number(figure.came, 2)}"
