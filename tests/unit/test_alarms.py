"""Troubles are told once, again after the cool-down, and once when they are over."""

from datetime import UTC, datetime, timedelta

from raincast.decisions.alarms import MOST_UNSENT, Alarms, Examined, News, Trouble, after

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
DAY = timedelta(days=1)
FAILED = Trouble("No forecast", "no API", "start it")
QUIET = FAILED._replace(reminded=False)


def told(*looks: tuple[float, Examined]) -> list[list[str]]:
    """The titles that each look makes due, as if all before had been sent; hours since the start
    and what was examined.
    """
    known, titles = Alarms(), []
    for hours, examined in looks:
        known = after(known, examined, (), START + timedelta(hours=hours), DAY)
        titles.append([message.title for message in known.unsent])
        known = known.model_copy(update={"unsent": []})
    return titles


def test_a_trouble_is_told_at_once_and_its_end_once() -> None:
    found = told((0, {"a": FAILED}), (6, {"a": FAILED}), (12, {"a": None}), (18, {"a": None}))
    assert found == [["No forecast"], [], ["Over: No forecast"], []]


def test_it_is_told_again_after_the_cool_down_as_long_as_it_lasts() -> None:
    found = told((0, {"a": FAILED}), (23, {"a": FAILED}), (24, {"a": FAILED}), (30, {"a": FAILED}))
    assert found == [["No forecast"], [], ["Still: No forecast"], []]


def test_a_quiet_one_is_told_once() -> None:
    assert told((0, {"a": QUIET}), (48, {"a": QUIET}), (60, {"a": None})) == [
        ["No forecast"],
        [],
        ["Over: No forecast"],
    ]


def test_a_flutter_within_the_cool_down_is_silent() -> None:
    a, none = {"a": FAILED}, {"a": None}
    assert told((0, a), (1, none), (2, a), (3, none)) == [
        ["No forecast"],
        ["Over: No forecast"],
        [],
        [],
    ]
    assert told((0, a), (1, none), (2, a), (25, a), (26, none))[-2:] == [
        ["No forecast"],
        ["Over: No forecast"],
    ]


def test_what_was_not_looked_at_stays_as_it_was() -> None:
    assert told((0, {"a": FAILED}), (6, {"b": None}), (12, {"a": None}))[-1] == [
        "Over: No forecast"
    ]


def test_troubles_of_one_title_are_one_message_with_what_since_and_remedy() -> None:
    early = START - timedelta(days=4)
    examined = {
        "silent:Perth": Trouble("Stations are silent", "Perth: nothing", "look", early),
        "silent:Cairns": Trouble("Stations are silent", "Cairns: nothing", "look"),
    }
    (message,) = after(Alarms(), examined, (), START, DAY).unsent
    assert message.body.splitlines() == [
        "Perth: nothing",
        "Cairns: nothing",
        "Since: 2026-02-25 06:00 UTC",
        "What to do: look",
    ]


def test_news_are_told_once_by_their_key() -> None:
    news = [News("retrained: run 1", "Model 7 was promoted", "no worse")]
    first = after(Alarms(), {}, news, START, DAY)
    again = after(first.model_copy(update={"unsent": []}), {}, news, START, DAY)
    assert ([m.title for m in first.unsent], again.unsent) == (["Model 7 was promoted"], [])


def test_what_was_not_sent_waits_up_to_a_number() -> None:
    known = Alarms()
    for i in range(MOST_UNSENT + 5):
        known = after(known, {}, [News(str(i), str(i), "")], START, DAY)
    assert [m.title for m in known.unsent] == [str(i) for i in range(5, MOST_UNSENT + 5)]


def test_the_record_survives_its_file() -> None:
    known = after(Alarms(), {"a": FAILED}, [News("n", "News", "text")], START, DAY)
    assert Alarms.from_json(known.to_json(), "a file") == known
