"""Many messages in few lines, the cause first."""

from raincast.loop.outcomes import by_cause, grouped, of_steps


def test_messages_of_one_cause_stand_together_in_the_order_of_their_first() -> None:
    lines = [
        "a.csv, line 3, field 'Rainfall': found 'x', expected a number",
        "b.csv: found 'a web page', expected a file",
        "c.csv, line 9, field 'Rainfall': found 'x', expected a number",
        "without a place",
    ]
    assert grouped(lines) == [
        "found 'x', expected a number"
        " (a.csv, line 3, field 'Rainfall', c.csv, line 9, field 'Rainfall')",
        "found 'a web page', expected a file (b.csv)",
        "without a place",
    ]


def test_of_many_places_a_few_are_named() -> None:
    (line,) = grouped([f"{i}.csv: found 'a web page'" for i in range(9)])
    assert line == "found 'a web page' (0.csv, 1.csv, 2.csv, 3.csv, 4.csv, and 4 more)"


def test_a_cause_that_several_steps_have_is_said_once() -> None:
    failed = {"forecast": "there is no folder models", "score": "a.csv, line 3: x", "decide": "y"}
    failed |= {"shadow": "there is no folder models"}
    assert of_steps(failed) == [
        "forecast, shadow: there is no folder models",
        "score: a.csv, line 3: x",
        "decide: y",
    ]


def test_what_failed_at_stations_is_told_by_cause() -> None:
    failed = {
        "Perth": "http://x/IDCJDW6111.csv: found status 500, expected the file",
        "Sale": "found no row",
        "Albury": "http://x/IDCJDW2002.csv: found status 500, expected the file",
    }
    assert by_cause(failed) == [
        "found status 500, expected the file (Perth, Albury)",
        "found no row (Sale)",
    ]
