"""Files as they stood: as incomplete as each station's clock makes them, and put right when they
were.
"""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from raincast.errors import NotPublished
from raincast.mirror.shelf import NEVER, Shelf
from raincast.mirror.source import MirroredBureau
from raincast.observations.availability import day_instants, instant
from raincast.observations.schema import FIELDS, OBSERVATIONS
from raincast.sources import dwo
from raincast.sources.dwo_form import published
from tests.mirrors import FIRST, NOW, page_of, read, row, shelf, todays, weather
from tests.places import INDEX, LOCATIONS, find

SLOTS = {
    slot: [n for n in OBSERVATIONS if FIELDS[n].slot == slot and "Dir" not in n]
    for slot in ("9am", "3pm")
}


def newest(at: datetime) -> dict[str, pd.Series]:
    """Each station's row of 20 May as it stands."""
    return {name: row(read(shelf(), name, at), name, "2024-05-20") for name in LOCATIONS}


def test_at_six_in_the_morning_utc_the_east_has_its_afternoon_and_nobody_the_rest() -> None:
    rows = newest(NOW)
    assert all(found[SLOTS["9am"]].notna().all() for found in rows.values())
    has_afternoon = {name for name, found in rows.items() if found[SLOTS["3pm"]].notna().all()}
    assert {
        name for name, found in rows.items() if found[SLOTS["3pm"]].notna().any()
    } == has_afternoon
    assert {"Brisbane", "Sydney", "Adelaide", "Darwin", "NorfolkIsland"} <= has_afternoon
    assert set(LOCATIONS) - has_afternoon == {
        n for n in LOCATIONS if find(n).time_zone == "Australia/Perth"
    }
    for name in ("WindGustSpeed", "WindGustDir", "Sunshine", "MaxTemp"):
        assert not any(pd.notna(found[name]) for found in rows.values()), name


def test_a_day_later_the_row_is_filled_and_the_next_one_has_begun() -> None:
    later = NOW + timedelta(days=1)
    assert all(
        found[["WindGustSpeed", "Sunshine", "MaxTemp", *SLOTS["3pm"]]].notna().all()
        for found in newest(later).values()
    )
    assert {str(read(shelf(), name, later)["Date"].max().date()) for name in LOCATIONS} == {
        "2024-05-21"
    }


@settings(max_examples=60)
@given(st.sampled_from(LOCATIONS), st.integers(0, 61 * 24 * 60))
def test_a_page_says_what_could_be_published(name: str, minutes: int) -> None:
    at = datetime(2024, 4, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    told = published(weather()[weather()["Location"] == name], at)
    for month in (date(2024, 4, 1), date(2024, 5, 1)):
        expected = told[told["Date"].dt.month == month.month].reset_index(drop=True)
        page = shelf().page(find(name), month, at)
        assert (page is None) == expected.empty
        if page is not None:
            assert_frame_equal(dwo.parse(page.content, "a page").frame, expected)
            assert page.prepared_at <= at


def test_a_page_is_the_same_to_the_byte_until_something_becomes_due() -> None:
    pages = [
        page_of(shelf(), "Sydney", NOW.replace(hour=0) + timedelta(minutes=10 * i))
        for i in range(145)
    ]
    assert sorted({page.prepared_at.isoformat() for page in pages}) == [
        "2024-05-19T23:00:00+00:00",
        "2024-05-20T05:00:00+00:00",
        "2024-05-20T14:00:00+00:00",
        "2024-05-20T23:00:00+00:00",
    ]
    assert len({page.content for page in pages}) == 4


def test_what_is_not_there_is_not_published() -> None:
    bureau = MirroredBureau(shelf(), lambda: NOW)
    assert bureau.month(find("Perth"), 2024, 5) == page_of(shelf(), "Perth", NOW).content
    for month in (3, 6):
        with pytest.raises(NotPublished, match=rf"{find('Perth').product}\.20240{month}"):
            bureau.month(find("Perth"), 2024, month)
    assert shelf().page(find("Perth"), FIRST, datetime(2024, 4, 1, 0, 59, tzinfo=UTC)) is None
    assert shelf().page(find("Perth"), FIRST, datetime(2024, 4, 1, 1, 0, tzinfo=UTC)) is not None


def seen(frame: pd.DataFrame, at: datetime) -> tuple[pd.DataFrame, np.ndarray]:
    return frame, np.full(len(frame), instant(at))


def test_a_version_speaks_for_its_own_rows_and_what_is_due_since_comes_from_the_next() -> None:
    """Of 10 May at Sydney a morning with 9.9 mm was seen, put right two days later; of 12 May the
    whole day.
    """
    frame = weather()[weather()["Location"] == "Sydney"]
    right = frame[frame["Date"] == "2024-05-10"].assign(Rainfall=1.1)
    morning = published(right, datetime(2024, 5, 9, 23, tzinfo=UTC)).assign(Rainfall=9.9)
    seen_at, put_right = datetime(2024, 5, 9, 23, tzinfo=UTC), datetime(2024, 5, 11, 23, tzinfo=UTC)
    others = frame[frame["Date"] != "2024-05-10"]
    another = frame[frame["Date"] == "2024-05-12"], datetime(2024, 5, 12, 23, tzinfo=UTC)
    of_today = others[others["Date"] != "2024-05-12"]
    one = Shelf([*todays(of_today), seen(morning, seen_at), seen(right, put_right), seen(*another)])
    for at, rain, filled in [
        (seen_at, 9.9, 0),
        (seen_at + timedelta(hours=6), 9.9, len(SLOTS["3pm"])),
        (put_right - timedelta(seconds=1), 9.9, len(SLOTS["3pm"])),
        (put_right, 1.1, len(SLOTS["3pm"])),
        (put_right + timedelta(days=9), 1.1, len(SLOTS["3pm"])),
    ]:
        page = read(one, "Sydney", at)
        assert row(page, "Sydney", "2024-05-10")["Rainfall"] == rain
        assert row(page, "Sydney", "2024-05-10")[SLOTS["3pm"]].notna().sum() == filled
        assert_frame_equal(
            page[page["Date"] != "2024-05-10"].reset_index(drop=True),
            published(others[others["Date"].dt.month == 5], at),
        )
    assert page_of(one, "Sydney", put_right).prepared_at == put_right


def test_a_row_that_was_seen_before_its_time_stands_from_when_it_was_seen() -> None:
    frame = weather()[(weather()["Location"] == "Perth") & (weather()["Date"] == "2024-05-01")]
    early = datetime.fromtimestamp(
        int(day_instants(date(2024, 5, 1))[INDEX["Perth"], 0]) - 600, UTC
    )
    page = page_of(Shelf([seen(frame, early)]), "Perth", early)
    assert page.prepared_at == early
    assert_frame_equal(dwo.parse(page.content, "a page").frame, frame.reset_index(drop=True))


@pytest.fixture(scope="module")
def real(bom_dir):
    files = [dwo.parse(path.read_bytes(), str(path)) for path in sorted(bom_dir.rglob("*.csv"))]
    versions = [
        (f.frame, np.full(len(f.frame), NEVER if f.prepared_at is None else instant(f.prepared_at)))
        for f in files
    ]
    return files, Shelf(versions)


@pytest.mark.slow
def test_the_bureaus_own_files_stand_as_they_were_seen(real):
    files, shelf = real
    dated = [file for file in files if file.prepared_at is not None]
    assert len(dated) == 1035
    for file in dated:
        page = shelf.page(file.station, file.month, file.prepared_at)
        assert page.prepared_at == file.prepared_at
        assert dwo.parse(page.content, "a page").frame.equals(file.frame), file.product


@pytest.mark.slow
def test_a_value_that_the_bureau_put_right_is_wrong_until_then(real):
    files, shelf = real
    editions = defaultdict(list)
    for file in sorted((f for f in files if f.prepared_at), key=lambda f: f.prepared_at):
        editions[file.station, file.month].append(file)
    changed = 0
    for (station, month), several in editions.items():
        for before, after in pairwise(several):
            both = before.frame.merge(after.frame, on="Date", suffixes=("", "_later"))
            rain, later = both["Rainfall"], both["Rainfall_later"]
            put_right = both[(rain != later) & rain.notna() & later.notna()]
            for _, day in put_right.iterrows():
                at = after.prepared_at - timedelta(seconds=1)
                for moment, rain in [
                    (at, day["Rainfall"]),
                    (after.prepared_at, day["Rainfall_later"]),
                ]:
                    rows = dwo.parse(shelf.page(station, month, moment).content, "a page").frame
                    assert rows.loc[rows["Date"] == day["Date"], "Rainfall"].item() == rain
                changed += 1
    assert changed >= 160
