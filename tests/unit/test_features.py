"""Features are what was known at the issue instant: the same alone as in company, blind to the
future.
"""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from raincast.features import block
from raincast.features.derived import dew_point, wind
from raincast.loop import history
from raincast.observations.availability import REGIMES, canonical
from raincast.observations.panel import Panel
from raincast.observations.schema import OBSERVATIONS
from tests.places import INDEX, STATIONS

SHAPE = (40, len(STATIONS), len(OBSERVATIONS))
FIRST = date(2016, 5, 1)
DAY = FIRST + timedelta(days=35)


def weather(seed: int = 1) -> Panel:
    rng = np.random.default_rng(seed)
    values = rng.uniform(1, 40, SHAPE).astype(np.float32)
    values[rng.random(SHAPE) < 0.2] = np.nan
    return Panel(FIRST, values, np.ones(SHAPE[:2], dtype=bool))


def of(panel: Panel, regime: str, *days: date) -> np.ndarray:
    return block.block(panel, days, np.array([canonical(regime, day) for day in days]))


def column(X: np.ndarray, name: str) -> np.ndarray:
    return X[..., block.NAMES.index(name)]


@pytest.fixture(scope="module")
def real(history_path: Path) -> Panel:
    return history.read(history_path)


@pytest.mark.parametrize("regime", REGIMES)
def test_real_rows_at_once_equal_rows_one_by_one_to_the_last_bit(real: Panel, regime: str) -> None:
    start = real.position(date(2015, 12, 20))
    days = real.days[start : start + 60]
    together = of(real, regime, *days)
    for i, day in enumerate(days):
        np.testing.assert_array_equal(together[i : i + 1], of(real, regime, day))


def test_real_rows_do_not_depend_on_how_much_history_is_at_hand(real: Panel) -> None:
    day = date(2016, 3, 1)
    end = real.position(day) + 1
    start = end - block.LOOKBACK_DAYS
    short = Panel(real.days[start], real.values[start:end], real.seen[start:end])
    np.testing.assert_array_equal(of(short, "3pm", day), of(real, "3pm", day))


@pytest.mark.parametrize("regime", REGIMES)
def test_shifting_the_future_changes_nothing(regime: str) -> None:
    panel = weather()
    values = panel.values.copy()
    values[panel.position(DAY) + 1 :] += 7
    np.testing.assert_array_equal(
        of(panel, regime, DAY), of(Panel(FIRST, values, panel.seen), regime, DAY)
    )


@pytest.mark.parametrize(
    ("regime", "later"),
    [("9am", ("3pm", "Gust", "MaxTemp", "Sunshine")), ("3pm", ("Gust", "MaxTemp", "Sunshine"))],
)
def test_what_is_read_later_the_same_day_changes_nothing(
    regime: str, later: tuple[str, ...]
) -> None:
    panel = weather()
    values = panel.values.copy()
    today = panel.position(DAY)
    for i, name in enumerate(OBSERVATIONS):
        if any(part in name for part in later):
            values[today, :, i] += 7
    np.testing.assert_array_equal(
        of(panel, regime, DAY), of(Panel(FIRST, values, panel.seen), regime, DAY)
    )


def test_a_later_regime_knows_more() -> None:
    counts = [np.isfinite(of(weather(), regime, DAY)).sum() for regime in REGIMES]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_the_other_stations_are_seen_and_can_be_withheld() -> None:
    panel = weather()
    values = panel.values.copy()
    values[:, INDEX["Sydney"]] += 5
    here, changed = of(panel, "3pm", DAY), of(Panel(FIRST, values, panel.seen), "3pm", DAY)
    nearby = INDEX["Penrith"]
    assert not np.array_equal(here[0, nearby], changed[0, nearby], equal_nan=True)
    alone, alone_changed = block.without_field(here), block.without_field(changed)
    np.testing.assert_array_equal(alone[0, nearby], alone_changed[0, nearby])


def test_without_any_context_the_features_are_those_of_the_own_row_only() -> None:
    panel = weather()
    station = INDEX["Cairns"]
    values = np.full_like(panel.values, np.nan)
    values[panel.position(DAY), station] = panel.values[panel.position(DAY), station]
    bare = of(Panel(FIRST, values, panel.seen), "3pm", DAY)[0, station]
    expected = block.own_row_only(of(panel, "3pm", DAY))[0, station]
    np.testing.assert_array_equal(bare, expected)


def test_a_day_outside_the_panel_is_missing_not_an_error() -> None:
    X = of(weather(), "complete", date(2030, 1, 1))
    assert np.isnan(column(X, "Humidity3pm")).all()


def test_names_are_unique_and_fill_the_last_axis() -> None:
    assert len(set(block.NAMES)) == len(block.NAMES) == of(weather(), "9am", DAY).shape[-1]


def test_rain_sums_reach_back_from_the_feature_date() -> None:
    panel = weather()
    rain = OBSERVATIONS.index("Rainfall")
    values = np.nan_to_num(panel.values)
    X = of(Panel(FIRST, values, panel.seen), "9am", DAY)
    end = panel.position(DAY) + 1
    np.testing.assert_allclose(
        column(X, "RainSum_7d")[0], values[end - 7 : end, :, rain].sum(axis=0), rtol=1e-5
    )


@pytest.mark.parametrize(
    ("direction", "u", "v"),
    [(0.0, 0, -10), (90.0, -10, 0), (180.0, 0, 10), (270.0, 10, 0)],
)
def test_wind_blows_away_from_where_it_comes(direction: float, u: float, v: float) -> None:
    found = wind(np.float32(10), np.float32(direction))
    np.testing.assert_allclose(found, (u, v), atol=1e-5)


def test_calm_has_no_direction_and_no_wind() -> None:
    np.testing.assert_array_equal(np.abs(wind(np.float32(0), np.float32(np.nan))), (0, 0))


def test_dew_point_is_the_temperature_when_the_air_is_saturated() -> None:
    np.testing.assert_allclose(
        dew_point(np.float32([5, 30]), np.float32([100, 100])), [5, 30], atol=1e-3
    )
    assert dew_point(np.float32(25), np.float32(50)) == pytest.approx(13.9, abs=0.1)
