"""What is kept beside the rows: each document comes back as it was written, or is refused or made
anew; a model's two files belong together or are none.
"""

import json
import logging
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from raincast.errors import BadFile, BadInput, NoModel
from raincast.learning.baselines import Baseline
from raincast.learning.metadata import ModelMetadata
from raincast.settings import Settings
from raincast.store import (
    best_parameters,
    files,
    kept_baselines,
    model_files,
    model_history,
    params,
    prepared,
    stores,
)
from raincast.store.best_parameters import BestParameters
from raincast.store.journal import keep
from raincast.store.ledger import Ledger
from raincast.store.pickles import dumped, libraries
from raincast.verification.evaluation import TunedBaseline

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)


class TestBaselines:
    """Fitted baselines, as numbers beside the model that they were fitted for."""

    TUNED = TunedBaseline(
        Baseline("persistence", {"chances": np.array([0.1, 1 / 3, 0.7])}), 0.30000000000000004
    )

    def test_they_come_back_to_the_last_bit(self, tmp_path: Path) -> None:
        path, key = tmp_path / "v1.json", kept_baselines.key(version="v1", rows=9)
        kept_baselines.write(path, key, {"9am": [self.TUNED], "3pm": []})
        found = kept_baselines.read(path, key)
        assert found is not None
        assert list(found) == ["9am", "3pm"]
        (again,) = found["9am"]
        assert (again.baseline.name, again.threshold) == ("persistence", self.TUNED.threshold)
        assert (again.baseline.arrays["chances"] == self.TUNED.baseline.arrays["chances"]).all()

    def test_those_of_something_else_are_fitted_anew(self, tmp_path: Path) -> None:
        path = tmp_path / "v1.json"
        key = kept_baselines.key(version="v1", first=date(2024, 1, 1))
        assert kept_baselines.read(path, key) is None, "there are none"
        kept_baselines.write(path, key, {"9am": [self.TUNED]})
        assert key == kept_baselines.key(first=date(2024, 1, 1), version="v1")
        assert kept_baselines.read(path, kept_baselines.key(version="v2")) is None
        path.write_text(path.read_text()[:-20])
        assert kept_baselines.read(path, key) is None, "damaged ones are no trouble either"

    def test_a_kind_that_is_no_more_is_left_out(self, tmp_path: Path) -> None:
        path = tmp_path / "v1.json"
        former = TunedBaseline(Baseline("oracle", {}), 0.5)
        kept_baselines.write(path, "k", {"9am": [former, self.TUNED]})
        found = kept_baselines.read(path, "k")
        assert found is not None
        assert [one.baseline.name for one in found["9am"]] == ["persistence"]


def test_the_best_parameters_are_read_as_a_search_wrote_them(tmp_path: Path) -> None:
    path = tmp_path / "models/best_params.json"
    assert best_parameters.read(path) is None
    best = BestParameters(
        study_name="s", best_value=0.5, best_params={"max_depth": 3}, searched_to=date(2024, 2, 29)
    )
    best_parameters.write(path, best)
    assert best_parameters.read(path) == best
    assert list(json.loads(path.read_text())) == [
        "study_name",
        "best_value",
        "best_params",
        "searched_to",
    ], "what is not known is not written"
    path.write_text('{"study_name": "s", "best_params": {}}')
    with pytest.raises(BadFile, match=r"best_params\.json, field 'best_value': found 'nothing'"):
        best_parameters.read(path)


def test_a_history_that_was_not_prepared_is_said_with_what_prepares_it(tmp_path: Path) -> None:
    path = tmp_path / "prepared_meta.json"
    assert prepared.read(path) is None
    with pytest.raises(BadFile, match="`raincast prepare` writes it"):
        prepared.require(path)
    files.write_json(path, {"rows": 2, "first_date": "2024-01-01", "last_date": "2023-13-01"})
    with pytest.raises(BadFile, match="last_date"):
        prepared.require(path)
    files.write_json(path, {"rows": 2, "first_date": "2024-02-29", "last_date": "2024-03-01"})
    assert prepared.require(path).first_date == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("train:\n  max_depth: 3\n  max_depth: 4\n", "the key 'max_depth' twice"),
        ("train: {}\ntrain: {}\n", "the key 'train' twice"),
        ("train: [\n", "expected YAML in UTF-8"),
        ("prepare:\n  first_date: 2024-02-30\n", "expected YAML in UTF-8"),
    ],
)
def test_a_file_of_parameters_that_is_none_is_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "params.yaml"
    path.write_text(text)
    with pytest.raises(BadFile) as caught:
        params.read(path)
    assert str(path) in str(caught.value)
    assert said in str(caught.value)


def test_parameters_that_nobody_wrote_are_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "params.yaml"
    missing = params.read(path)
    path.write_text("# nothing\n")
    assert params.read(path) == missing
    path.write_text("prepare: {first_date: 2024-02-29}\ntrain: {max_depth: 3}\n")
    found = params.read(path)
    assert found.first_date == date(2024, 2, 29)
    assert found.model == missing.model | {"max_depth": 3}
    path.write_bytes(b"train: {max_depth: \xff}\n")
    with pytest.raises(BadFile, match="UTF-8"):
        params.read(path)


def model(version: str, data: bytes) -> ModelMetadata:
    sha256 = model_files.sha256(data)
    return ModelMetadata(version=version, threshold=0.5, stations=["Albury"], sha256=sha256)


def test_two_files_are_a_model_where_the_one_names_the_other(tmp_path: Path) -> None:
    assert not model_files.whole(tmp_path)
    with pytest.raises(NoModel, match="is not there: `raincast train` makes a model"):
        model_files.read(tmp_path)
    model_files.write(tmp_path, model("v1", b"bytes"), b"bytes")
    assert model_files.read(tmp_path) == (model("v1", b"bytes"), b"bytes")
    (tmp_path / model_files.PIPELINE).write_bytes(b"other")
    assert not model_files.whole(tmp_path)
    with pytest.raises(NoModel, match="`raincast models promote v1` puts the kept copy back"):
        model_files.read(tmp_path)
    (tmp_path / model_files.PIPELINE).unlink()
    with pytest.raises(NoModel, match=r"pipeline\.joblib is not there"):
        model_files.read(tmp_path)


def test_what_is_kept_once_stays_and_what_a_crash_left_is_cleared_away(tmp_path: Path) -> None:
    folder = tmp_path / "versions/v1"
    torn = tmp_path / "versions/.abc.part"
    torn.mkdir(parents=True)
    (torn / "pipeline.joblib").write_bytes(b"half")
    model_files.keep(folder, model("v1", b"one"), b"one")
    model_files.keep(folder, model("v1", b"two"), b"two")
    assert model_files.read(folder)[1] == b"one"
    assert [one.name for one in folder.parent.iterdir()] == ["v1"]
    assert folder.stat().st_mode & 0o777 == 0o755, "others may look into it"


def outer() -> Any:
    """A function that no pickle can name."""

    def inner() -> None: ...

    return inner


def test_a_pickle_tells_which_modules_of_ones_own_it_needs(tmp_path: Path) -> None:
    own = outer.__module__
    data, modules = dumped({"made by": outer, "of": np.zeros(3), "at": Path})
    assert data
    assert list(modules) == [own], "numpy's and Python's own are told by their versions"
    assert modules[own].startswith("source ")
    assert {"python", "numpy", "sklearn", "xgboost"} <= set(libraries())
    with pytest.raises(BadInput, match="expected an estimator without lambdas"):
        dumped(outer())
    with (tmp_path / "open").open("w") as file, pytest.raises(BadInput, match="open files"):
        dumped(file)


def test_a_store_of_files_tells_of_each_thing_when_it_has_changed(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path)
    held = stores.of(settings)
    assert isinstance(held, stores.Files)
    assert not held.has_archive()
    assert not any(tmp_path.iterdir()), "to look makes nothing"
    paths = {
        "archive": settings.archive,
        "journal": settings.journal,
        "scored": settings.scored_journal,
        "history": settings.models / model_history.HISTORY,
        "verdicts": settings.verdicts,
    }
    for name, path in paths.items():
        before = {one: held.changed(one) for one in paths}
        files.write_text(path, "x")
        changed = [one for one in paths if held.changed(one) != before[one]]
        assert changed == [name]
    assert held.changed("journal", "scored") == (*held.changed("journal"), *held.changed("scored"))
    assert held.has_archive()
    log = settings.archive.with_name(f"{settings.archive.name}-wal")
    before = held.changed("archive")
    log.write_text("what SQLite writes first")
    assert held.changed("archive") != before


def test_the_first_rows_are_kept_and_the_rest_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "journal.csv"
    path.write_bytes(b"header\r\none\r\ntwo\r\nthree")
    keep(path, 2)
    assert path.read_bytes() == b"header\r\none\r\ntwo\r\n"
    keep(path, 9)
    assert path.read_bytes() == b"header\r\none\r\ntwo\r\n"
    keep(path, 0)
    assert path.read_bytes() == b"header\r\n"


def decision(action: str, version: str, previous: str | None, hour: int) -> dict[str, Any]:
    at = (NOW + timedelta(hours=hour)).isoformat()
    return {"at_utc": at, "action": action, "version": version, "previous": previous, "reason": "r"}


def test_a_line_that_is_no_decision_is_passed_over_and_what_a_later_version_adds_too(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / model_history.HISTORY
    whole = decision("promote", "a", None, 0) | {"colour": "green"}
    spoilt = [
        decision("crown", "b", "a", 1),
        decision("promote", "b", "a", 2) | {"at_utc": "2026-03-03T12:00:00"},
        {"action": "promote"},
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in [*spoilt, whole]))
    with caplog.at_level(logging.WARNING):
        (found,) = model_history.read(Ledger(path))
    assert (found.version, found.at) == ("a", NOW)
    assert len(caplog.records) == len(spoilt)
    assert all("take the line out" in record.getMessage() for record in caplog.records)


VERSIONS = st.sampled_from("abc")
ACTIONS = st.lists(
    st.tuples(st.sampled_from(["promote", "rollback", "refuse", "shadow", "restore"]), VERSIONS),
    max_size=12,
)


@example([("promote", "a"), ("promote", "b"), ("rollback", "a"), ("restore", "a")])
@example([("promote", "a"), ("shadow", "b"), ("restore", "a")])
@given(ACTIONS)
def test_the_pile_is_that_of_promotions_on_top_of_each_other_and_rollbacks_down(
    actions: list[tuple[str, str]],
) -> None:
    """The decisions that a registry would take, and a stack that is kept by hand beside them."""
    stack: list[str] = []
    history = []
    for hour, (action, version) in enumerate(actions):
        active = stack[-1] if stack else None
        if action == "rollback":
            if len(stack) < 2:
                continue
            version = stack[-2]
            stack.pop()
        elif action == "promote":
            if version == active:
                continue
            stack.append(version)
        elif active is None:
            continue
        told = decision(action, version, active, hour)
        history.append(model_history.ModelDecision.from_json(told, "history"))
    active = stack[-1] if stack else None
    assert model_history.pile(history, active) == stack
    served = [one.version for one in model_history.changes(history)]
    if served:
        assert model_history.served_until(history, NOW + timedelta(hours=99)) == served
        assert served[-1] == active
    shadow = model_history.in_the_shadow(history)
    last = [one for one in history if one.action != "restore"][-1:]
    assert shadow == (last[0] if last and last[0].action == "shadow" else None)
    standing = model_history.standing(history, active)
    assert standing["champion"] == active
    assert standing["challenger"] is None or standing["challenger"] != active
