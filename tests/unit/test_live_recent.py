"""What a decision looks at is the same from all rows, from some, and piece by piece."""

import numpy as np
import pandas as pd
import pytest

from raincast.observations.panel import Panel
from raincast.verification import compact, live_report
from raincast.verification.records import LiveQuality
from tests.live import panel_of, rows_of
from tests.observed import day, forecast

PLACES = ("Albury", "Cairns", "Perth")
RAIN = {(place, i): 5.0 * ((i + n) % 3 == 0) for n, place in enumerate(PLACES) for i in range(60)}
WINDOW, WET_DAYS = 30, 12


@pytest.fixture(scope="module")
def observed() -> Panel:
    return panel_of(RAIN)


@pytest.fixture(scope="module")
def scored(observed) -> pd.DataFrame:
    """Forecasts of thirty days that follow forty days of weather; the last has no truth yet."""
    made = [
        forecast(place, i, 0.1 + 0.8 * ((i * 7 + n) % 10) / 10)._replace(
            forecast_id=f"{i:x}{n}".rjust(32, "0")
        )
        for i in range(30, 60)
        for n, place in enumerate(PLACES)
    ]
    return live_report.with_truth(rows_of(made), observed)


def whole(scored: pd.DataFrame, observed: Panel) -> LiveQuality:
    rows = compact.rows(scored)
    chosen, rng = compact.chosen(rows, compact.slots(scored)), np.random.default_rng(0)
    return live_report.report(rows, chosen, observed, WINDOW, WET_DAYS, rng)


def recent(scored: pd.DataFrame, since: pd.DataFrame, observed: Panel) -> LiveQuality:
    """Of those rows alone, against the same climatology."""
    rows = compact.rows(since)
    beaten = live_report.reference(compact.rows(scored).target, observed)(rows)
    rng = np.random.default_rng(0)
    return live_report.recent_report(since, beaten, WINDOW, WET_DAYS, rng)


def test_recent_rows_are_enough_for_what_a_decision_looks_at(scored, observed) -> None:
    report = whole(scored, observed).to_json()
    said = recent(scored, scored, observed).to_json()
    assert said == {name: report[name] for name in said}
    assert (said["scored_rows"], said["evidence"]["n"]) == (WINDOW, 36)
    since = scored[scored["target_date"] >= pd.Timestamp(said["evidence"]["first_target_date"])]
    assert len(since) < len(scored)
    assert recent(scored, since, observed).to_json() == said


def test_the_evidence_goes_back_to_the_wet_days_that_it_needs(scored, observed) -> None:
    """One station in three is wet each day: twelve wet station-days take twelve days."""
    evidence = whole(scored, observed).evidence
    assert (evidence.days, evidence.wet_station_days, evidence.positives) == (12, 12, 12)
    assert evidence.last_target_date == str(day(59))  # of day 60 nothing was read


@pytest.mark.parametrize("size", [1, 7, 90])
def test_truth_is_joined_piece_by_piece_as_at_once(scored, observed, size) -> None:
    bare = scored.drop(columns=["observed_rainfall_mm", "truth_available", "y_true"])
    join = live_report.joining(observed)
    pieces = [join(bare[i : i + size]) for i in range(0, len(bare), size)]
    pd.testing.assert_frame_equal(pd.concat(pieces), scored)


def test_what_forecasts_have_to_beat_knows_nothing_of_their_days(scored, observed) -> None:
    """Whatever falls from the first target date on."""
    target = compact.rows(scored).target
    flooded = panel_of({(place, i): mm if i < 31 else 99.0 for (place, i), mm in RAIN.items()})
    plain, wet = (
        live_report.reference(target, of)(compact.rows(scored)) for of in (observed, flooded)
    )
    assert plain.tolist() == wet.tolist()
    assert ((plain > 0.2) & (plain < 0.5)).all()
    earlier = panel_of(dict.fromkeys(RAIN, 99.0))
    assert (live_report.reference(target, earlier)(compact.rows(scored)) == 1).all()


def test_before_anything_was_observed_there_is_nothing_to_beat(observed) -> None:
    early = rows_of([forecast("Cairns", i, 0.5) for i in range(-1, 2)])
    rows = compact.rows(live_report.with_truth(early, observed))
    assert np.isnan(live_report.reference(rows.target, observed)(rows)).all()
