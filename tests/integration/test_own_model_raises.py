"""Whatever an estimator of one's own raises, it is one line, and nothing is kept."""

import sys
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from raincast.errors import BadInput, NotEnoughData
from raincast.features import block
from raincast.loop import history, own_model, train
from raincast.replay.summary import seed_variation
from raincast.settings import Settings
from raincast.store.registry import Registry
from tests import learned

MODULE = """
from sklearn.linear_model import LogisticRegression

class Words(LogisticRegression):
    def fit(self, X, y):
        return self

    def predict_proba(self, X):
        return [["dry", "wet"]] * len(X)

def gaps(params, seed):
    return LogisticRegression()

def words(params, seed):
    return Words()

def fails(params, seed):
    raise RuntimeError("no card found\\nat all")

def without():
    return LogisticRegression()
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    root = tmp_path_factory.mktemp("root")
    (root / "raising_model.py").write_text(MODULE)
    sys.path.append(str(root))
    settings = Settings(root=root)
    learned.with_history(settings)
    yield settings
    sys.path.remove(str(root))


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("gaps", "ValueError: Input X contains NaN"),
        ("words", "ValueError: could not convert string to float"),
        ("fails", "RuntimeError: no card found, expected"),
        ("without", "TypeError: without"),
    ],
)
def test_the_estimator_and_its_error_are_named(
    prepared: Settings, function: str, said: str
) -> None:
    params = {"model": f"raising_model:{function}"}
    with pytest.raises(BadInput, match=f"model raising_model:{function}: found {said}") as refused:
        train.train(prepared, params, learned.TRAINED_AT)
    assert "\n" not in str(refused.value)
    assert Registry(prepared.models).versions() == []


def test_a_first_model_that_is_fitted_again_is_named_too(prepared: Settings) -> None:
    known, rows = history.prepared_panel(prepared), pd.DataFrame({"y": []})
    params, X = {"model": "raising_model:fails"}, np.empty((0, len(block.NAMES)), np.float32)
    with pytest.raises(BadInput, match="model raising_model:fails: found RuntimeError"):
        seed_variation.of_fits(known, params, rows, X, fits=2)


@pytest.mark.parametrize(
    ("model", "error"), [("", KeyError("ours")), ("mine:make", NotEnoughData("few"))]
)
def test_what_is_not_its_own_stays_as_it_is(model: str, error: Exception) -> None:
    with pytest.raises(type(error)), own_model.answered_for({"model": model}):
        raise error
