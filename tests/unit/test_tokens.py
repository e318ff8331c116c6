"""What a network is told of a station on a day, by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.features.derived import VARIABLES
from raincast.learning.attention import tokens
from raincast.learning.attention.tokens import FEWEST_DAYS, UNKNOWN_WETNESS, Scale
from raincast.observations.network import Network
from tests.places import find

NAN = float("nan")
DAYS = 400
ANGLE = 2 * np.pi * np.arange(DAYS) / 365.25
SEASON = np.stack([np.sin(ANGLE), np.cos(ANGLE)], axis=1).astype(np.float32)


@given(st.floats(0, 2 * np.pi))
def test_harmonics_are_the_year_and_its_half(angle: float) -> None:
    found = tokens.harmonics(np.array([np.sin(angle), np.cos(angle)]))
    waves = [1, np.cos(angle), np.sin(angle), np.cos(2 * angle), np.sin(2 * angle)]
    assert found.tolist() == pytest.approx(waves, abs=1e-6)


def weather() -> tuple[np.ndarray, np.ndarray]:
    """Two variables at three stations, and what was wet: the first station has a yearly wave, the
    second too few days, the third nothing.
    """
    now = np.full((DAYS, 3, 2), NAN, np.float32)
    now[:, 0, 0] = 20 + 5 * np.cos(ANGLE)
    now[:FEWEST_DAYS, 1, 0] = 20.0
    now[:, 0, 1] = 7.0
    wet = np.full((DAYS, 3), NAN)
    wet[:, 0], wet[:50, 1] = np.arange(DAYS) % 4 == 0, 1.0
    return now, wet


@pytest.fixture(scope="module")
def scale() -> Scale:
    return tokens.fit_scale(*weather(), SEASON, ("Cairns", "Perth", "Hobart"))


def test_means_and_spreads_are_of_all_that_was_read(scale) -> None:
    read = weather()[0][..., 0]
    assert scale.mean.tolist() == pytest.approx([np.nanmean(read), 7.0], rel=1e-6)
    assert scale.spread[0] == pytest.approx(np.nanstd(read), rel=1e-6)
    assert scale.spread[1] == 1.0  # what never changes is not blown up


def test_a_climatology_is_trusted_from_enough_days_on(scale) -> None:
    assert scale.trusted[:, 0].tolist() == [1, 0, 0]  # not from so many, from more
    assert not scale.climate[1].any()
    assert scale.known.tolist() == [1, 1, 0]


def test_what_follows_the_year_is_no_anomaly_and_what_is_not_trusted_has_none(scale) -> None:
    days = np.array([0, 91, 200, 300])
    waves, station = tokens.harmonics(SEASON[days]), np.zeros(4, int)
    scaled, flags = scale.standardised(weather()[0][days, 0])
    odd = scale.anomalies(scaled, flags, waves, station)
    assert np.abs(odd[:, 0]).max() < 0.1 < np.abs(scaled[:, 0]).max()
    assert not scale.anomalies(scaled, flags, waves, station + 1).any()
    warmer = scale.anomalies(scaled + np.float32(1), flags, waves, station)
    assert warmer[:, 0] - odd[:, 0] == pytest.approx(1.0, rel=1e-5)


def test_a_gap_is_nought_with_a_flag_and_no_value_is_beyond_five_spreads(scale) -> None:
    now = np.array([[NAN, 7.0], [1000.0, -1000.0]], np.float32)
    scaled, flags = scale.standardised(now)
    assert flags.tolist() == [[0, 1], [1, 1]]
    assert scaled.tolist() == [[0, 0], [5, -5]]
    assert (scaled.dtype, flags.dtype) == (np.float32, np.float32)


def test_wetness_is_the_stations_share_in_log_odds_within_bounds(scale) -> None:
    """A quarter of the days were wet at the first station, every day at the second: no more than
    nine in ten is believed; of the third nothing is known.
    """
    waves = tokens.harmonics(SEASON[[10, 10, 10]])
    found = scale.log_wetness(waves, np.array([0, 1, 2]))
    assert found[0] == pytest.approx(np.log(1 / 3), abs=0.1)
    assert found[1] == pytest.approx(np.log(9), abs=0.01)
    assert found[2] == pytest.approx(UNKNOWN_WETNESS)


def test_stations_stand_where_the_weights_have_them_and_a_new_one_behind_all(scale) -> None:
    network = Network((find("Albury"), find("Hobart"), find("Cairns")))
    numbers = scale.numbers(network)
    assert numbers.tolist() == [-1, 2, 0]
    more = scale.with_unseen()
    assert (more.known[numbers].tolist(), len(more.known)) == ([0, 0, 1], 4)
    waves = tokens.harmonics(SEASON[[10]])
    assert more.log_wetness(waves, numbers[:1]).tolist() == pytest.approx([UNKNOWN_WETNESS])
    assert len(scale.known) == 3


def test_rain_of_the_days_before_is_logged_and_wet_days_are_shares() -> None:
    """Of two, six and 29 days: 9 mm on one, nothing on any, and all unknown."""
    found = tokens.rain_sums(np.array([9.0, 1, 0, 0, NAN, NAN]))
    assert found.tolist() == pytest.approx([np.log(10), 0, 0, 1 / 2, 0, 0])
    whole = tokens.rain_sums(np.array([0.0, 2, 0, 6, 0, 29]))
    assert whole.tolist() == pytest.approx([0, 0, 0, 1, 1, 1])


def test_a_token_is_as_wide_as_it_says_and_alone_as_among_others() -> None:
    rng = np.random.default_rng(0)
    now = rng.normal(size=(80, 2, len(VARIABLES))).astype(np.float32)
    now[rng.random(now.shape) < 0.2] = NAN
    of = tokens.fit_scale(now, rng.integers(0, 2, (80, 2)).astype(float), SEASON[:80])
    sides = (now[0], np.full((2, 6), NAN, np.float32), SEASON[[5, 5]])
    around = tokens.background(of, *sides, np.array([0, 1]))
    whole = tokens.tokens(of, now[7], around)
    assert whole.shape == (2, tokens.WIDTH)
    assert np.isfinite(whole).all()
    alone = tokens.tokens(of, now[7][1:], around.at(np.array([1])))
    assert np.array_equal(alone, whole[1:])
