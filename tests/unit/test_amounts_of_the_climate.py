"""Where nothing is known but the climate, the chances of amounts are the climate's too."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.learning import amounts, climatology
from raincast.learning.amounts import AMOUNTS_MM, Amounts
from raincast.learning.metadata import AmountRatio, AmountStep, ModelMetadata, Origin
from raincast.observations.availability import REGIMES
from raincast.observations.event import Event
from raincast.observations.network import Network, in_force, put_in_force
from tests.places import LOCATIONS, find

TABLES = {
    f"{mm:g}": {name: [chance + i / 500 for i in range(12)] for name in LOCATIONS}
    for mm, chance in zip((0.2, 5.0, 10.0, 25.0, 50.0), (0.4, 0.2, 0.12, 0.06, 0.03), strict=True)
}
RAIN = {name: [0.3 + i / 500 for i in range(12)] for name in LOCATIONS}


def known(**ratio: float) -> Amounts:
    """A model's amounts, whose every step has those weights."""
    weights = {"intercept": 0.0, "odds": 0.0, "odds_squared": 0.0, "climate": 0.0} | ratio
    regimes = dict.fromkeys(REGIMES, AmountRatio(**weights))
    steps = [AmountStep(mm=b, beyond_mm=a, regimes=regimes) for b, a in amounts.steps_from(1.0)]
    said = {"stations": list(LOCATIONS), "climatology": RAIN, "amounts": TABLES}
    found = amounts.of(
        ModelMetadata(**said, exceedance=steps, version="v", sha256="0", threshold=0.3)
    )
    assert found is not None
    return found


def asked(p: list[float], months: list[int], regime: str = "3pm") -> amounts.Forecasts:
    day = [np.datetime64(f"2016-{month:02d}-29") for month in months]
    return amounts.forecasts(p, day, np.arange(len(p)) % 49, [regime] * len(p))


months = st.lists(st.integers(1, 12), min_size=1, max_size=8)


@given(months, st.sampled_from(REGIMES), st.floats(-3, 3))
def test_of_the_climates_chance_of_rain_come_its_chances_of_amounts(months, regime, odds) -> None:
    """Whatever the model has learned of amounts."""
    model = known(intercept=odds, odds=1.5)
    usual = asked([RAIN["Albury"][month - 1] for month in months], months, regime)
    found = model.of_the_climate().exceedance(usual)
    reference = model.reference.chances(usual.day, usual.station)
    assert list(found) == list(reference) == sorted(AMOUNTS_MM)
    for mm, chance in found.items():
        assert chance == pytest.approx(reference[mm], abs=1e-12)


def test_the_reference_is_the_stations_month_and_the_events_own_stands_among_it() -> None:
    reference = known().reference
    found = reference.chances(np.array(["2016-02-29", "2016-12-31"], "M8[D]"), np.array([0, 48]))
    assert found[1.0].tolist() == [0.3 + 1 / 500, 0.3 + 11 / 500]
    assert found[50.0].tolist() == [0.03 + 1 / 500, 0.03 + 11 / 500]


def test_steps_lead_outwards_from_the_events_amount() -> None:
    assert amounts.steps_from(1.0) == [(5, 1), (10, 5), (25, 10), (50, 25), (0.2, 1)]
    assert amounts.steps_from(80.0) == [(50, 80), (25, 50), (10, 25), (5, 10), (1, 5), (0.2, 1)]
    assert amounts.steps_from(2.5) == [(5, 2.5), (10, 5), (25, 10), (50, 25), (1, 2.5), (0.2, 1)]


def test_a_former_model_knows_nothing_of_amounts() -> None:
    """Neither without steps nor without tables."""
    said = {"stations": ["Albury"], "climatology": {"Albury": [0.2] * 12}}
    assert amounts.climatology_of(Origin(**said), 1.0) is None
    bare = {"version": "v", "sha256": "0", "threshold": 0.3}
    assert amounts.of(ModelMetadata(**said, **bare)) is None
    assert amounts.of(ModelMetadata(**said, **bare, exceedance=known().steps)) is None


def test_the_tables_are_those_of_the_network_in_force_each_time() -> None:
    """A network of two after the shipped one: what was laid out for the other is not read."""
    model = known(climate=1.0)
    before = model.exceedance(asked([0.3], [1]))
    assert len(model.reference.tables(in_force())[1.0]) == len(LOCATIONS)
    put_in_force(Network((find("Cairns"), find("Perth"))))
    assert len(model.reference.tables(in_force())[1.0]) == 2
    after = model.exceedance(asked([0.3], [1]))
    assert [chance.tolist() for chance in after.values()] == [
        pytest.approx(chance.tolist()) for chance in before.values()
    ]


def test_how_often_it_rained_more_is_kept_for_every_amount_but_the_events() -> None:
    """Ten days of January at Cairns: 0.1, 0.3, 6, 30 and 60 mm twice each, one of them unknown."""
    two = Network((find("Cairns"), find("Perth")), event=Event())
    mm = np.array([0.1, 0.3, 6.0, 30.0, 60.0] * 2 + [np.nan])
    day = np.datetime64("2016-01-01") + np.arange(11)
    found = amounts.frequencies(mm, day, np.zeros(11, int), two)
    assert sorted(found, key=float) == ["0.2", "5", "10", "25", "50"]
    january = {amount: table["Cairns"][0] for amount, table in found.items()}
    assert january == {"0.2": 0.8, "5": 0.6, "10": 0.4, "25": 0.4, "50": 0.2}
    assert climatology.of_day(found["50"], "Perth", day[0].astype(object)) == 0.2
