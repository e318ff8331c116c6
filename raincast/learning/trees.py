"""Boosted trees, fitted to features in memory, or on disk where there are too many for that.

In memory XGBoost needs some sixteen bytes a value: the features, and what it makes of them. On disk
it is given them page by page and reads its pages tree after tree; memory then holds a few pages,
and some tens of bytes a row. Both give the same trees to the bit.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import numpy.typing as npt
import xgboost
from tqdm import tqdm
from xgboost import XGBClassifier
from xgboost.callback import TrainingCallback

from raincast.features.block import NAMES

Array = npt.NDArray[np.float32]
Page = tuple[Array, npt.NDArray[np.float64]]
"""(n, K) features and (n,) labels, 0 or 1."""
Scratch = Callable[[], AbstractContextManager[str]]
"""Opens a folder that is gone when it is closed. What is core knows of no other."""

MOST_IN_MEMORY = 1 << 28
"""Bytes of features that are fitted to in memory, about 263,000 rows; with what XGBoost makes of
them about a gigabyte.
"""
PAGE_ROWS = 1 << 16
"""Of a page on disk at least. Smaller ones take longer, larger ones more memory."""
_ALWAYS = {"tree_method": "hist", "max_bin": 128}
_DENSE = {"sparse_threshold": 0.0}
"""Else one feature with many gaps, such as sunshine, makes a page three times as large: with it,
XGBoost writes down the row of every value of every feature.
"""


class _Bar(TrainingCallback):
    def __init__(self, rounds: int):
        self.bar = tqdm(total=rounds, desc="trees", unit="tree", leave=False, disable=None)

    def after_iteration(self, *_: Any) -> bool:
        self.bar.update()
        return False

    def after_training(self, model: Any) -> Any:
        self.bar.close()
        return model


class _Pages(xgboost.DataIter):
    """Asked for its pages once; XGBoost has them in the folder then."""

    def __init__(self, pages: Callable[[], Iterator[Page]], folder: str):
        super().__init__(cache_prefix=f"{folder}/trees")
        self._pages, self._left = pages, pages()

    def reset(self) -> None:
        self._left = self._pages()

    def next(self, input_data: Callable[..., Any]) -> bool:
        page = next(self._left, None)
        if page is not None:
            input_data(data=page[0], label=page[1])
        return page is not None


def too_many(rows: int) -> bool:
    """Whether the features of so many rows are more than are fitted to in memory."""
    return rows * len(NAMES) * np.dtype(np.float32).itemsize > MOST_IN_MEMORY


def in_memory(params: Mapping[str, Any], seed: int, X: Array, y: npt.NDArray[Any]) -> XGBClassifier:
    """Trees fitted to (n, K) features and (n,) labels 0 or 1; `params` have XGBoost's names."""
    made = _unfitted(params, seed).set_params(callbacks=[_Bar(params["n_estimators"])])
    return _serving(made.fit(X, y).set_params(callbacks=None))


def on_disk(
    params: Mapping[str, Any], seed: int, blocks: Callable[[], Iterator[Page]], folder: str
) -> XGBClassifier:
    """The trees that `in_memory` would make of all blocks' rows, one behind the other.

    Args:
        blocks: begins anew at each call.
        folder: is written to; up to thirteen bytes a value.
    """
    made = _unfitted(params, seed)
    made.load_model(_boosted(made, lambda: _pages(blocks()), folder))
    return _serving(made)


def _unfitted(params: Mapping[str, Any], seed: int) -> XGBClassifier:
    return XGBClassifier(**params, **_ALWAYS, random_state=seed)


def _serving(made: XGBClassifier) -> XGBClassifier:
    """One thread is quickest for the few rows of a request, and quick enough for a hindcast of
    years.
    """
    made.set_params(n_jobs=1).get_booster().set_param({"nthread": 1})
    return made


def _boosted(made: XGBClassifier, pages: Callable[[], Iterator[Page]], folder: str) -> bytearray:
    """The booster as bytes: it would hold on to what lies in the folder."""
    rounds = made.get_num_boosting_rounds()
    matrix = xgboost.DMatrix(_Pages(pages, folder), nthread=made.n_jobs)
    params = made.get_xgb_params() | _DENSE
    return xgboost.train(params, matrix, rounds, callbacks=[_Bar(rounds)]).save_raw()


def _pages(blocks: Iterator[Page]) -> Iterator[Page]:
    """Blocks put together."""
    held: list[Page] = []
    for block in blocks:
        held.append(block)
        if sum(len(y) for _, y in held) >= PAGE_ROWS:
            yield _together(held)
            held.clear()
    if held:
        yield _together(held)


def _together(blocks: list[Page]) -> Page:
    X, y = zip(*blocks, strict=True)
    return np.concatenate(X), np.concatenate(y)
