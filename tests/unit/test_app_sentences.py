"""A forecast in a sentence, as a newspaper would write it."""

from datetime import UTC, date, datetime

import pytest

from raincast.app import sentences
from raincast.app.sentences import Said
from raincast.app.words import Words

FR, EN = Words("fr"), Words("en")
SAID = Said(
    location="Cairns",
    feature_date=date(2026, 6, 25),
    target_date=date(2026, 6, 26),
    issued=datetime(2026, 6, 25, 6, tzinfo=UTC),
    chance=0.7,
    rain=True,
    threshold=0.31,
    usual=0.2,
    before=(0.4, datetime(2026, 6, 24, 23, tzinfo=UTC)),
)
TODAY = date(2026, 6, 25)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_likely_usual_and_up():
    assert plain(sentences.of(SAID, EN, TODAY)) == (
        "Rain is likely in Cairns by 9 am on Friday 26 June: 7 in 10; usual for June: 2 in 10; up"
        " from 4 in 10 at 9 am on Thursday."
    )


def test_the_same_in_french():
    assert plain(sentences.of(SAID, FR, TODAY)) == (
        "Pluie probable à Cairns d'ici à vendredi 26 juin, 9 h : 7 sur 10 ; d'ordinaire en juin :"
        " 2 sur 10 ; en hausse, contre 4 sur 10 jeudi à 9 h."
    )


def test_what_is_not_known_is_left_out():
    said = SAID._replace(usual=float("nan"), before=None)
    assert plain(sentences.of(said, EN, TODAY)) == (
        "Rain is likely in Cairns by 9 am on Friday 26 June: 7 in 10."
    )


def test_what_came_is_told_when_it_is_known():
    later = date(2026, 7, 1)
    assert plain(sentences.of(SAID._replace(fell_mm=12.4), EN, later)).endswith(". 12.4 mm fell.")
    assert sentences.of(SAID._replace(fell_mm=0.0), EN, later).endswith(". Nothing fell.")
    assert plain(sentences.of(SAID._replace(fell_mm=12.4), FR, later)).endswith(
        ". Il est tombé 12,4 mm."
    )


def test_a_day_that_is_over_is_in_the_past_and_has_its_year_in_another_year():
    assert plain(sentences.of(SAID, EN, date(2027, 1, 1))).startswith(
        "Rain was judged likely in Cairns by 9 am on Friday 26 June 2026: 7 in 10"
    )


@pytest.mark.parametrize(
    ("before", "way"),
    [(0.4, "up from 4 in 10"), (0.9, "down from 9 in 10"), (0.71, "unchanged since 9")],
)
def test_up_down_or_the_same(before, way):
    moved = SAID._replace(before=(before, SAID.before[1]))
    assert way in sentences.of(moved, EN, TODAY)


@pytest.mark.parametrize(
    ("chance", "count"),
    [
        (0.0, "less than 1 in 20"),
        (0.049, "less than 1 in 20"),
        (0.06, "1 in 10"),
        (0.5, "5 in 10"),
        (0.94, "9 in 10"),
        (0.96, "more than 19 in 20"),
        (1.0, "more than 19 in 20"),
    ],
)
def test_no_chance_is_counted_as_never_or_always(chance, count):
    assert sentences.in_ten(chance, EN) == count


@pytest.mark.parametrize(
    ("chance", "word"),
    [(0, "very_unlikely"), (0.2, "unlikely"), (0.5, "even"), (0.7, "likely"), (1, "very_likely")],
)
def test_every_chance_has_its_word(chance, word):
    assert sentences.band(chance) == word


def test_the_window_is_in_local_time_with_the_hours_to_come():
    assert plain(sentences.window(SAID, EN)) == (
        "Rain forecast (threshold 31%) from 9 am on Thursday to 9 am on Friday, Cairns time;"
        " issued at 4 pm on Thursday, with 17 of the 24 hours still to come."
    )


def test_a_night_issue_in_sydney_has_few_hours_left():
    night = datetime(2026, 6, 25, 18, tzinfo=UTC)
    assert sentences.local("Sydney", night).hour == 4
    assert sentences.left("Sydney", date(2026, 6, 25), night) == 5


def test_half_hours_of_the_clock():
    quarter = datetime(2026, 6, 25, 15, 30)
    assert (EN.clock(quarter), plain(FR.clock(quarter))) == ("3:30 pm", "15 h 30")
    assert (EN.clock(quarter.replace(hour=0)), EN.clock(quarter.replace(hour=12))) == (
        "12:30 am",
        "12:30 pm",
    )


def part(quantity: str, scope: str, log_odds: float) -> dict:
    return {"quantity": quantity, "scope": scope, "log_odds": log_odds}


def test_the_strongest_reasons_on_both_sides():
    parts = [
        part("humidity", "here", 1.2),
        part("sunshine", "here", -0.8),
        part("pressure", "west", 0.5),
        part("wind", "here", 0.4),
        part("cloud", "here", -0.01),
    ]
    assert sentences.reasons(parts, EN) == (
        "For rain: humidity (here) and pressure (to the west). Against it: sunshine (here)."
    )
    assert plain(sentences.reasons(parts, FR)) == (
        "En faveur de la pluie : humidité (ici) et pression (à l'ouest)."
        " En sens contraire : soleil (ici)."
    )


def test_reasons_on_one_side_only():
    assert sentences.reasons([part("rain", "here", -1)], EN) == "Against it: rain (here)."


def test_no_strong_reason_is_said_so():
    assert sentences.reasons([part("rain", "here", 0.01)], EN).startswith("Nothing stands out")
    assert sentences.reasons([], EN).startswith("Nothing stands out")
