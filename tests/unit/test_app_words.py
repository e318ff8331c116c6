"""Both languages say everything, and the pages ask for nothing that is not there."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from raincast.app import outputs
from raincast.app.main import PAGES
from raincast.app.words import LANGUAGES, Words, blanks, texts
from raincast.decisions.asked import RULES
from raincast.learning.explanation import QUANTITIES, SCOPES
from raincast.observations.availability import REGIMES
from raincast.observations.schema import OBSERVATIONS, SLOTS

CASES = ("A", "B", "C", "healthy", "unknown")
APP = Path(__file__).resolve().parents[2] / "raincast/app"
CODE = "\n".join(path.read_text("utf-8") for path in sorted(APP.rglob("*.py")))


def test_every_text_is_there_in_both_languages_with_the_same_blanks():
    whole = {
        key: set(found) == set(LANGUAGES)
        and all(text.strip() for text in found.values())
        and blanks(found["fr"]) == blanks(found["en"])
        for key, found in texts().items()
    }
    assert [key for key, good in whole.items() if not good] == []


def test_every_key_that_the_code_names_is_there():
    asked = set(re.findall(r'"([a-z_]+\.[a-zA-Z0-9_]+)"', CODE))
    sections = {key.split(".")[0] for key in texts()}
    named = {
        key
        for key in asked
        if key.split(".")[0] in sections and not key.endswith((".py", ".json", ".csv", ".toml"))
    }
    assert len(named) > 150
    assert named - set(texts()) == set()


@pytest.mark.parametrize(
    ("section", "names"),
    [
        ("regimes", REGIMES),
        ("slots", SLOTS),
        ("fields", OBSERVATIONS),
        ("quantities", QUANTITIES),
        ("scopes", SCOPES),
        ("outputs", {output.key for output in outputs.OUTPUTS}),
        ("sections", PAGES),
        ("decision", [f"rule_{rule}" for rule in RULES]),
        ("decision", [f"{of}_{case}" for of in ("why", "why_watch") for case in CASES]),
    ],
)
def test_every_name_of_the_domain_has_its_words(section, names):
    assert {f"{section}.{name}" for name in names} <= set(texts())


@pytest.mark.parametrize("name", [name for names in PAGES.values() for name in names])
def test_every_page_has_a_file_a_name_a_title_and_a_lead(name):
    assert (APP / f"pages/{name}.py").is_file()
    parts = ("name", "title", "lead")
    named = {"station": ("name",), "stations": ("name", "title")}  # a station's title is its name
    assert {f"{name}.{part}" for part in named.get(name, parts)} <= set(texts())


def test_french_comes_first_and_an_unknown_language_is_french():
    assert LANGUAGES[0] == "fr"
    assert Words("de").language == "fr"


@pytest.mark.parametrize(
    ("value", "digits", "french", "english"),
    [
        (0.5912, 3, "0,591", "0.591"),
        (12345.6, 0, "12\u202f346", "12,346"),
        (-0.02, 2, "−0,02", "−0.02"),
        (-0.001, 2, "0,00", "0.00"),
        (None, 2, "–", "–"),
        (float("nan"), 2, "–", "–"),
    ],
)
def test_numbers_are_written_as_each_language_has_them(value, digits, french, english):
    assert (Words("fr").number(value, digits), Words("en").number(value, digits)) == (
        french,
        english,
    )


def test_shares_intervals_and_dates():
    fr, en = Words("fr"), Words("en")
    assert (fr.percent(0.375), en.percent(0.375)) == ("38\u00a0%", "38%")
    assert (fr.percent(None), fr.between(None)) == ("–", "–")
    assert (fr.between([0.42, 0.63]), en.between([0.42, 0.63])) == ("0,42 à 0,63", "0.42 to 0.63")
    assert (fr.day(date(2026, 3, 1)), en.day(date(2026, 3, 1))) == ("1er mars 2026", "1 March 2026")
    assert fr.moment(datetime(2026, 8, 14, 6, 5, tzinfo=UTC)) == "14 août 2026, 06:05 UTC"
    assert (fr.signed(-0.5), en.signed(0.25)) == ("−0,50", "+0.25")


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "0%"),
        (0.004, "< 1%"),
        (0.005, "< 1%"),
        (0.006, "1%"),
        (0.994, "99%"),
        (0.996, "> 99%"),
        (1.0, "100%"),
        (float("nan"), "–"),
        (None, "–"),
    ],
)
def test_a_chance_is_told_as_nothing_or_certain_only_where_it_is(share, said):
    assert Words("en").chance(share) == said


def test_a_difference_that_rounds_to_nothing_has_no_sign():
    words = Words("fr")
    assert [words.signed(value, 1) for value in (0.04, -0.04, 0.05001, -0.1)] == [
        "0,0",
        "0,0",
        "+0,1",
        "−0,1",
    ]
