"""What the watch says, line by line."""

import pytest

from raincast.verification.watch import words
from raincast.verification.watch.records import Finding, WatchReport

REPAIR = "repair data: look at the stations' files"


def finding(what: str, level: float | None, remedy: str = REPAIR) -> Finding:
    return Finding(
        kind="missing", where="network", what=what, since="2026-11-02", level_days=level,
        sentence=f"{what} is missing", remedy=remedy,
    )  # fmt: skip


def test_a_remedy_is_said_once_and_its_findings_beneath_it() -> None:
    found = [finding("Cloud9am", 5.81e7), finding("rows", None, "wait"), finding("Cloud3pm", 900.4)]
    report = WatchReport(
        made_at_utc="", model_version="", first_day="2026-11-01", last_day="2026-11-26",
        run_length_days=730, level_days=58123456.7, alarm=True, findings=found, late_rows={},
        verified={}, open={}, record=True, known_changes=["Hobart, Cloud9am: none is read"],
    )  # fmt: skip
    assert list(words.lines(report)) == [
        "ALARM: level 58,100,000 days of 730, 2026-11-01 to 2026-11-26",
        "  looked past, for good: Hobart, Cloud9am: none is read",
        REPAIR,
        "  since 2026-11-02: Cloud9am is missing (by chance once in 58,100,000 days)",
        "  since 2026-11-02: Cloud3pm is missing (by chance once in 900 days)",
        "wait",
        "  since 2026-11-02: rows is missing (seen)",
    ]


@pytest.mark.parametrize(
    ("level", "said"),
    [(0.5234, "0.523"), (99.96, "100"), (730, "730"), (1e12, "1,000,000,000")],
)
def test_a_level_is_a_number_that_people_read(level: float, said: str) -> None:
    assert words.days(level) == said
