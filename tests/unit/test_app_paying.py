"""Does retraining pay: the sentence follows from the intervals, and the chart has every policy."""

import json
from pathlib import Path

import pytest

from raincast.app import paying
from raincast.app.charts import loop
from raincast.app.words import Words
from raincast.replay.summary.records import AgainstFirst, ReplaySummary
from raincast.settings import Settings
from tests.drawings import marks

SHIPPED = Path(__file__).parents[2] / "metrics" / paying.NAME


@pytest.fixture
def found() -> ReplaySummary:
    return ReplaySummary.from_json(json.loads(SHIPPED.read_text()), str(SHIPPED))


def with_brier(found: ReplaySummary, **brier: tuple[float, float | None, float | None]):
    against = {
        name: AgainstFirst(n=10, brier=b, recall=(0.0, None, None)) for name, b in brier.items()
    }
    return found.model_copy(update={"against_first": against})


@pytest.mark.parametrize(
    ("brier", "sure"),
    [
        ((-0.002, -0.003, -0.001), True),
        ((-0.002, -0.004, 0.0), False),
        ((0.001, -0.001, 0.003), False),
        ((-0.002, None, None), False),  # too few days for an interval
    ],
)
def test_better_is_a_whole_interval_below_none(brier, sure):
    assert paying.better(AgainstFirst(n=5, brier=brier, recall=(0.0, None, None))) == sure


@pytest.mark.parametrize("language", ["fr", "en"])
def test_without_a_sure_gain_the_sentence_says_none(found, language):
    t = Words(language)
    some = with_brier(found, interval=(0.0, -0.1, 0.1), ladder=(-0.1, -0.3, 0.1))
    said = paying.conclusion(some, t)
    assert said == t("replay.pays_none", n="2", first=t("replay.policy_never"))


def test_who_did_surely_better_is_named(found):
    t = Words("en")
    some = with_brier(found, interval=(-0.2, -0.3, -0.1), ladder=(-0.1, -0.3, 0.1))
    said = paying.conclusion(some, t)
    assert t("replay.policy_interval") in said
    assert t("replay.policy_ladder") not in said


def test_a_policy_that_the_page_does_not_offer_has_a_name_too():
    t = Words("en")
    assert paying.label("every:90", t) == "Retrain every 90 days"
    assert paying.label("something new", t) == "something new"


def test_the_chart_has_each_policy_with_its_interval(found):
    t = Words("en")
    shown = [mark.said for mark in marks(loop.paying(found, t))]
    assert shown == [
        [paying.label(name, t), t.signed(mean, 4), t.between((low, high), 4)]
        for name, against in found.against_first.items()
        for mean, low, high in [against.brier]
    ]


def test_what_comes_with_the_program_is_there_and_a_folders_own_comes_first(tmp_path, found):
    assert paying.summary(Settings(root=tmp_path)) == found
    own = tmp_path / "metrics" / paying.NAME
    own.parent.mkdir(parents=True)
    own.write_text(json.dumps(with_brier(found, interval=(0.0, -0.1, 0.1)).to_json()))
    assert list(paying.summary(Settings(root=tmp_path)).against_first) == ["interval"]
    own.write_text("{ cut off")
    assert paying.summary(Settings(root=tmp_path)) == found
