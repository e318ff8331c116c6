"""The watch on simulated weather: a drift, lost sensors and moved stations show within days; the
season and gaps that were always there do not.
"""

from datetime import date, timedelta

import numpy as np
import pytest

from raincast.observations import panel
from raincast.observations.panel import Panel
from raincast.simulator import Climate, simulate
from raincast.verification.watch import detection, findings, inputs
from raincast.verification.watch.memory import Memory, learned, uncharted

FIRST, LAST = date(2009, 1, 1), date(2011, 12, 31)
BEGINS, CHANGE, ENDS = date(2012, 6, 1), date(2012, 6, 21), date(2012, 7, 5)


@pytest.fixture(scope="module")
def known() -> Memory:
    return learned(panel.from_frame(simulate(FIRST, LAST, 9)), {})


def levels(climate: Climate, known: Memory) -> tuple[Panel, detection.Levels]:
    observed = panel.from_frame(simulate(BEGINS - timedelta(days=9), ENDS, 11, climate))
    parts = detection.evidence(observed, {}, known)
    return observed, detection.levels(parts, observed.position(BEGINS))


@pytest.mark.parametrize(
    ("climate", "kind", "what"),
    [
        (Climate(CHANGE, humidity_bias=-10), "relation", "Humidity"),
        (Climate(CHANGE, lost_share=1 / 3), "missing", ""),
    ],
    ids=["humidity 10 % low", "sensors lost"],
)
def test_a_change_is_told_within_two_weeks(climate, kind, what, known):
    observed, found = levels(climate, known)
    before = (CHANGE - BEGINS).days
    assert found.log_all[:before].max() < np.log(730)
    assert found.log_all[-1] > np.log(730)
    told = findings.found(found, 730, observed, known.usual)
    one = next(one for one in told if one.kind == kind and one.what.startswith(what))
    assert abs((date.fromisoformat(one.since) - CHANGE).days) <= 4
    assert one.remedy.startswith("repair data")
    assert one.level_days is not None
    assert one.level_days >= 730


def test_where_nothing_changes_nothing_is_found(known):
    observed, found = levels(Climate(), known)
    assert found.log_all.max() < np.log(730)
    assert findings.found(found, 730, observed, known.usual) == []


def test_a_silent_station_is_a_gap(known):
    observed, _ = levels(Climate(), known)
    values, seen = observed.values.copy(), observed.seen.copy()
    values[-20:, 3], seen[-20:, 3] = np.nan, False
    silent = Panel(observed.first, values, seen, network=observed.network)
    told = [one for one in findings.gaps(silent, known.usual) if one.what == "rows"]
    assert [one.where for one in told] == [observed.network.locations[3]]
    assert told[0].since == str(ENDS - timedelta(days=19))
    assert "accept-change" not in told[0].remedy  # silence is watched, whatever was noted


def test_a_change_that_is_for_good_is_looked_past_and_another_is_not(known) -> None:
    """A station's humidity off by far: an alarm; none once it is noted; another's is one still."""
    history = panel.from_frame(simulate(FIRST, LAST, 9))
    frame = simulate(BEGINS - timedelta(days=9), ENDS, 11)
    off = frame["Location"] == "Cairns"
    frame.loc[off, ["Humidity9am", "Humidity3pm"]] *= 0.4
    observed = panel.from_frame(frame)

    def surest(known: Memory) -> tuple[bool, str]:
        parts = detection.evidence(observed, {}, known)
        seen = detection.levels(parts, observed.position(BEGINS))
        alone = seen.log_level[-1] + np.log(seen.weights)
        return bool(seen.log_all[-1] >= np.log(730)), seen.streams[int(alone.argmax())].where

    assert surest(known) == (True, "Cairns")
    changed = np.zeros((len(history.network), len(inputs.FIELDS)), dtype=bool)
    changed[history.network.index["Cairns"]] = True
    assert not surest(learned(history, {}, changed))[0]
    elsewhere = np.roll(changed, 1, axis=0)
    assert surest(learned(history, {}, elsewhere)) == (True, "Cairns")


def test_a_station_of_ten_months_is_not_compared(known) -> None:
    """Its own past is a season short: no value of it gives evidence, and the report can say so; its
    silence is watched.
    """
    history = panel.from_frame(simulate(FIRST, LAST, 9))
    new = history.network.index["Cairns"]
    values, seen = history.values.copy(), history.seen.copy()
    values[:795, new], seen[:795, new] = np.nan, False
    short = learned(Panel(history.first, values, seen, network=history.network), {})
    observed = panel.from_frame(simulate(BEGINS - timedelta(days=9), ENDS, 11))
    parts = detection.evidence(observed, {}, short)
    of_new = [
        part.log_e[:, i]
        for part in parts
        for i, stream in enumerate(part.streams)
        if stream.where == "Cairns"
    ]
    assert of_new
    assert not np.any(of_new)
    assert set(uncharted(observed, short)) == {"Cairns", "Darwin"}  # it is one of Darwin's three
    assert uncharted(observed, known) == []
    assert short.usual.silent[new] < 1


def test_a_past_of_two_years_charts_no_value(known) -> None:
    """One year does not say what is usual in the other."""
    short = learned(panel.from_frame(simulate(date(2010, 1, 1), LAST, 9)), {})
    assert not short.charts["difference"].known.any()
    assert known.charts["difference"].known.mean() > 0.7
    assert short.charts["silent"].known.all()
