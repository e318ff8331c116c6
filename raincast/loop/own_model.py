"""Estimators of one's own, whose code may raise anything."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from raincast.errors import BadInput, RaincastError


@contextmanager
def answered_for(params: Mapping[str, Any]) -> Iterator[None]:
    """What the estimator that `params` name as `model` raises, in one line; nothing else is
    touched, nor where none is named.

    Raises:
        BadInput: names the estimator, the error, and how to see where it comes from.
    """
    try:
        yield
    except (RaincastError, OSError, MemoryError):
        raise
    except Exception as error:
        name = params.get("model")
        if not name:
            raise
        said = (str(error).splitlines() or ["without a word"])[0]
        raise BadInput(
            f"model {name}: found {type(error).__name__}: {said}, expected an estimator that takes"
            " (n, K) features with NaN where nothing is known; docs/how-to/model.md, step 2, tries"
            " it alone"
        ) from error
