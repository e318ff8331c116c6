"""What goes wrong with the record itself, in process."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from raincast.errors import BadInput, UnknownStation
from raincast.mirror.shelf import NEVER, Shelf
from raincast.mirror.weather_faults import WeatherFaults, accumulated, revised
from raincast.observations import event, panel
from raincast.observations.availability import day_instants, instant, moment
from raincast.observations.frame import validate
from raincast.sources.dwo_form import published
from tests.mirrors import FIRST, LAST, NOW, page_of, read, row, todays, weather
from tests.places import INDEX, find

MAY = date(2024, 5, 1)


def rainfall(frame):
    return np.round(panel.from_frame(frame, FIRST, LAST).rainfall().astype(float), 1)


def test_asked_for_nothing_nothing_is_wrong() -> None:
    ((frame, seen_at),) = WeatherFaults().of(todays(weather()))
    assert frame.equals(weather())
    assert (seen_at == NEVER).all()


def test_a_station_that_is_gone_has_no_row_from_that_day_on() -> None:
    shelf = Shelf(
        WeatherFaults(gone=(("Alice Springs", date(2024, 4, 28)), ("Perth", date.min))).of(
            todays(weather())
        )
    )
    assert str(read(shelf, "AliceSprings", NOW, FIRST)["Date"].max().date()) == "2024-04-27"
    assert shelf.page(find("AliceSprings"), MAY, NOW) is None
    assert shelf.page(find("Perth"), FIRST, NOW) is None
    assert len(read(shelf, "Sydney", NOW)) == 20


def test_blank_readings_are_summed_up_in_the_next() -> None:
    ((frame, _),) = accumulated(todays(weather()), 0.1, 7)
    before, after = rainfall(weather()), rainfall(frame)
    out = np.isnan(after)
    assert out.mean() == pytest.approx(0.1, abs=0.02)
    late = event.accumulated(after, np.ones_like(out))
    alone = np.zeros_like(out)
    alone[1:-1] = out[1:-1] & ~out[:-2] & ~out[2:]
    days, stations = np.nonzero(alone)
    assert len(days) > 200
    np.testing.assert_allclose(
        after[days + 1, stations], before[days, stations] + before[days + 1, stations], atol=0.05
    )
    assert (after[~late & ~out] == before[~late & ~out]).all()
    assert after[~out][late[~out]].sum() > before[~out][late[~out]].sum()
    assert_frame_equal(validate(frame).drop(columns="Rainfall"), weather().drop(columns="Rainfall"))


def test_a_reading_is_blank_in_every_version_and_its_sum_crosses_the_end_of_a_month() -> None:
    at = datetime(2024, 5, 10, tzinfo=UTC)
    early = published(weather(), at)
    april = early["Date"] < "2024-05-01"
    pages = [
        (early[april], np.full(april.sum(), instant(at))),
        (early[~april], np.full((~april).sum(), instant(at))),
    ]
    april_page, may_page, (whole, _) = accumulated([*pages, *todays(weather())], 0.3, 7)
    for frame, _ in (april_page, may_page):
        mine = frame[["Location", "Date"]].merge(whole, how="left")
        assert frame["Rainfall"].reset_index(drop=True).equals(mine["Rainfall"])
    crossed = whole[(whole["Date"] == "2024-04-30") & whole["Rainfall"].isna()]["Location"]
    held = [
        row(may_page[0], name, "2024-05-01")["Rainfall"]
        - row(weather(), name, "2024-05-01")["Rainfall"]
        for name in crossed
    ]
    assert np.nanmax(held) > 0


def test_a_revised_reading_is_wrong_until_nine_some_days_later() -> None:
    shelf = Shelf(revised(todays(weather()), 0.2, 3, 7))
    hits = flips = 0
    for name in ("Sydney", "Perth", "NorfolkIsland"):
        for day in range(1, 25):
            nine = moment(day_instants(date(2024, 5, day))[INDEX[name], 0])
            true = row(weather(), name, f"2024-05-{day}")["Rainfall"]
            fixed = moment(day_instants(date(2024, 5, day + 3))[INDEX[name], 0])
            at = (nine, nine + timedelta(hours=8), fixed - timedelta(seconds=1), fixed)
            told = [row(read(shelf, name, t, MAY), name, f"2024-05-{day}")["Rainfall"] for t in at]
            assert len(set(told[:3])) == 1
            assert told[3] == true
            hits += told[0] != true
            flips += (told[0] > event.DEFAULT.threshold_mm) != (true > event.DEFAULT.threshold_mm)
    assert 5 <= hits <= 26
    assert 1 <= flips < hits


def test_nothing_but_the_rain_is_revised_and_nothing_comes_before_its_time() -> None:
    shelf = Shelf(revised(todays(weather()), 0.5, 1, 7))
    for at in (NOW, NOW + timedelta(hours=12), NOW + timedelta(days=200)):
        mine = weather()[(weather()["Location"] == "Cairns") & (weather()["Date"] >= "2024-05-01")]
        told = read(shelf, "Cairns", at, MAY)
        assert_frame_equal(
            told.drop(columns="Rainfall"), published(mine, at).drop(columns="Rainfall")
        )
    assert page_of(shelf, "Cairns", NOW + timedelta(days=200), MAY).prepared_at < NOW + timedelta(
        days=20
    )


def test_what_the_data_show_earlier_is_left_as_it_is() -> None:
    early = published(weather(), NOW)
    told = revised([(early, np.full(len(early), instant(NOW))), *todays(weather())], 0.5, 3, 7)
    hit = told[2][0]
    assert len(hit) > 100
    unsettled = weather().merge(hit[["Location", "Date"]]).merge(early[["Location", "Date"]])
    assert unsettled["Date"].max() < NOW.replace(tzinfo=None) - timedelta(days=2)


def test_who_is_hit_depends_on_the_seed_and_not_on_what_else_is_there() -> None:
    sydney = weather()[weather()["Location"] == "Sydney"]
    whole, alone, other = (
        revised(todays(frame), 0.3, 3, seed)[1][0]
        for frame, seed in ((weather(), 7), (sydney, 7), (sydney, 8))
    )
    assert_frame_equal(
        whole[whole["Location"] == "Sydney"].reset_index(drop=True), alone.reset_index(drop=True)
    )
    assert set(alone["Date"]) != set(other["Date"])


def test_no_reading_chosen_adds_no_version() -> None:
    assert len(revised(todays(weather().iloc[:1]), 1e-9, 3, 7)) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"revised": 1.5}, "revised"),
        ({"accumulated": -0.1}, "share"),
        ({"revised_days": 0}, "1 or more"),
    ],
)
def test_what_cannot_be_is_refused(wrong: dict, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        WeatherFaults(**wrong)


def test_nobodys_station_cannot_go() -> None:
    with pytest.raises(UnknownStation):
        WeatherFaults(gone=(("Atlantis", MAY),)).of(todays(weather()))
