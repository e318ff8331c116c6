"""Work in pieces: a cluster gives the same figures as one process alone, a worker that is killed in
the middle costs time only, and what a cluster lacks is said in one line.
"""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from operator import mul
from pathlib import Path

import numpy as np
import pytest

from raincast import pieces
from raincast.cluster import dask as cluster
from raincast.cluster import workers
from raincast.errors import BadInput, NotEnoughData, ServerUnavailable
from raincast.learning import examples, fitting
from raincast.loop import hindcast, history, train
from raincast.settings import Settings
from raincast.store.registry import Registry
from tests import clusters, learned
from tests.tracked_runs import free_port

FEW = learned.TINY | {
    "n_estimators": 5, "perceptrons": 1, "epochs": 1, "networks": 1, "network_epochs": 1
}  # fmt: skip
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""As the workers of a nanny have them."""
ASKED = hindcast.Wish(date(2015, 2, 1), date(2016, 2, 10), "3pm", truth=True)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return learned.root(tmp_path_factory.mktemp("root"))


def test_alone_each_piece_is_done_when_its_result_is_asked_for():
    done: list[int] = []
    results = pieces.HERE.each(lambda _, piece: done.append(piece), None, [3, 1, 2], "work")
    assert done == []
    next(results)
    assert done == [3]
    assert len(list(results)) == 2
    assert done == [3, 1, 2]


def test_without_an_address_this_process_works():
    assert workers.of(Settings()) is pieces.HERE


def test_the_library_is_wanted_where_an_address_is_set(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "raincast.cluster.dask")
    with pytest.raises(ModuleNotFoundError, match="distributed"):
        workers.of(Settings(cluster="tcp://127.0.0.1:8786"))


@pytest.mark.parametrize("address", ["nonsense://somewhere", "tcp://127.0.0.1:{free}"])
def test_an_address_where_nobody_answers_is_named(address: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cluster, "PATIENCE_SECONDS", 0.5)
    address = address.format(free=free_port())
    work = workers.of(Settings(cluster=address)).each(mul, 1.0, [1.0], "work")
    with pytest.raises(ServerUnavailable, match="does not answer as a Dask scheduler") as told:
        list(work)
    assert address in str(told.value)


@pytest.mark.slow
def test_a_hindcast_outlives_a_worker(
    root: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    model = Registry(root.models).load_active()
    alone = hindcast.hindcast(root, model, ASKED, learned.TRAINED_AT, tmp_path / "alone.csv")
    monkeypatch.setattr(hindcast, "_CHUNK_STATION_DAYS", 4 * len(alone) // 200)
    with clusters.running(tmp_path / "cluster", "one", "two") as there:
        shared = replace(root, cluster=there.address)
        out = tmp_path / "shared.csv"
        with there.losing_one("hindcast") as killed:
            rows = hindcast.hindcast(shared, model, ASKED, learned.TRAINED_AT, out)
            assert killed.is_set(), "it was over before the worker could be killed"
        assert sum(one.poll() is None for one in there.workers.values()) == 1
    assert rows.equals(alone)
    assert out.read_bytes() == (tmp_path / "alone.csv").read_bytes()


@pytest.mark.slow
def test_a_training_outlives_a_worker(root: Settings, tmp_path: Path):
    asked = replace(root, root=tmp_path / "shared")
    learned.with_history(asked)
    with clusters.running(tmp_path / "cluster", "one", "two") as there:
        asked = replace(asked, cluster=there.address)
        with there.losing_one("fit") as killed:
            done = train.train(asked, learned.TINY, learned.TRAINED_AT)
            assert killed.is_set(), "it was over before the worker could be killed"
    theirs, mine = Registry(asked.models), Registry(root.models)
    alone = mine.load_active()
    assert done.thresholds == alone.metadata.thresholds
    rows = examples.of_regime(history.prepared_panel(root), "3pm", *fitting.year(2015)).given
    judged = mine.load(str(alone.metadata.judged_version))
    for version, model in ((done.version, alone), (done.judged, judged)):
        chances = theirs.load(version).probabilities(rows)
        assert np.array_equal(chances, model.probabilities(rows))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Mean of empty|Degrees of freedom:RuntimeWarning")
def test_a_model_is_the_same_whoever_fits_its_parts(root: Settings, pair: clusters.Started):
    known = history.prepared_panel(root)
    span = fitting.Span(known.first, date(2015, 3, 31))
    alone, shared = (
        fitting.fit(known, span, FEW, workers=by)[-1]
        for by in (pieces.HERE, workers.of(Settings(cluster=pair.address)))
    )
    assert alone.networks_[0].losses_ == shared.networks_[0].losses_
    rows = examples.of_regime(known, "9am", date(2015, 5, 1), date(2015, 5, 31)).given
    assert np.array_equal(alone.log_odds(rows), shared.log_odds(rows))


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[clusters.Started]:
    """One worker, of one thread, and room for more."""
    with clusters.running(tmp_path_factory.mktemp("there") / "cluster") as there:
        there.add("one", **ONE_THREAD)
        there.await_workers(1)
        yield there


@pytest.mark.slow
def test_results_come_in_the_order_of_the_pieces(pair: clusters.Started):
    by = workers.of(Settings(cluster=pair.address))
    asked: Sequence[float] = [3.0, 1.0, 2.0]
    assert list(by.each(mul, 4.0, asked, "work")) == [12.0, 4.0, 8.0]


@pytest.mark.slow
def test_what_a_piece_refuses_comes_back_as_it_was_said(pair: clusters.Started):
    def refused(shared: str, _: object) -> None:
        raise NotEnoughData(shared)

    by = workers.of(Settings(cluster=pair.address))
    with pytest.raises(NotEnoughData, match="too few"):
        list(by.each(refused, "too few", [1], "work"))


@pytest.mark.slow
def test_a_worker_of_another_version_is_refused(pair: clusters.Started, tmp_path: Path):
    found = tmp_path / "raincast-9.9.dist-info"
    found.mkdir()
    (found / "METADATA").write_text("Metadata-Version: 2.1\nName: raincast\nVersion: 9.9\n")
    pair.add("other", PYTHONPATH=str(tmp_path))
    by = workers.of(Settings(cluster=pair.address))
    pair.await_workers(2)
    with pytest.raises(BadInput, match=r"worker tcp://\S+ has raincast 9\.9, expected"):
        list(by.each(mul, 1.0, [1.0], "work"))
    pair.workers["other"].kill()


@pytest.mark.slow
def test_a_cluster_without_workers_or_that_loses_one_after_the_other_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fatal(_: object, status: int) -> None:
        os._exit(status)

    # Of a scheduler: none may be lost to a piece, where three may as a rule.
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")
    monkeypatch.setattr(cluster, "PATIENCE_SECONDS", 2)
    with clusters.running(tmp_path / "cluster") as there:
        by = workers.of(Settings(cluster=there.address))
        with pytest.raises(ServerUnavailable, match=r"has no worker; start one \(`dask worker"):
            list(by.each(mul, 1.0, [1.0], "work"))
        there.add("one")
        there.await_workers(1)
        with pytest.raises(ServerUnavailable, match="a piece of work ended one worker of"):
            list(by.each(fatal, None, [1], "work"))


@pytest.mark.slow
def test_a_scheduler_that_goes_away_is_told_of(tmp_path: Path):
    def waits(_: object, seconds: float) -> None:
        time.sleep(seconds)

    with clusters.running(tmp_path / "cluster", "one") as there:
        results = workers.of(Settings(cluster=there.address)).each(waits, None, [0, 60], "work")
        next(results)
        there.scheduler.kill()
        with pytest.raises(ServerUnavailable, match="went away during work; start it again"):
            next(results)
