"""Wet frequencies by station and month, by hand."""

from datetime import date

import numpy as np
import pytest

from raincast.learning import climatology
from tests.places import LOCATIONS, find

ALBURY, CAIRNS = (LOCATIONS.index(name) for name in ("Albury", "Cairns"))


def days(*texts: str) -> np.ndarray:
    return np.array(texts, dtype="datetime64[D]")


def test_months_are_counted_from_nought_over_every_new_year():
    found = climatology.months(days("1969-12-31", "1970-01-01", "2024-02-29", "2024-12-31"))
    assert found.tolist() == [11, 0, 1, 11]


def test_a_month_is_mixed_with_thirty_days_of_the_stations_year():
    """Albury: 2 of 4 days wet in all, 2 of 2 in May: (2 + 30 / 2) / (2 + 30)."""
    day = days("2024-05-01", "2024-05-02", "2024-06-01", "2024-06-02", "2024-06-01")
    station = np.array([ALBURY] * 4 + [CAIRNS])
    table = climatology.fit(np.array([1, 1, 0, 0, 1]), day, station)
    assert table.shape == (len(LOCATIONS), 12)
    assert table[ALBURY, 4] == pytest.approx(17 / 32)
    assert table[ALBURY, 5] == pytest.approx(15 / 32)
    assert table[ALBURY, 0] == pytest.approx(0.5), "a month without rows has the year's"
    assert table[CAIRNS] == pytest.approx(1.0)
    assert table[LOCATIONS.index("Perth")] == pytest.approx(3 / 5), "a station without rows: all's"
    asked = climatology.chance(table, days("2025-05-31", "2025-06-30"), np.array([ALBURY] * 2))
    assert asked == pytest.approx([17 / 32, 15 / 32])


def test_a_day_has_its_months_and_a_station_without_a_line_the_mean_of_all():
    said = {"Albury": [0.1] * 11 + [0.3], "Cairns": [0.2] * 11 + [0.9]}
    assert climatology.of_day(said, "Cairns", date(2024, 12, 1)) == 0.9
    assert climatology.of_day(said, "Albury", date(2024, 11, 30)) == 0.1
    assert climatology.of_day(said, "Perth", date(2024, 12, 1)) == pytest.approx(0.6)


def test_what_metadata_keep_is_the_table_to_four_digits():
    table = np.random.default_rng(3).random((len(LOCATIONS), 12))
    kept = climatology.to_mapping(table)
    assert set(kept) == set(LOCATIONS)
    assert kept[find("Hobart").location] == [
        round(float(value), 4) for value in table[LOCATIONS.index("Hobart")]
    ]
    np.testing.assert_allclose(climatology.from_mapping(kept), table, atol=5.1e-5)
