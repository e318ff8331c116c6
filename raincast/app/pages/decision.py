"""The decision of today: what was decided, on which evidence, and which of the four cases it is."""

import html

from raincast.app import loop_files, sheet, upcoming
from raincast.app.charts import loop
from raincast.app.defence.facts import facts as facts_of_the_project
from raincast.app.here import Here, facts, heading, listing, nothing_yet, section
from raincast.app.pages import history, verdicts
from raincast.app.pages.quality import interval_said
from raincast.app.words import Words
from raincast.decisions.asked import RULES
from raincast.decisions.decided import TRIGGER, Decision, Evidence
from raincast.decisions.watermark import Watermark


def show(here: Here) -> None:
    """The verdict, its evidence, the cases, the rows that count."""
    with sheet.sheet("decision"):
        _shown(here)


def _shown(here: Here) -> None:
    t = here.words
    heading(here, "decision")
    found = loop_files.verdict(here.settings, here.now.replace(minute=0, second=0, microsecond=0))
    _verdict(t, found)
    _evidence(here, found)
    _next(here, found.evidence)
    among = "one" if found.case in "ABC" else "none"
    section(t("decision.cases"), t(f"decision.cases_{among}"))
    sheet.write(cases(t, found.case, loop_files.marks(here.settings).watermark))
    _rows(here)
    _shadow(here)
    _rules(t, found.evidence)
    verdicts.draw(here)
    _past(here)


def _verdict(t: Words, found: Decision) -> None:
    go = found.decision == TRIGGER
    said = html.escape(t("decision.go" if go else "decision.skip"))
    of = "why_watch" if found.evidence.limits.rule == "watch" else "why"
    why = html.escape(t(f"decision.{of}_{found.case}"))
    sheet.write(
        f'<div class="verdict{" go" if go else ""}"><strong>{said}</strong>{why}'
        f" <code>{found.decision}</code></div>"
    )


def _evidence(here: Here, found: Decision) -> None:
    t, evidence, limits = here.words, found.evidence, found.evidence.limits
    basis = evidence.recall_interval
    mark = loop_files.marks(here.settings).watermark
    facts(
        (
            (
                t("decision.recall"),
                t.number(evidence.recall_live, 3),
                t("decision.recall_note", limit=t.number(limits.recall, 2), n=_behind(here)),
            ),
            (
                t("decision.interval", days=t.number(basis.days)),
                t.number(basis.recall, 2),
                interval_said(t, basis.interval),
            ),
            (
                t("decision.new_rows"),
                t.number(evidence.new_rows),
                t("decision.new_rows_note", limit=limits.new_rows),
            ),
            (
                t("decision.cutoff"),
                t.day(evidence.cutoff),
                t("decision.cutoff_note"),
            ),
            (
                t("decision.watermark"),
                t.day(mark.last_feature_date if mark else None),
                (
                    t(
                        "decision.watermark_note",
                        n=t.number(mark.consumed_rows),
                        run=mark.run_id,
                    )
                    if mark
                    else t("decision.no_watermark")
                ),
            ),
        )
    )


def _next(here: Here, evidence: Evidence) -> None:
    """What a search still waits for, and when the loop looks again."""
    t, dag = here.words, facts_of_the_project().dags["weather_main_dag"]
    missing = upcoming.waits_for(evidence, t) or [t("decision.needs_nothing")]
    lines = [(t("decision.needs"), t("sentence.between").join(missing))]
    if dag.schedule:
        when = t.moment(upcoming.next_run(here.now, dag.schedule))
        lines.append((t("decision.next"), t("decision.next_of", when=when)))
    listing(lines)


def _behind(here: Here) -> str:
    """How many forecasts the recall is of."""
    report = loop_files.live_report(here.settings)
    return here.words.number(report.scored_rows if report else None)


def cases(t: Words, case: str, watermark: Watermark | None) -> str:
    """The four cases, the present one marked; D too, once a retraining has consumed its rows."""
    here = {case} | ({"D"} if watermark else set())
    return (
        '<div class="cases">'
        + "".join(_case(t, letter, letter in here, letter == "D") for letter in "ABCD")
        + "</div>"
    )


def _case(t: Words, letter: str, chosen: bool, past: bool) -> str:
    title, text = (
        html.escape(t(f"decision.case_{letter}")),
        html.escape(t(f"decision.case_{letter}_text")),
    )
    now = (
        f"<em>{html.escape(t('decision.has_been' if past else 'decision.is_now'))}</em>"
        if chosen
        else ""
    )
    kind = "chosen" if chosen and not past else ""
    return f'<div class="{kind}"><b>{title}</b><span>{text}</span>{now}</div>'


def _rows(here: Here) -> None:
    t, rows = here.words, loop_files.new_rows(here.settings)
    section(t("decision.rows"), t("decision.rows_about"))
    if rows.empty:
        nothing_yet(here, "decision.rows_empty")
        return
    sheet.chart(loop.new_rows(rows, t), "new_rows")


def _shadow(here: Here) -> None:
    """The newest challenger in the shadow; nothing where there never was one."""
    t, report = here.words, loop_files.shadow_report(here.settings)
    if report is None:
        return
    section(t("decision.shadow"), t("decision.shadow_about"))
    listing(
        (
            (t("decision.shadow_version"), report.version),
            (t("decision.shadow_said"), t(f"decision.shadow_{report.verdict}")),
            (t("decision.shadow_days"), t.number(report.days)),
            (t("decision.shadow_difference"), t.number(report.brier_difference, 4)),
            (t("decision.shadow_interval"), t.between(report.brier_difference_interval)),
            (t("decision.shadow_margin"), t.number(report.margin, 4)),
        )
    )


def _rules(t: Words, evidence: Evidence) -> None:
    section(t("decision.rules"), t("decision.rules_about"))
    limits = evidence.limits
    listing(
        (
            (t("decision.rule"), t(f"decision.rule_{limits.rule}")),
            *((t(f"decision.rule_{name}"), _said(t, evidence.rules[name])) for name in RULES),
            (
                t("decision.wet_days"),
                t(
                    "decision.wet_days_asked",
                    n=evidence.recall_interval.wet_station_days or 0,
                    limit=limits.wet_days,
                ),
            ),
            (t("decision.late"), t.number(evidence.late_rows)),
        )
    )


def _said(t: Words, decision: str) -> str:
    return t("decision.go" if decision == TRIGGER else "decision.skip")


def _past(here: Here) -> None:
    """What became of earlier decisions; nothing where there were none."""
    past = loop_files.history(here.settings)
    if past:
        section(here.words("decision.past"), here.words("decision.past_about"))
        sheet.write(history.listed(here.words, past))
