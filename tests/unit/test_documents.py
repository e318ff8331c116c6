"""A document is read whole or refused with file, field, found and expected."""

import pytest

from raincast.documents import Document
from raincast.errors import BadFile
from raincast.verification.records import Comparison, LiveQuality
from tests.score_records import compared, live_quality


class Inner(Document):
    share: float


class Outer(Document):
    name: str
    parts: list[Inner]
    note: str | None = None


WHOLE = {"name": "x", "parts": [{"share": 0.5}]}


def test_a_document_comes_back_as_it_was_written() -> None:
    assert Outer.from_json(WHOLE, "a.json").to_json() == WHOLE
    with_note = WHOLE | {"note": None}
    assert Outer.from_json(with_note, "a.json").to_json() == with_note


@pytest.mark.parametrize(
    ("value", "field", "found", "expected"),
    [
        ({"name": "x"}, "parts", "nothing", "this key"),
        (WHOLE | {"parts": [{"share": "much"}]}, "parts.0.share", "much", "a valid number"),
        (WHOLE | {"surname": 1}, "surname", 1, "no such key"),
        (WHOLE | {"name": None}, "name", None, "a valid string"),
        ([], None, [], "a valid dictionary"),
    ],
)
def test_what_does_not_fit_is_refused(value, field, found, expected) -> None:
    with pytest.raises(BadFile) as refused:
        Outer.from_json(value, "metrics/a.json")
    error = refused.value
    assert (error.file, error.field, error.found) == ("metrics/a.json", field, found)
    assert expected in str(error)


def test_a_whole_document_under_a_wrong_key_is_told_by_its_beginning() -> None:
    with pytest.raises(BadFile, match=r"\[0, 1, 2.* …") as refused:
        Outer.from_json(WHOLE | {"surname": list(range(10_000))}, "metrics/a.json")
    assert len(str(refused.value)) < 250


def test_a_document_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Outer.from_json(WHOLE, "a.json").name = "y"  # type: ignore[misc]


def test_the_live_report_survives_its_file() -> None:
    quality = live_quality(0.53, (0.42, 0.63))
    assert LiveQuality.from_json(quality.to_json(), "live_eval.json") == quality


def test_comparisons_of_older_models_are_read() -> None:
    side = compared("old", 0.1).to_json() | {"precision_at_recall_0.75": 0.5}
    value = {
        "no_worse": True,
        "champion": side,
        "challenger": side,
        "brier_difference": 0.0,
        "brier_difference_interval": None,
        "span": {"first": "2016-01-01", "last": "2016-01-02", "days": 2},
    }
    assert Comparison.from_json(value, "model_metadata.json").champion.version == "old"
