import pytest

from raincast.app import typed


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7,5", 7.5),
        ("7.5", 7.5),
        (" 12 ", 12.0),
        ("-3,2", -3.2),
        ("−3,2", -3.2),
        ("", None),
        ("  ", None),
        (None, None),
    ],
)
def test_a_number_may_be_typed_with_a_comma_or_a_point(text, value):
    assert typed.number(text, -10, 100) == value


@pytest.mark.parametrize("text", ["abc", "7,5,1", "1 000", "nan", "inf", "101", "-11"])
def test_what_is_no_such_number_is_refused(text):
    with pytest.raises(typed.NotANumber):
        typed.number(text, -10, 100)
