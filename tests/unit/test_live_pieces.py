"""The live report by groups, which pieces of the rows give like the whole."""

import numpy as np
import pandas as pd
import pytest

from raincast.forecasts import origin, reader
from raincast.forecasts.row import COLUMNS, lines
from raincast.verification import compact, live_report
from tests.live import of_scored, panel_of
from tests.observed import day, forecast


def varied() -> pd.DataFrame:
    """Rows of every source and basis, the older ones by hand."""
    told = [
        (0, {"regime": "9am"}),
        (1, {"basis": "neighbours"}),
        (1, {"basis": "today", "hour": 7}),
        (2, {"regime": "complete", "basis": "climatology"}),
        (3, {"regime": "9am", "basis": "yesterday", "location": "Cairns"}),
        (3, {"use_latest": False, "hour": 9}),
    ]
    made = [
        forecast(other.pop("location", "Albury"), i, 0.4 + i / 10, **other)._replace(
            forecast_id=f"{n:032x}"
        )
        for n, (i, other) in enumerate(told)
    ]
    by_hand = f"{day(1)}T06:00:12+00:00,{day(1)},{day(2)},Cairns,True,Cairns,0.125,0\n".encode()
    return reader.parse(",".join(COLUMNS).encode() + b"\n" + lines(made) + by_hand).rows


RAIN = {(place, i): 5.0 * (i % 2) for place in ("Albury", "Cairns") for i in range(5)}


def test_every_basis_and_source_has_its_place() -> None:
    observed = panel_of(RAIN)
    found = of_scored(live_report.with_truth(varied(), observed), observed, 3, 1)
    assert list(found["by_basis"]) == ["climatology", "today", "yesterday", "not recorded"]
    assert found["callers"]["rows"] == found["climatology_rows"] == found["repeated_rows"] == 1


@pytest.mark.parametrize("at_once", [1, 3, 1 << 20])
def test_what_counts_is_what_the_frame_says(at_once: int, monkeypatch) -> None:
    monkeypatch.setattr(compact, "ROWS_IN_ORDER", at_once)  # stations one by one, or together
    scored = live_report.with_truth(varied(), panel_of(RAIN))
    rows = compact.rows(scored)
    assert compact.chosen(rows, compact.slots(scored)).tolist() == origin.chosen(scored).tolist()
    assert origin.SOURCES[rows.source[-1]] == origin.HAND


def test_pieces_give_the_report_of_the_whole() -> None:
    observed = panel_of(RAIN)
    scored = live_report.with_truth(varied(), observed)
    pieces = [compact.rows(scored[:2]), compact.rows(scored[2:])]
    whole, joined = compact.rows(scored), compact.together(pieces)
    assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(whole, joined, strict=True))


def test_rows_are_parted_where_they_lie() -> None:
    rows = compact.rows(live_report.with_truth(varied(), panel_of(RAIN)))
    p, caller = rows.p.copy(), rows.source == origin.SOURCES.index(origin.CALLER)
    wet = rows.with_truth & (rows.reading == compact.WET)
    first, second = compact.parted(rows, [wet, caller | wet])
    assert first.p.tolist() == p[wet].tolist()
    assert second.p.tolist() == p[caller & ~wet].tolist()
    assert sorted(rows.p) == sorted(p)
