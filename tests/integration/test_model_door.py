"""What the registry lets in, and what it serves: named, checked, stated by its maker, unedited."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from raincast.cli.app import app
from raincast.errors import BadInput, NoModel
from raincast.learning.metadata import Features, ModelDescription
from raincast.store import model_files
from raincast.store.registry import Registry
from tests.registries import at, climate, ids, keep

EVIL = b"cos\nsystem\n(S'touch %s'\ntR."


@pytest.fixture
def models(tmp_path: Path) -> Path:
    models = tmp_path / "models"
    Registry(models).promote(keep(models, 0.2, 0), at(1), "first")
    return models


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A model's two files as somebody sends them."""
    there = tmp_path / "there"
    version = keep(there, 0.7, 5)
    return Path(shutil.copytree(there / "versions" / version, tmp_path / "sent"))


def sha256(folder: Path) -> str:
    return model_files.sha256((folder / "pipeline.joblib").read_bytes())


def edit(folder: Path, **changes: Any) -> None:
    path = folder / "model_metadata.json"
    found = json.loads(path.read_text()) | changes
    path.write_text(json.dumps({name: v for name, v in found.items() if v is not ...}))


def files_of(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*")}


def test_a_model_from_elsewhere_is_taken_with_its_stated_hash(models: Path, elsewhere: Path):
    version = Registry(models).take(elsewhere, sha256(elsewhere), at(9), "sent")
    assert Registry(models).load_active().version == version


@pytest.mark.parametrize("stated", ["", "0" * 64, "no hash"])
def test_without_its_hash_nothing_is_opened_or_written(
    models: Path, elsewhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stated: str
):
    witness = tmp_path / "opened"
    (elsewhere / "pipeline.joblib").write_bytes(EVIL % str(witness).encode())
    edit(elsewhere, sha256=sha256(elsewhere))
    monkeypatch.setenv("PROJECT_ROOT", str(models.parent))
    before = files_of(models)
    words = ["models", "take", str(elsewhere)] + (["--sha256", stated] if stated else [])
    with pytest.raises(BadInput, match=r"SHA-256"):
        CliRunner().invoke(app, words, catch_exceptions=False)
    assert not witness.exists()
    assert files_of(models) == before


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"version": "../../evil"}, "version: found '../../evil'"),
        ({"version": "/srv/evil"}, "version: found '/srv/evil'"),
        ({"version": ".."}, "version"),
        ({"version": 7}, "version: found 7"),
        ({"version": ...}, "found no version"),
        ({"threshold": 1.5}, "threshold: found 1.5, expected a number from 0 to 1"),
        ({"threshold": "abc"}, "threshold: found 'abc'"),
        ({"threshold": float("nan")}, "threshold: found nan"),
        ({"threshold": None}, "threshold: found None"),
        ({"threshold": 10**400}, "threshold"),
        ({"thresholds": {"9am": 0.1, "3pm": 2, "complete": 0.2}}, "thresholds, 3pm: found 2"),
        ({"thresholds": {"9am": 0.1}}, "thresholds: found"),
        ({"stations": ...}, "stations: found None"),
        ({"stations": []}, "stations"),
        ({"stations": ["Gotham"]}, "stations: found 'Gotham'"),
        ({"features": {"count": 3, "sha256": "0" * 64}}, "features: found"),
        ({"libraries": {"xgboost": "0.1.0"}}, "library xgboost: made with 0.1.0, here is"),
        ({"libraries": {"sklearn": "1.0"}}, "library sklearn"),
        ({"libraries": "all"}, "field 'libraries': found 'all'"),
        ({"libraries": {"xgboost": 3}}, "field 'libraries.xgboost': found 3"),
        ({"rows": {"first": "2024-02-01", "last": "lately"}}, "field 'rows."),
        ({"rows": 4180}, "field 'rows': found 4180"),
        ({"params": [1]}, "field 'params': found [1]"),
        ({"climatology": {"Albury": [0.1] * 11}}, "climatology: found"),
        ({"climatology": {"Albury": [1.5] * 12}}, "climatology: found"),
        ({"climatology": []}, "climatology: found []"),
        ({"network": [7]}, "field 'network.0': found 7"),
        ({"judged_version": "../../evil"}, "judged_version: found ../../evil"),
    ],
)
def test_metadata_that_cannot_serve_is_refused_at_the_door(
    models: Path, elsewhere: Path, changes: dict[str, Any], said: str
):
    edit(elsewhere, **changes)
    before, around = files_of(models), files_of(models.parent)
    with pytest.raises(NoModel) as refusal:
        Registry(models).take(elsewhere, sha256(elsewhere), at(9), "sent")
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert (files_of(models), files_of(models.parent)) == (before, around)


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "null", "[" * 100_000, "\ufeff{}"])
def test_metadata_that_is_no_json_object_is_one_line(models: Path, elsewhere: Path, text: str):
    (elsewhere / "model_metadata.json").write_text(text)
    with pytest.raises(NoModel, match="model_metadata") as refusal:
        Registry(models).take(elsewhere, sha256(elsewhere), at(9), "sent")
    assert "\n" not in str(refusal.value)


def test_a_pickle_that_cannot_be_opened_does_not_serve(models: Path, elsewhere: Path):
    (elsewhere / "pipeline.joblib").write_bytes(b"cnosuchlibrary\nThing\n.")
    edit(elsewhere, sha256=sha256(elsewhere))
    before = ids(models)
    with pytest.raises(NoModel, match="cannot be opened: ModuleNotFoundError"):
        Registry(models).take(elsewhere, sha256(elsewhere), at(9), "sent")
    assert ids(models) == before


def test_another_model_under_a_kept_name_is_refused(models: Path, elsewhere: Path):
    edit(elsewhere, version=ids(models)[0])
    with pytest.raises(BadInput, match="is kept already, and is another"):
        Registry(models).take(elsewhere, sha256(elsewhere), at(9), "sent")


def test_stray_files_folders_and_lines_end_nothing(models: Path):
    (models / "versions/notes.txt").write_text("by hand")
    (models / "versions/an empty folder").mkdir()
    (models / "versions/half").mkdir()
    (models / "versions/half/model_metadata.json").write_text("{}")
    with (models / "history.jsonl").open("a") as history:
        history.write('{}\n{"action": "promote"}\n{"at_utc": 7, "version": []}\n')
    assert len(Registry(models).versions()) == 1
    assert Registry(models).load_active().threshold == 0.2
    second = keep(models, 0.9, 3)
    Registry(models).promote(second, at(5), "better")
    assert Registry(models).rollback(at(6), "not so") != second


def test_edited_metadata_is_noticed_and_the_kept_copy_put_back(models: Path):
    edit(models, threshold=0.9)
    version = ids(models)[0]
    with pytest.raises(NoModel, match=f"metadata of {version} was edited.*promote {version}"):
        Registry(models).load_active()
    Registry(models).promote(version, at(5), "as told")
    assert Registry(models).load_active().threshold == 0.2


def test_a_model_of_another_program_is_neither_promoted_nor_opened_nor_looked_at(tmp_path: Path):
    features = Features(count=3, sha256="0" * 64)
    about = ModelDescription(threshold=0.2, stations=["Albury"], features=features)
    registry = Registry(tmp_path)
    version = registry.save(climate(0.5), about, at(1))
    with pytest.raises(NoModel, match="features: found"):
        registry.promote(version, at(2), "first")
    # As the program before left it.
    model_files.write(tmp_path, *model_files.read(registry.home(version)))
    for look in (registry.load_active, registry.active_metadata):
        with pytest.raises(NoModel, match="features: found"):
            look()


def test_an_edited_kept_copy_is_not_promoted(models: Path):
    first, second = ids(models)[0], keep(models, 0.9, 3)
    Registry(models).promote(second, at(5), "better")
    edit(models / "versions" / first, threshold=0.9)
    with pytest.raises(NoModel, match="was edited"):
        Registry(models).rollback(at(6), "worse")
    assert Registry(models).load_active().version == second


def test_only_the_first_model_serves_because_it_was_trained(models: Path, tmp_path: Path):
    second = keep(models, 0.9, 3)
    assert not Registry(models).promote_first(second, at(5), "trained")
    assert Registry(models).load_active().version != second
    empty = tmp_path / "empty"
    only = keep(empty, 0.5, 0)
    assert Registry(empty).promote_first(only, at(5), "trained")
    assert Registry(empty).load_active().version == only
