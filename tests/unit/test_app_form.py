"""A form's fields as HTML, and what a browser sends of them."""

from datetime import date

import pytest

from raincast.app import form

JUNE = (date(2017, 6, 1), date(2017, 6, 30))


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2017-06-01", date(2017, 6, 1)),
        ("2017-06-30", date(2017, 6, 30)),
        ("2017-05-31", None),
        ("2017-07-01", None),
        ("", None),
        ("12/06/2017", None),
    ],
)
def test_a_day_is_one_of_those_that_were_asked_for(typed, day):
    assert form.as_day(typed, JUNE) == day


@pytest.mark.parametrize(
    "field",
    [
        form.text("n", "a < b"),
        form.day("n", "a < b", JUNE, "fr"),
        form.choice("n", "a < b", [("v", "said")]),
        form.slider("n", "a < b", ["0,1", "0,2"]),
    ],
)
def test_every_field_has_a_label_of_its_own(field):
    assert '<label for="field-n">a &lt; b</label>' in field
    assert 'id="field-n" name="n"' in field


def test_a_choice_of_nothing_cannot_be_made():
    assert " disabled>" in form.choice("n", "label", [])


def test_values_cannot_leave_their_place():
    assert '<option value="&quot;&gt;">&lt;b&gt;</option>' in form.choice("n", "", [('">', "<b>")])


def test_of_what_a_browser_sends_only_the_forms_own_fields_are_taken():
    sent = {"button": "try", "values": {"rain": "7,5", "else": "x"}}
    assert form.received(sent, {"rain": "", "wind": "3"}) == form.Pressed(
        "try", {"rain": "7,5", "wind": "3"}
    )


def test_what_enter_means_is_a_button_that_submits():
    assert 'type="submit"' in form.button("try", "Try", kind="first")
    assert 'type="button"' in form.button("fill", "Fill", kind="apart")
