"""A setting takes what it says that it takes."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.settings.variable import Variable, address, boolean, log_format

SHARE = Variable("SHARE", "A share.", read=float, least=0, most=1)
COUNT = Variable("COUNT", "A count.", read=int, least=1)


@given(st.floats())
def test_a_number_is_finite_and_in_its_range_or_refused(number: float) -> None:
    if math.isfinite(number) and 0 <= number <= 1:
        assert SHARE.value(repr(number)) == number
    else:
        with pytest.raises(ValueError, match=re.escape(repr(number))):
            SHARE.value(repr(number))


@pytest.mark.parametrize(("text", "value"), [("1", 1), ("60", 60), (" 7 ", 7)])
def test_a_whole_number_is_read(text: str, value: int) -> None:
    assert COUNT.value(text) == value


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5", "many", "nan", "1_0", "１０"])
def test_what_is_no_whole_number_or_too_small_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        COUNT.value(text)


@pytest.mark.parametrize(("text", "value"), [("true", True), ("False", False), ("TRUE", True)])
def test_true_and_false_in_any_case(text: str, value: bool) -> None:
    assert boolean(text) is value


@pytest.mark.parametrize("text", ["yes", "1", "", "tru"])
def test_nothing_else_is_true_or_false(text: str) -> None:
    with pytest.raises(ValueError):
        boolean(text)


@pytest.mark.parametrize(
    ("variable", "words"),
    [
        (SHARE, "a number, 0 or more, 1 or less"),
        (COUNT, "a whole number, 1 or more"),
        (Variable("A", "", read=boolean), "true or false"),
        (Variable("A", "", read=log_format), "text or json"),
        (Variable("A", ""), "a value"),
    ],
)
def test_what_is_expected_is_said_in_words(variable: Variable, words: str) -> None:
    assert variable.expected() == words


def test_the_form_of_the_log_and_an_address() -> None:
    assert log_format("JSON") == "json"
    assert address("http://bureau.example/data//") == "http://bureau.example/data"
    with pytest.raises(ValueError):
        log_format("xml")
