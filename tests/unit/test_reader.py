"""A journal of any age is read; a spoiled line costs that line alone, and is reported."""

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.forecasts.reader import header_of, parse, rewritten
from raincast.forecasts.row import COLUMNS, FIXED, OLDER, lines
from tests.journals import EIGHT, FORECAST, SEVEN, WHOLE

TODAY = ",".join(COLUMNS)


def journal(*rows: str) -> bytes:
    return ("\n".join(rows) + "\n").encode()


def reason(*rows: str) -> str:
    reading = parse(journal(*rows))
    assert list(reading.unreadable.index) == [len(rows)]
    return reading.unreadable.iloc[0]


def test_the_columns_are_typed():
    found = parse(journal(TODAY, WHOLE)).rows
    assert list(found.columns) == list(COLUMNS)
    assert found.dtypes.astype(str).to_dict() == {
        **dict.fromkeys(("logged_at_utc", "issued_at_utc"), "datetime64[us, UTC]"),
        **dict.fromkeys(("feature_date", "target_date"), "datetime64[s]"),
        **dict.fromkeys(
            (
                "location",
                "station_name",
                "regime",
                "model_version",
                "missing",
                "exceedance",
                "forecast_id",
                "basis",
            ),
            "str",
        ),
        **dict.fromkeys(("rain_probability", "threshold"), "float64"),
        "use_latest": "bool",
        "predicted_rain": "int64",
    }


@pytest.mark.parametrize("data", [b"", b"\n\n", journal(TODAY), journal(",".join(OLDER))])
def test_a_journal_without_rows_has_the_columns_and_their_types(data: bytes):
    reading = parse(data)
    assert len(reading.rows) == len(reading.unreadable) == 0
    pd.testing.assert_series_equal(reading.rows.dtypes, parse(journal(TODAY, WHOLE)).rows.dtypes)


def test_seven_columns_the_feature_date_is_the_day_before_the_target():
    row = parse(journal(",".join(OLDER), SEVEN)).rows.iloc[0]
    assert (row["feature_date"], row["target_date"]) == (
        pd.Timestamp("2026-02-18"),
        pd.Timestamp("2026-02-19"),
    )
    assert row["location"] == "Albury"
    assert (row["rain_probability"], row["predicted_rain"]) == (0.75, 1)
    assert (
        row[["issued_at_utc", "regime", "threshold", "model_version", "forecast_id"]].isna().all()
    )


def test_naive_times_are_utc_and_offsets_are_heeded():
    stamps = [
        "2026-02-18 06:00",
        "2026-02-18T06:00:00.25",
        "2026-02-18T16:00:00+10:00",
        "2026-02-18T06:00:00Z",
        "",
    ]
    rows = [EIGHT.replace("2026-02-18T06:00:12+00:00", stamp) for stamp in stamps]
    found = parse(journal(",".join(FIXED), *rows)).rows["logged_at_utc"]
    expected = pd.to_datetime(
        ["2026-02-18T06:00", "2026-02-18T06:00:00.25", *["2026-02-18T06:00"] * 2, None],
        utc=True,
        format="ISO8601",
    )
    assert list(found.iloc[:4]) == list(expected[:4])
    assert pd.isna(found.iloc[4])


def test_rows_of_every_age_in_one_file_whatever_its_header_says():
    for header in (OLDER, FIXED, COLUMNS):
        found = parse(journal(",".join(header), SEVEN, EIGHT, WHOLE))
        assert found.unreadable.empty
        assert list(found.rows["location"]) == ["Albury", "Cairns", "AliceSprings"]


def test_columns_in_another_order_and_columns_of_others_are_read_by_their_names():
    names = (*COLUMNS[::-1], "note")
    cells = [*WHOLE.split(",")[::-1], "a note"]
    pd.testing.assert_frame_equal(
        parse(journal(",".join(names), ",".join(cells))).rows, parse(journal(TODAY, WHOLE)).rows
    )


@pytest.mark.parametrize(
    "spelling", ["Alice Springs", "alicesprings", "ALICE SPRINGS", " AliceSprings "]
)
def test_rows_by_hand_name_their_station_as_they_like(spelling: str):
    row = f"2026-02-18 07:00,2026-2-8,2026-02-09,{spelling},no,,0.4,Yes"
    found = parse(journal(TODAY, WHOLE, row)).rows.iloc[1]
    assert found["location"] == "AliceSprings"
    assert found["feature_date"] == pd.Timestamp("2026-02-08")
    assert found["predicted_rain"] == 1
    assert not found["use_latest"]


def test_a_row_without_location_is_that_of_the_station_asked_for():
    assert parse(journal(TODAY, EIGHT.replace(",Cairns,True", ",,True"))).rows[
        "location"
    ].tolist() == ["Cairns"]


def test_spreadsheets_and_other_systems_add_quotes_marks_and_line_ends():
    quoted = EIGHT.replace("True,Cairns", 'True,"Cairns, ""Airport"""')
    data = b"\xef\xbb\xbf" + journal(
        ",".join(f'"{name}"' for name in FIXED), quoted, ",,,,,,,", "", EIGHT
    ).replace(b"\n", b"\r\n")
    found = parse(data)
    assert found.unreadable.empty
    assert found.rows["station_name"].tolist() == ["Cairns 'Airport'", "Cairns"]


def test_letters_that_are_no_utf8_do_no_harm():
    data = journal(TODAY, EIGHT).replace(b"True,Cairns", b"True,Cairns \xb0")
    assert parse(data).rows["location"].tolist() == ["Cairns"]


@pytest.mark.parametrize(
    ("good", "bad", "told"),
    [
        ("Cairns,True", "Gotham,True", "location: found 'Gotham', expected a station's name"),
        (",0.125,", ",1.25,", "rain_probability: found '1.25', expected 0 to 1"),
        (",0.125,", ",high,", "rain_probability: found 'high'"),
        (",0.125,", ",nan,", "rain_probability: found 'nan'"),
        (",0.125,0", ",0.125,2", "predicted_rain: found '2', expected 0 or 1"),
        (
            "2026-02-19",
            "2026-02-20",
            "target_date: found '2026-02-20', expected the day after feature_date",
        ),
        ("2026-02-18,2026-02-19", "18/02/2026,19/02/2026", "target_date: found '19/02/2026'"),
        ("2026-02-18,2026-02-19", "2026-02-30,2026-02-31", "target_date: found '2026-02-31'"),
        (
            "2026-02-18T06:00:12+00:00",
            "yesterday",
            "logged_at_utc: found 'yesterday', expected a time such as",
        ),
        (",Cairns,True,Cairns,0.125,0", ",Cairns,True", "found 5 cells, expected 8 or 16"),
    ],
)
def test_what_cannot_be_read_is_reported_and_costs_its_line_alone(good: str, bad: str, told: str):
    assert good in EIGHT
    assert told in reason(TODAY, WHOLE, EIGHT.replace(good, bad))
    assert len(parse(journal(TODAY, WHOLE, EIGHT.replace(good, bad), SEVEN)).rows) == 2


@pytest.mark.parametrize(
    ("good", "bad", "told"),
    [
        (",3pm,", ",noon,", "regime: found 'noon'"),
        (",0.31,", ",low,", "threshold"),
        ("+00:00,3pm", "+00,3pm", None),
        ("abcdef", "", "forecast_id"),
    ],
)
def test_the_further_columns_are_checked_where_they_are_filled(
    good: str, bad: str, told: str | None
):
    assert good in WHOLE
    found = parse(journal(TODAY, WHOLE.replace(good, bad, 1))).unreadable
    assert (told in found.iloc[0]) if told else found.empty


LACKS_BASIS = WHOLE.rindex(",")
"""A line that ends here is whole, but for what it rests on."""


def test_a_journal_from_before_the_basis_is_read():
    header = TODAY.removesuffix(",basis")
    found = parse(journal(header, WHOLE[:LACKS_BASIS]))
    assert found.rows["forecast_id"].tolist() == [FORECAST.forecast_id]
    assert found.rows["basis"].isna().all()
    assert parse(rewritten(journal(header, WHOLE[:LACKS_BASIS]))).rows.equals(found.rows)


@given(st.integers(1, len(WHOLE) - 1))
def test_a_torn_line_never_swallows_the_next_and_never_passes_for_a_full_row(cut: int):
    found = parse(journal(TODAY, WHOLE[:cut], WHOLE))
    assert found.rows["forecast_id"].iloc[-1] == FORECAST.forecast_id
    for row in found.rows.iloc[:-1].itertuples():
        assert pd.isna(row.basis)
        assert (
            row.forecast_id == FORECAST.forecast_id
            if cut > LACKS_BASIS
            else pd.isna(row.forecast_id)
        )
        assert (row.rain_probability, row.predicted_rain) == (
            FORECAST.rain_probability,
            FORECAST.predicted_rain,
        )


def test_a_quote_that_never_closes_ends_with_its_line():
    torn = EIGHT[: EIGHT.index("True,")] + 'True,"Adelaide (West'
    found = parse(journal(TODAY, torn, EIGHT))
    assert (len(found.rows), len(found.unreadable)) == (1, 1)


def test_nul_bytes_left_by_a_power_cut_are_a_torn_line():
    found = parse(journal(TODAY, WHOLE, "\0" * 300, EIGHT))
    assert (len(found.rows), list(found.unreadable.index)) == (2, [3])


@given(
    st.lists(st.sampled_from([SEVEN, EIGHT, WHOLE, "torn,line", ""]), max_size=8),
    st.sampled_from([OLDER, FIXED, COLUMNS]),
)
def test_a_rewritten_journal_says_the_same_under_todays_header(
    rows: list[str], header: tuple[str, ...]
):
    before = parse(journal(",".join(header), *rows))
    data = rewritten(journal(",".join(header), *rows))
    assert header_of(data.splitlines()[0]) == COLUMNS
    pd.testing.assert_frame_equal(parse(data).rows, before.rows)
    assert sorted(parse(data).unreadable) == sorted(before.unreadable)
    assert rewritten(data) == data


def test_a_rewritten_journal_keeps_columns_that_others_added():
    data = rewritten(journal(",".join((*FIXED, "note", "")), EIGHT + ",looked right,"))
    assert data.decode().splitlines()[0].endswith(",forecast_id,basis,note,_10")
    assert ",looked right," in data.decode()


@pytest.mark.slow
def test_a_million_rows_are_read_in_seconds():
    rng = np.random.default_rng(0)
    rows = [
        FORECAST._replace(rain_probability=p, forecast_id=f"{i:032x}")
        for i, p in enumerate(rng.random(1000))
    ]
    data = journal(TODAY) + lines(rows) * 1000
    began = time.process_time()
    assert len(parse(data).rows) == 1_000_000
    assert time.process_time() - began < 10
