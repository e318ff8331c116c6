"""The simulated weather is weather: seasons, spells, systems that travel, and signs of tomorrow's
rain.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from raincast.observations.schema import FIELDS, NUMERIC
from tests.places import DISTANCES_KM, LOCATIONS, STATIONS
from tests.simulated import by_station, correlation, wet, whole

SUMMER, WINTER = (12, 1, 2), (6, 7, 8)


def frequency(location: str, months: tuple[int, ...] = tuple(range(1, 13))) -> float:
    days = wet()[location]
    return float(days[days.index.month.isin(months)].mean())


def test_a_fifth_of_all_days_is_wet() -> None:
    assert wet().mean(axis=None) == pytest.approx(0.22, abs=0.015)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("Uluru", 0.08),
        ("Woomera", 0.07),
        ("Mildura", 0.11),
        ("Sydney", 0.26),
        ("Cairns", 0.32),
        ("Portland", 0.36),
    ],
)
def test_wet_days_by_station(location: str, expected: float) -> None:
    assert frequency(location) == pytest.approx(expected, abs=0.04)


@pytest.mark.parametrize(
    ("location", "wetter", "drier", "times"),
    [
        ("Darwin", SUMMER, WINTER, 10),  # monsoon
        ("Townsville", SUMMER, WINTER, 4),
        ("Perth", WINTER, SUMMER, 4),  # Mediterranean winter rain
        ("Adelaide", WINTER, SUMMER, 2.5),
        ("CoffsHarbour", (1, 2, 3), (7, 8, 9), 1.5),  # the east coast leans to summer
        ("Hobart", (7, 8, 9), (1, 2, 3), 1.1),
        ("NorfolkIsland", WINTER, SUMMER, 1.3),
    ],
)
def test_each_zone_has_its_wet_season(
    location: str, wetter: tuple[int, ...], drier: tuple[int, ...], times: float
) -> None:
    assert frequency(location, wetter) > times * frequency(location, drier)


def test_rain_has_many_small_falls_and_a_heavy_tail() -> None:
    rain = whole()["Rainfall"]
    fallen = rain[rain > 1]
    assert rain.eq(0).mean() == pytest.approx(0.64, abs=0.03)
    assert fallen.median() == pytest.approx(5.2, abs=1)
    assert fallen.mean() == pytest.approx(10.3, abs=1)
    assert 60 < fallen.quantile(0.99) < 100
    assert 150 < fallen.max() <= 600


def test_wet_and_dry_days_come_in_spells() -> None:
    today, tomorrow = wet().to_numpy()[:-1], wet().to_numpy()[1:]
    after_wet, after_dry = tomorrow[today == 1].mean(), tomorrow[today == 0].mean()
    assert after_wet == pytest.approx(0.47, abs=0.04)
    assert after_wet > 2.5 * after_dry


def next_day(name: str, east_of: float, upto: float) -> tuple[float, float]:
    """Mean correlation of the western station's day with the eastern one's next, and the other way
    round.
    """
    field = by_station(whole(), name).to_numpy()
    pairs = [
        (a, b)
        for a, west in enumerate(STATIONS)
        for b, east in enumerate(STATIONS)
        if east_of < east.longitude - west.longitude < upto
        and max(west.latitude, east.latitude) < -30
    ]
    ahead = np.mean([correlation(field[:-1, a], field[1:, b]) for a, b in pairs])
    back = np.mean([correlation(field[:-1, b], field[1:, a]) for a, b in pairs])
    return float(ahead), float(back)


def test_weather_travels_from_west_to_east() -> None:
    pressure, pressure_back = next_day("Pressure9am", 6, 14)
    assert pressure > 0.5 > pressure_back + 0.2
    cloud, cloud_back = next_day("Humidity3pm", 6, 14)
    assert cloud > 0.1 > cloud_back + 0.05


def test_rain_in_the_west_foretells_rain_in_the_east() -> None:
    days = wet().to_numpy()
    column = {name: i for i, name in enumerate(LOCATIONS)}
    for west, east in (
        ("Perth", "Adelaide"),
        ("Adelaide", "Melbourne"),
        ("Mildura", "Canberra"),
        ("Cobar", "Sydney"),
    ):
        a, b = column[west], column[east]
        ahead, back = correlation(days[:-1, a], days[1:, b]), correlation(days[:-1, b], days[1:, a])
        assert ahead > 0.08, (west, east)
        assert ahead > back, (west, east)


def test_neighbours_are_alike_and_far_stations_are_not() -> None:
    away = DISTANCES_KM[np.triu_indices(len(STATIONS), 1)]
    for name, near, far in (
        ("Rainfall", 0.7, 0.1),
        ("Pressure9am", 0.9, 0.35),
        ("MaxTemp", 0.6, 0.35),
    ):
        field = by_station(whole(), name)
        values = (
            np.log1p(field)
            if name == "Rainfall"
            else field - field.groupby(field.index.month).transform("mean")
        )
        alike = np.corrcoef(values.T)[np.triu_indices(len(STATIONS), 1)]
        assert alike[away < 100].mean() > near, name
        assert abs(alike[away > 1500].mean()) < far, name


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("Humidity3pm", 1),
        ("Cloud3pm", 1),
        ("WindGustSpeed", 1),
        ("Pressure3pm", -1),
        ("Sunshine", -1),
        ("Temp3pm", -1),
    ],
)
def test_signs_of_rain_point_the_right_way(name: str, sign: int) -> None:
    field = by_station(whole(), name).iloc[:-1]
    rain = wet().to_numpy()[1:]
    unusual = (field - field.groupby(field.index.month).transform("mean")).to_numpy()
    assert sign * correlation(unusual.ravel(), rain.ravel()) > 0.08


def own_rows(
    names: list[str],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Own-row features, rain on the target date, and which rows are of the last two years; one row
    in three.
    """
    frame = whole()[["Location", "Date", *names]].assign(y=wet().shift(-1).stack().to_numpy())[::3]
    frame = frame[frame["Date"] < frame["Date"].max()]
    usual = frame.groupby(["Location", frame["Date"].dt.quarter])["y"].transform("mean")
    X = (
        frame[names]
        .assign(Rainfall=np.log1p(frame["Rainfall"]), usual=np.log(usual + 0.01))
        .to_numpy()
    )
    return X, frame["y"].to_numpy(), (frame["Date"] >= pd.Timestamp(2019, 3, 1)).to_numpy()


def skill(names: list[str]) -> float:
    X, y, held_out = own_rows(names)
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(X[~held_out], y[~held_out])
    return float(roc_auc_score(y[held_out], model.predict_proba(X[held_out])[:, 1]))


def test_a_plain_model_of_the_own_row_has_the_skill_that_it_has_on_real_weather() -> None:
    complete = skill(list(NUMERIC))
    afternoon = skill([n for n in NUMERIC if FIELDS[n].slot in ("9am", "3pm")])
    morning = skill([n for n in NUMERIC if FIELDS[n].slot == "9am"])
    _, y, held_out = own_rows(["Rainfall"])
    today = whole()["Rainfall"][::3].iloc[: len(y)].gt(1)
    persistence = roc_auc_score(y[held_out], today[held_out])
    assert 0.84 < complete < 0.92
    assert complete > afternoon > morning + 0.02
    assert morning > persistence + 0.1


@pytest.mark.parametrize(
    ("location", "name", "expected", "within"),
    [  # the mean of June to August less that of December to February, as it is on real weather
        ("AliceSprings", "Pressure9am", 12.5, 3),
        ("Hobart", "Pressure9am", 4, 3),
        ("WaggaWagga", "MaxTemp", -17.5, 2.5),
        ("Darwin", "MinTemp", -5.5, 1.5),
        ("WaggaWagga", "Humidity9am", 32, 6),
        ("Darwin", "Humidity3pm", -31, 7),
        ("Perth", "Sunshine", -5, 1.5),
        ("Mildura", "Evaporation", -7, 2.5),
    ],
)
def test_winter_differs_from_summer(
    location: str, name: str, expected: float, within: float
) -> None:
    field = by_station(whole(), name)[location]
    winter, summer = (field[field.index.month.isin(months)].mean() for months in (WINTER, SUMMER))
    assert winter - summer == pytest.approx(expected, abs=within)
