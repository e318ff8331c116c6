"""How many rows a model is fitted to."""

import tempfile
from collections import Counter
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from raincast.learning import blend, estimators, examples, fitting, pipelines, training_rows, trees
from raincast.learning.examples import Examples
from raincast.observations import panel
from raincast.observations.panel import Panel
from tests.learned import TINY, weather

SPAN = fitting.Span(date(2015, 1, 1), date(2015, 6, 30))


@pytest.fixture(scope="module")
def observed() -> Panel:
    return panel.from_frame(weather(SPAN.first, date(2015, 7, 2)))


@pytest.fixture(scope="module")
def rows(observed: Panel) -> Examples:
    return training_rows.for_training(observed, *SPAN)


def chances(observed: Panel, rows: Examples, **params: object) -> np.ndarray:
    return fitting.fit(observed, SPAN, TINY | {"n_estimators": 5} | params).predict_proba(rows.X)


def test_drawn_rows_are_distinct_and_the_same_each_time(observed: Panel, rows: Examples) -> None:
    def drawn(seed: int) -> Examples:
        return training_rows.for_training(observed, *SPAN, seed, most=len(rows) // 2)

    few = drawn(0)
    assert len(few) == len(rows) // 2
    everything, some = (
        Counter(row.tobytes() for row in np.column_stack([r.X, r.y])) for r in (rows, few)
    )
    assert some <= everything
    np.testing.assert_array_equal(few.X, drawn(0).X)
    assert not np.array_equal(few.day, drawn(1).day)


def test_no_bound_or_one_that_is_not_reached_changes_nothing(
    observed: Panel, rows: Examples
) -> None:
    np.testing.assert_array_equal(
        chances(observed, rows), chances(observed, rows, fit_rows=len(rows))
    )


def test_a_bound_is_kept(observed: Panel, rows: Examples) -> None:
    few = training_rows.for_training(observed, *SPAN, most=300)
    drawn = fitting.fit(observed, SPAN, TINY | {"n_estimators": 5, "fit_rows": 300})
    alone = pipelines.train(few.X, few.y, TINY | {"n_estimators": 5})
    np.testing.assert_array_equal(drawn.predict_proba(rows.X), alone.predict_proba(rows.X))


def test_a_share_of_whole_station_years_is_fitted_to_without_its_number() -> None:
    day = np.arange("2008-01-01", "2016-01-01", 30, dtype="datetime64[D]")
    station, day = (part.ravel() for part in np.meshgrid(np.arange(49), day, indexing="ij"))
    gone = training_rows.without_number(day, station, seed=3)
    year = day.astype("datetime64[Y]")
    by_group = [set(gone[(station == s) & (year == y)]) for s in range(49) for y in np.unique(year)]
    assert all(len(found) == 1 for found in by_group)
    share = np.mean([found == {True} for found in by_group])
    assert abs(share - examples.STATION_WITHHELD_SHARE) < 0.05


def test_the_training_set_has_rows_without_a_number() -> None:
    observed = panel.from_frame(weather(date(2014, 11, 1), date(2015, 2, 2)))
    span = date(2014, 11, 1), date(2015, 1, 31)
    sets = [training_rows.for_training(observed, *span, seed) for seed in range(4)]
    shares = [np.isnan(rows.X[:, 0]).mean() for rows in sets]
    assert 0 < max(shares) < 1


def test_trees_that_are_fitted_on_disk_are_those_in_memory(
    observed: Panel, rows: Examples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of many blocks and some pages; the last one is not full."""
    monkeypatch.setattr(trees, "PAGE_ROWS", len(rows) // 3)
    given = {**blend.DEFAULT_PARAMS, **TINY, "perceptrons": 0, "n_estimators": 5}
    drawn = training_rows.drawn(observed, *SPAN)
    made = estimators.train_on_disk(drawn, given, 0, observed.network, str(tmp_path))
    alone = estimators.train(rows.X, rows.y, given, 0, observed.network)
    ours, theirs = (one[-1].trees_.get_booster().get_dump() for one in (made, alone))
    assert ours == theirs
    np.testing.assert_array_equal(made.predict_proba(rows.X), alone.predict_proba(rows.X))
    assert made[-1].numbers_ == alone[-1].numbers_
    assert not list(tmp_path.iterdir())


def test_of_drawn_rows_those_on_disk_are_the_same(observed: Panel) -> None:
    drawn = training_rows.drawn(observed, *SPAN, most=500)
    few = drawn.examples()
    blocks = [np.column_stack(block) for block in drawn.blocks()]
    on_disk, in_memory = np.concatenate(blocks), np.column_stack([few.X, few.y])
    assert sorted(row.tobytes() for row in on_disk) == sorted(row.tobytes() for row in in_memory)


@pytest.mark.parametrize(("most", "folders"), [(0, 1), (1 << 28, 0)])
def test_size_decides_where_trees_are_fitted(
    observed: Panel, monkeypatch: pytest.MonkeyPatch, most: int, folders: int
) -> None:
    opened = []

    def scratch() -> AbstractContextManager[str]:
        opened.append(tempfile.TemporaryDirectory())
        return opened[-1]

    monkeypatch.setattr(trees, "MOST_IN_MEMORY", most)
    given = TINY | {"perceptrons": 0, "n_estimators": 2, "fit_rows": 500}
    fitting.fit(observed, SPAN, given, scratch=scratch)
    assert len(opened) == folders
    assert not any(Path(folder.name).exists() for folder in opened)


def test_what_looks_at_all_rows_at_once_is_fitted_in_memory() -> None:
    for others in ({"perceptrons": 1}, {"model": "a:b"}, {"resampling": "under"}):
        assert not estimators.takes_blocks(blend.DEFAULT_PARAMS | others)
    assert estimators.takes_blocks(blend.DEFAULT_PARAMS)
