"""The Markdown of the page on replays."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.replay.page import climates, markdown, policies
from raincast.replay.page.choice import recommendation

words = st.lists(st.text("abcdefgh-.,`%", min_size=1, max_size=30), min_size=1, max_size=60)


@given(words, st.sampled_from([" ", "\n    ", "  \n"]))
def test_a_paragraph_is_the_same_however_it_was_written_and_no_line_is_too_long(said, gap) -> None:
    found = markdown.prose(gap.join(said))
    assert found == markdown.prose(" ".join(said)) == markdown.prose(found)
    assert found.split() == said
    assert max(len(line) for line in found.splitlines()) <= markdown.WIDTH
    assert found.endswith("\n")


def test_a_word_is_never_broken_at_its_hyphen_or_elsewhere() -> None:
    policy = "every-thirty-days"
    assert markdown.prose("a" * 110 + f" {policy}") == "a" * 110 + f"\n{policy}\n"
    assert markdown.prose("b" * 200) == "b" * 200 + "\n"


def test_a_figure_stands_with_its_interval_and_a_dash_for_what_is_unknown() -> None:
    found = {"recall": 0.61249, "precision": None, "intervals": {"recall": [0.5, 0.7]}}
    found["intervals"]["precision"] = None
    assert markdown.with_interval(found, "recall") == "0.612 (0.500 to 0.700)"
    assert markdown.with_interval(found, "precision") == "- (- to -)"
    assert markdown.three(-0.0004) == "-0.000"


def test_a_table_is_a_csv_too_even_with_commas(tmp_path: Path) -> None:
    shown = markdown.table(tmp_path, "told", ("policy", "n"), [("never", 2), ("a, b", None)])
    assert shown == "| policy | n |\n| --- | --- |\n| never | 2 |\n| a, b | None |\n"
    with (tmp_path / "told.csv").open(newline="") as file:
        assert list(csv.reader(file)) == [["policy", "n"], ["never", "2"], ["a, b", "None"]]


def test_commands_are_a_block_and_a_picture_lies_in_the_pages_folder(tmp_path: Path) -> None:
    assert markdown.commands("a \\", "  b") == "```bash\na \\\n  b\n```\n"
    assert markdown.picture(tmp_path / "replay", "skill", "what") == "![what](replay/skill.png)\n"


def rule(triggers: float, seen: float, replays: int, median: float | None) -> dict[str, object]:
    return {
        "triggers_per_year": triggers,
        "triggers_per_year_error": 0.25,
        "seen_share": seen,
        "replays": replays,
        "median_delay_days": median,
    }


def test_rates_have_their_error_and_a_delay_may_be_unknown() -> None:
    assert climates.rates(rule(12.345, 1, 3, None)) == "12.3 ± 0.2"
    assert climates.delay(rule(1, 1, 3, None)) == "-"
    assert climates.delay(rule(1, 1, 3, 30.5)) == "30"


@pytest.fixture
def span() -> dict[str, object]:
    done = {"triggers": 2, "action_seconds": 61.6}
    often = {"triggers": 40, "action_seconds": 900.0}
    return {
        "span": {"first": "2020-01-01", "last": "2020-12-31"},
        "luck": None,
        "policies": {"never": done | {"triggers": 0}, "specification": often, "interval": done},
        "against_first": {
            "specification": {"brier": [0.002, 0.001, 0.003]},
            "interval": {"brier": [-0.002, -0.003, -0.001]},
        },
    }


def test_what_is_recommended_follows_from_what_was_seen(span) -> None:
    worlds = {
        "stationary": {
            "specification": rule(12.0, 1.0, 20, 3),
            "interval": rule(0.5, 0.1, 20, None),
        },
        "half as wet": {"specification": rule(9, 1, 10, 3), "interval": rule(2, 0.8, 10, 30)},
    }
    account = {"worlds": worlds, "days": 500, "change_after": 200}
    told = " ".join(recommendation(account, {"2020": span}).split())
    assert policies.span_of(span) == "2020-01-01 to 2020-12-31"
    for said in (
        "rule triggered 12.0 ± 0.2 times a year and the interval's 0.5 ± 0.2 times (20 replays",
        "triggered within 300 days in 10% of the replays where nothing had changed",
        "after a change in 80% (half as wet):",
        "**2020**, 2020-01-01 to 2020-12-31, by Brier score against `never`: `specification` worse"
        " (40 triggers, 900 s), `interval` better (2 triggers, 62 s).",
        "Retraining paid by Brier score under `interval` (2020); it did harm under"
        " `specification` (2020).",
        "the specification's triggered 40 times on these files and the interval's 2 times.",
    ):
        assert said in told


def test_where_no_retraining_paid_it_says_so(span) -> None:
    worlds = {"stationary": {"specification": rule(1, 1, 2, 3), "interval": rule(1, 0, 2, None)}}
    account = {"worlds": worlds, "days": 500, "change_after": 200}
    span["against_first"] = {"interval": {"brier": [0.0, None, None]}}
    told = " ".join(recommendation(account, {"2020": span}).split())
    assert "No retraining has paid by Brier score. Of the two rules" in told
