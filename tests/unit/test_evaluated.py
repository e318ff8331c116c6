"""A forecaster evaluated on weather that is worked out by hand: what stands where, and two ways to
the same figures.
"""

from dataclasses import dataclass

import numpy as np
import pytest

from raincast.errors import NotEnoughData
from raincast.features.block import NAMES
from raincast.learning import climatology
from raincast.learning.blend import Forecaster
from raincast.learning.fitting import Span
from raincast.learning.metadata import Origin
from raincast.observations import panel
from raincast.observations.availability import REGIMES
from raincast.verification import curves, evaluation
from raincast.verification.records import Evaluation, Scores
from raincast.verification.tables import of_scores
from tests.observed import day, observations
from tests.places import LOCATIONS

SPAN = Span(day(40), day(79))
FITTED, TUNED = Span(day(32), day(59)), Span(day(60), day(89))
RAINFALL = NAMES.index("Rainfall")


def rain(place: str, i: int) -> float:
    """Cairns is wet on two days of every four, Perth on one of every ten."""
    return 5.0 * (i % 4 in (0, 1)) if place == "Cairns" else 5.0 * (i % 10 == 0)


@dataclass
class AsToday:
    """Rain tomorrow as today: a chance of 0.8 after rain, else of 0.1."""

    def predict_proba(self, X) -> np.ndarray:
        table = X if isinstance(X, np.ndarray) else X.table
        p = np.where(table[:, RAINFALL] > 1, 0.8, 0.1)
        return np.stack([1 - p, p], axis=1)


def as_today(thresholds: dict[str, float]) -> Forecaster:
    table = climatology.to_mapping(np.full((len(LOCATIONS), 12), 0.25))
    origin = Origin(stations=list(LOCATIONS), climatology=table)
    return Forecaster.unkept(AsToday(), origin, thresholds, "20241101T000000Z-0123abcd")


@pytest.fixture(scope="module")
def observed() -> panel.Panel:
    readings = {(place, i): rain(place, i) for place in ("Cairns", "Perth") for i in range(100)}
    return panel.from_frame(observations(readings))


@pytest.fixture(scope="module")
def found(observed) -> Evaluation:
    forecaster = as_today({"9am": 0.9, "3pm": 0.5, "complete": 0.05})
    baselines = evaluation.tuned_baselines(observed, FITTED, TUNED, "3pm", 0.5)
    return evaluation.evaluate(forecaster, observed, SPAN, {"3pm": baselines})


def test_it_says_what_was_evaluated_on_what(found) -> None:
    assert (found.span.first, found.span.last) == (str(SPAN.first), str(SPAN.last))
    assert found.model_version == "20241101T000000Z-0123abcd"
    assert list(found.regimes) == list(REGIMES)
    assert "greater than 1.0 mm" in found.event


def test_the_figures_at_the_top_are_those_of_the_headline_regime(found) -> None:
    """In forty days Cairns' wet days are followed by rain every other time, and so are its dry
    ones; Perth's four never, and of its 36 dry days four.
    """
    three = found.regimes["3pm"]
    assert found.headline_regime == "3pm"
    assert three.table.to_json() == {
        "hits": 10,
        "misses": 10 + 4,
        "false_alarms": 10 + 4,
        "correct_negatives": 10 + 32,
    }
    assert found.recall == three.recall == 10 / 24
    assert found.precision == 10 / 24
    assert found.accuracy == (10 + 42) / 80
    assert found.f1 == pytest.approx(10 / 24)
    assert found.roc_auc == three.roc_auc


def test_each_regime_warns_from_its_own_threshold(found) -> None:
    assert found.regimes["9am"].table.hits == found.regimes["9am"].table.false_alarms == 0
    assert found.regimes["complete"].recall == 1
    assert found.regimes["complete"].precision == 24 / 80
    assert [part.threshold for part in found.regimes.values()] == [0.9, 0.5, 0.05]


def test_skill_is_against_the_climatology_and_beside_it_against_the_base_rate(found) -> None:
    """Squared errors of 0.04 after rain that goes on, 0.64 after rain that ends, 0.01 and 0.81."""
    brier = (10 * 0.04 + 14 * 0.64 + 42 * 0.01 + 14 * 0.81) / 80
    three, base = found.regimes["3pm"], 24 / 80
    assert three.brier == pytest.approx(brier)
    usual = (24 * 0.75**2 + 56 * 0.25**2) / 80
    assert three.brier_skill == pytest.approx(1 - brier / usual)
    assert three.brier_skill_base_rate == pytest.approx(1 - brier / (base * (1 - base)))


def test_the_stations_are_the_whole(found) -> None:
    for part in found.regimes.values():
        assert list(part.stations) == ["Cairns", "Perth"]
        cairns, perth = part.stations.values()
        assert (cairns.n, cairns.positives, perth.n, perth.positives) == (40, 20, 40, 4)
        assert (cairns.brier + perth.brier) / 2 == pytest.approx(part.brier)
    assert found.regimes["3pm"].stations["Perth"].recall == 0


def test_the_parts_of_the_brier_score_make_it_up(found) -> None:
    for part in found.regimes.values():
        parts = part.brier_parts
        whole = parts.reliability - parts.resolution + parts.uncertainty + parts.within_bins
        assert whole == pytest.approx(part.brier)
        assert parts.within_bins == pytest.approx(0, abs=1e-12)  # one chance in each bin
        assert parts.uncertainty == pytest.approx(0.3 * 0.7)


def test_who_looks_at_its_own_row_alone_loses_nothing_without_the_others(found) -> None:
    three = found.regimes["3pm"]
    assert set(three.withheld) == {"without_other_stations", "own_row_only"}
    assert {less.brier for less in three.withheld.values()} == {three.brier}


def test_baselines_stand_beside_their_regime_alone(found) -> None:
    assert set(found.regimes["3pm"].baselines) == {
        "persistence",
        "climatology",
        "logistic_regression",
    }
    assert found.regimes["9am"].baselines == {}
    persistence = found.regimes["3pm"].baselines["persistence"]
    assert persistence.n == found.regimes["3pm"].n
    assert persistence.recall == 10 / 24  # after a wet day it rained often enough to warn


def test_a_table_has_the_model_before_its_baselines_and_intervals_beneath(found) -> None:
    shown = evaluation.with_baselines(found)
    three = ["raincast", "persistence", "climatology", "logistic_regression"]
    assert {name: list(part) for name, part in shown.items()} == {
        "9am": ["raincast"],
        "3pm": three,
        "complete": ["raincast"],
    }
    lines = [line.split() for line in of_scores(shown).splitlines()[1:]]
    assert [line[:3] for line in lines[2:10:2]] == [["3pm", name, "80"] for name in three]
    assert [line[:5] for line in lines[1::2]] == [["95", "%", "of", "days", "40"]] * 6


def test_plots_are_drawn_from_bins_that_hold_forecasts_and_a_line_for_each_station(found) -> None:
    """Two chances, 0.1 and 0.8: after a dry day it rained 14 times of 56, after a wet one 10 of
    24.
    """
    frames = curves.frames(found.regimes, {"Rainfall": 0.75, "Humidity3pm": 0.25})
    bins = frames["reliability"].set_index("regime").loc["3pm"]
    assert bins["n"].tolist() == [56, 24]
    assert bins["mean_forecast"].tolist() == pytest.approx([0.1, 0.8])
    assert bins["observed"].tolist() == pytest.approx([14 / 56, 10 / 24])
    stations = frames["skill_by_station"].set_index(["regime", "station"])["brier_skill"]
    assert stations.index.tolist() == [
        (regime, place) for regime in REGIMES for place in ("Cairns", "Perth")
    ]
    assert stations["3pm", "Perth"] == found.regimes["3pm"].stations["Perth"].brier_skill
    first, between, last = found.regimes["3pm"].roc
    assert (first, last) == ((0.0, 0.0), (1.0, 1.0))
    assert between == (round(14 / 56, 5), round(10 / 24, 5))  # who warns after a wet day
    assert frames["importance"].to_numpy().tolist() == [["Rainfall", 0.75], ["Humidity3pm", 0.25]]


def test_the_headline_is_a_few_scores_of_every_regime(found) -> None:
    said = found.headline()
    assert list(said) == list(REGIMES)
    assert said["3pm"] | {"n": 80, "recall": 10 / 24} == said["3pm"]
    assert set(said["9am"]) == {"n", "roc_auc", "brier", "brier_skill", "recall", "precision", "f1"}


def test_the_scores_alone_are_those_of_the_whole_evaluation(observed, found) -> None:
    """To the bit, whatever the threshold; the summaries take seconds where the whole takes
    minutes.
    """
    forecaster = as_today({"9am": 0.9, "3pm": 0.5, "complete": 0.05})
    alone = evaluation.summaries(forecaster, observed, SPAN)
    assert list(alone) == list(REGIMES)
    for name, scores in alone.items():
        assert type(scores) is Scores
        whole = found.regimes[name].to_json()
        assert scores.to_json() == {key: whole[key] for key in scores.to_json()}


def test_a_span_without_truth_is_refused_and_says_what_to_do(observed) -> None:
    beyond = Span(day(200), day(210))
    for ask in (evaluation.summaries, lambda *of: evaluation.evaluate(*of, {})):
        with pytest.raises(NotEnoughData, match=f"from {day(200)} to {day(210)}: ingest"):
            ask(as_today({"3pm": 0.5}), observed, beyond)


def test_thresholds_are_chosen_by_what_has_not_seen_the_days_that_choose_them(observed) -> None:
    """Whether the baselines that serve are fitted to those days too, or not."""
    before = evaluation.tuned_baselines(observed, FITTED, TUNED, "3pm", 0.5)
    with_them = evaluation.tuned_baselines(observed, Span(day(32), day(89)), TUNED, "3pm", 0.5)
    assert [one.threshold for one in before] == [one.threshold for one in with_them]
    assert [one.baseline.name for one in before] == [one.baseline.name for one in with_them]
    tables = [dict(one[1].baseline.arrays)["table"] for one in (before, with_them)]
    assert not np.array_equal(*tables)


@pytest.mark.parametrize(
    ("recall", "threshold"), [(0.5, 14 / 28), (15 / 18, 14 / 28), (0.84, 3 / 28)]
)
def test_the_highest_threshold_that_reaches_the_recall(observed, recall, threshold) -> None:
    """Of the tuning span's 18 wet days fifteen are Cairns', where 14 of the 28 days before it were
    wet, at Perth 3: a warning for Cairns alone reaches 15 / 18, more takes a warning for everybody.
    """
    _, usual, _ = evaluation.tuned_baselines(observed, FITTED, TUNED, "3pm", recall)
    assert usual.baseline.name == "climatology"
    assert usual.threshold == pytest.approx(threshold)
