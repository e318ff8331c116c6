"""A model whose class is a module's of one's own rests on that module as it was."""

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module, invalidate_caches
from pathlib import Path
from typing import Any

import pytest

from raincast.errors import BadInput, NoModel
from raincast.learning.metadata import ModelDescription
from raincast.store import pickles
from raincast.store.registry import Registry

NOW = datetime(2016, 3, 1, tzinfo=UTC)
ABOUT = ModelDescription(threshold=0.5, stations=["Albury"])
MODULE = """
import numpy as np

class Mine:
    def predict_proba(self, X):
        return np.full((len(X), 2), 0.5)

class Keeping(Mine):
    def __init__(self):
        self.how = lambda x: x
"""


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], Any]]:
    """Writes a module of some name, and imports it."""
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    before = set(sys.modules)

    def write(name: str, text: str) -> Any:
        (tmp_path / f"{name}.py").write_text(text)
        invalidate_caches()
        return import_module(name)

    yield write
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_a_model_serves_while_its_module_is_as_it_was(tmp_path: Path, written) -> None:
    registry = Registry(tmp_path / "models")
    version = registry.save(written("unchanged_one", MODULE).Mine(), ABOUT, NOW)
    assert registry.load(version).version == version
    assert "unchanged_one" in registry.metadata(version).libraries
    assert "numpy" in registry.metadata(version).libraries


@pytest.mark.parametrize("now", ["changed", "gone"])
def test_it_never_serves_with_another(tmp_path: Path, written, now: str) -> None:
    registry, name = Registry(tmp_path / "models"), f"{now}_one"
    version = registry.save(written(name, MODULE).Mine(), ABOUT, NOW)
    source = tmp_path / f"{name}.py"
    pickles._sha256.cache_clear()  # as in another process
    source.write_text(MODULE.replace("0.5", "0.9")) if now == "changed" else source.unlink()
    del sys.modules[name]
    invalidate_caches()
    refused = rf"module {name}.*bring that file back"
    with pytest.raises(NoModel, match=refused):
        registry.load(version)
    with pytest.raises(NoModel, match=refused):
        registry.promote(version, NOW, "by hand")
    assert registry.history() == []


def test_the_model_that_serves_is_checked_against_it_unopened(tmp_path: Path, written) -> None:
    registry, name = Registry(tmp_path / "models"), "serving_one"
    version = registry.save(written(name, MODULE).Mine(), ABOUT, NOW)
    registry.promote(version, NOW, "by hand")
    assert registry.active_metadata().version == version
    pickles._sha256.cache_clear()
    (tmp_path / f"{name}.py").write_text(MODULE.replace("0.5", "0.9"))
    for look in (registry.active_metadata, lambda: registry.promote(version, NOW, "again")):
        with pytest.raises(NoModel, match=rf"module {name}.*bring that file back"):
            look()


def test_what_cannot_be_pickled_is_refused_and_leaves_nothing(tmp_path: Path, written) -> None:
    registry = Registry(tmp_path / "models")
    with pytest.raises(BadInput, match="expected an estimator without lambdas"):
        registry.save(written("keeping_one", MODULE).Keeping(), ABOUT, NOW)
    assert registry.versions() == []
