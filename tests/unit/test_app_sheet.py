"""What stands below each other goes to the browser together, in its order."""

import pytest

from raincast.app import here, sheet


def test_what_is_written_is_kept_in_its_order():
    with sheet.collected() as parts:
        here.section("Title")
        sheet.chart("<figure></figure>", "drawn")
        here.note("a < b, `c`")
    title, chart, note = parts
    assert "Title" in title
    assert chart == '<div class="st-key-drawn"><figure></figure></div>'
    assert note == '<p class="note">a &lt; b, <code>c</code></p>'


def test_two_beside_each_other_are_one_part_of_what_is_around_them():
    with sheet.collected() as whole:
        with sheet.collected() as left:
            sheet.write("l")
        with sheet.collected() as right:
            sheet.write("r")
        sheet.beside(left, right)
    cells = '<div class="sheet"><div>l</div></div><div class="sheet"><div>r</div></div>'
    assert whole == [f'<div class="beside">{cells}</div>']


def fails_inside() -> None:
    with sheet.collected():
        raise KeyError


def test_after_an_error_what_is_around_goes_on():
    with sheet.collected() as whole:
        with pytest.raises(KeyError):
            fails_inside()
        sheet.write("after")
    assert whole == ["after"]
