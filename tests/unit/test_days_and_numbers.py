"""Days, hours and numbers as each language writes them, and whatever is typed read back."""

import math
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.app.exceeding import chances
from raincast.app.sentences import band
from raincast.app.tables import table
from raincast.app.typed import NotANumber, number
from raincast.app.words import Words
from raincast.app.worth import RATIOS, ratio_of

FR, EN = Words("fr"), Words("en")
LEAP = date(2024, 2, 29)
DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("day", "today", "french", "english"),
    [
        (LEAP, date(2024, 12, 31), "jeudi 29 février", "Thursday 29 February"),
        (LEAP, date(2025, 1, 1), "jeudi 29 février 2024", "Thursday 29 February 2024"),
        (date(2024, 12, 1), LEAP, "dimanche 1er décembre", "Sunday 1 December"),
        (date(2025, 1, 1), LEAP, "mercredi 1er janvier 2025", "Wednesday 1 January 2025"),
    ],
)
def test_a_day_has_its_year_where_that_is_not_this_one(
    day: date, today: date, french: str, english: str
) -> None:
    assert (FR.weekday(day, today), EN.weekday(day, today)) == (french, english)


def test_a_day_on_an_axis_and_under_the_pointer() -> None:
    assert (FR.short(LEAP), EN.short(LEAP)) == ("29/2", "29 Feb")
    assert (FR.short_year(LEAP), EN.short_year(LEAP)) == ("29/2/2024", "29 Feb 2024")
    assert (FR.month(LEAP), EN.month(LEAP)) == ("février", "February")
    assert [EN.month_short(n) for n in (1, 9, 12)] == ["Jan", "Sept", "Dec"]
    assert [FR.month_short(n) for n in (1, 5, 8)] == ["janv.", "mai", "août"]
    for words in (FR, EN):
        months = {n: words.month(date(2024, n, 1)) for n in range(1, 13)}
        assert len(set(months.values())) == 12
        assert all(months[n].startswith(words.month_short(n).rstrip(".")) for n in months)


@pytest.mark.parametrize(
    ("hour", "minute", "french", "english"),
    [
        (0, 0, "0\u00a0h", "12 am"),
        (0, 5, "0\u00a0h\u00a005", "12:05 am"),
        (9, 30, "9\u00a0h\u00a030", "9:30 am"),
        (12, 0, "12\u00a0h", "12 pm"),
        (23, 59, "23\u00a0h\u00a059", "11:59 pm"),
    ],
)
def test_midnight_is_twelve_am_and_noon_twelve_pm(
    hour: int, minute: int, french: str, english: str
) -> None:
    moment = datetime(2024, 2, 29, hour, minute)
    assert (FR.clock(moment), EN.clock(moment)) == (french, english)


def test_what_is_not_known_is_a_dash() -> None:
    missing = (
        FR.day(None),
        EN.moment(None),
        FR.percent(math.nan),
        EN.number(None),
        EN.chance(None),
    )
    assert set(missing) == {"–"}


@given(DAYS, DAYS)
def test_no_two_days_are_written_alike(one: date, other: date) -> None:
    for words in (FR, EN):
        assert (words.day(one) == words.day(other)) == (one == other)
        assert (words.short_year(one) == words.short_year(other)) == (one == other)
        a_week_on = words.week(one + timedelta(days=7))
        assert a_week_on == words.week(one) != words.week(one + timedelta(days=1))
        assert words.weekday(one, one).endswith(words.month(one))


def read(text: str, words: Words) -> float:
    """A number as people of the language read it."""
    marks = ("\u202f", ",") if words is FR else (",", ".")
    return float(text.replace(marks[0], "").replace(marks[1], ".").replace("−", "-"))


@given(st.floats(-1e9, 1e9), st.integers(0, 4))
def test_a_written_number_is_read_as_the_rounded_one(value: float, digits: int) -> None:
    for words in (FR, EN):
        written = words.number(value, digits)
        assert read(written, words) == pytest.approx(value, abs=0.5 * 10**-digits * (1 + 1e-6))
        assert not written.startswith("-"), "the sign is a minus, not a hyphen"
        assert len(written.replace("−", "").split("." if words is EN else ",")[-1]) >= digits
        signed = words.signed(value, digits)
        assert signed.lstrip("+") == written or read(written, words) == 0


@given(st.floats(0, 1))
def test_only_what_is_certain_is_told_as_certain(share: float) -> None:
    told = EN.chance(share)
    assert (told == "0%") == (share == 0)
    assert (told == "100%") == (share == 1)
    if told[0] not in "<>":
        assert float(told.rstrip("%")) == pytest.approx(100 * share, abs=0.5)
    assert FR.chance(share) == told.replace("%", "\u00a0%")


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_word_for_a_chance_never_goes_back(one: float, other: float) -> None:
    order = ["very_unlikely", "unlikely", "even", "likely", "very_likely"]
    low, high = sorted((one, other))
    assert order.index(band(low)) <= order.index(band(high))
    # What is said of no rain mirrors what is said of rain, but at the bounds themselves.
    if min(abs(one - end) for end in (0.1, 0.4, 0.6, 0.9)) > 1e-9:
        assert order.index(band(one)) + order.index(band(1 - one)) == 4


@pytest.mark.parametrize(
    ("chance", "word"),
    [(0, "very_unlikely"), (0.1, "unlikely"), (0.4, "even"), (0.6, "likely"), (1, "very_likely")],
)
def test_a_bound_belongs_to_what_is_above_it(chance: float, word: str) -> None:
    assert band(chance) == word


@given(st.floats(-1000, 1000))
def test_what_the_page_writes_may_be_typed(value: float) -> None:
    for words in (FR, EN):
        typed = words.plain(value)
        assert number(f" {typed} ", -1001, 1001) == pytest.approx(value, rel=1e-5)


def test_a_number_has_a_range_with_both_ends_and_nothing_is_none() -> None:
    assert [number(text, 0, 10) for text in ("0", "10", "0,5", "1e1")] == [0, 10, 0.5, 10]
    assert [number(text, 0, 10) for text in (None, "", " \t")] == [None] * 3
    for text in ("10.01", "−0,1", "nan", "inf", "1.000,5", "1 0", "ten"):
        with pytest.raises(NotANumber, match="^" + text[:1]):
            number(text, 0, 10)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1:0.25 5:0.1", {1.0: 0.25, 5.0: 0.1}),
        ("0.2:1 25:1e-05", {0.2: 1.0, 25.0: 1e-05}),
        ("", {}),
        (None, {}),
        (math.nan, {}),
    ],
)
def test_a_cell_of_amounts_is_read_as_it_is_written(text: object, found: dict) -> None:
    assert chances(text) == found


def test_every_ratio_that_the_slider_names_is_its_own_nearest() -> None:
    assert len(RATIOS) == 99
    assert [ratio_of(name) for name in RATIOS] == list(RATIOS)
    assert [ratio_of(asked) for asked in ("0.204", ".2", "2e-1", " 0.2 ")] == ["0.20"] * 4
    assert {ratio_of(asked) for asked in ("0", "1", "0.996", "nan", "a fifth", "", None)} == {None}


def test_a_table_takes_rows_of_its_width_alone() -> None:
    with pytest.raises(ValueError, match="zip"):
        table("cards", ["a", "b"], [["1"]])
    empty = table("cards", ["a"], [])
    assert empty.count("<tr") == 1, "a head without rows is a table too"
