"""The pickled pipelines: which libraries they depend on, and how one is opened.

Boosting and scikit-learn are loaded only to open one; to look at versions nothing of them is.
"""

import hashlib
import io
import pickle
import platform
import sysconfig
from functools import cache
from importlib.metadata import version as installed
from importlib.util import find_spec
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING

from raincast.errors import BadInput, NoModel
from raincast.learning.metadata import ModelMetadata
from raincast.store import model_checks

if TYPE_CHECKING:
    from raincast.learning.blend import Forecaster

_LIBRARIES = {
    "imblearn": "imbalanced-learn",
    "joblib": "joblib",
    "numpy": "numpy",
    "pandas": "pandas",
    "sklearn": "scikit-learn",
    "xgboost": "xgboost-cpu",
}
"""What a pickled pipeline depends on: the name that is imported, and the package that has it."""


_PACKAGES = {"site-packages", "dist-packages"}
_NOT_OWN = (Path(sysconfig.get_path("stdlib")), Path(__file__).resolve().parents[1])
"""Where Python's own modules lie, and this program's."""


def libraries() -> dict[str, str]:
    """The version of Python and of every library that a pickled pipeline depends on; nothing of
    them is loaded.
    """
    packages = {name: installed(package) for name, package in _LIBRARIES.items()}
    return {"python": platform.python_version()} | packages


class _Named(pickle.Pickler):
    """Notes the modules of the classes and functions that a pickle has by name alone."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), pickle.HIGHEST_PROTOCOL)
        self.modules: set[str] = set()

    def persistent_id(self, value: object) -> None:
        if isinstance(value, type | FunctionType):
            self.modules.add(value.__module__)


def dumped(pipeline: object) -> tuple[bytes, dict[str, str]]:
    """A fitted pipeline's pickle, and which modules of one's own it cannot be opened without, by
    name the state of their source.

    Raises:
        BadInput: it cannot be pickled, as an estimator of one's own may be made.
    """
    import joblib

    written, named = io.BytesIO(), _Named()
    try:
        named.dump(pipeline)
        joblib.dump(pipeline, written)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise BadInput(
            f"the model cannot be kept: found what pickle cannot write ({error}), expected an"
            " estimator without lambdas, functions within functions and open files; nothing is kept"
        ) from error
    sources = {name: _source(name) for name in sorted(named.modules)}
    return written.getvalue(), {name: said for name, said in sources.items() if said}


def _source(module: str) -> str:
    """The state of the source of a module of one's own; empty for one that is installed, of which
    the versions speak, and where there is none.
    """
    try:
        found = find_spec(module)
    except (ImportError, ValueError):
        return ""
    if not (found and found.has_location and found.origin):
        return ""
    path = Path(found.origin)
    is_installed = _PACKAGES & set(path.parts) or any(map(path.is_relative_to, _NOT_OWN))
    return "" if is_installed else _sha256(path)


@cache
def _sha256(path: Path) -> str:
    """Once in a process, which goes on with the module that it has loaded."""
    return f"source {hashlib.sha256(path.read_bytes()).hexdigest()[:16]}"


def require_fit(metadata: ModelMetadata) -> None:
    """Refuses a model of other features, libraries or another event than are here, or of a module
    of one's own that has changed; nothing of it is opened.

    Raises:
        NoModel: says which differ, and what to do.
    """
    model_checks.require_fit(metadata, libraries())
    for name, made_with in (metadata.libraries or {}).items():
        here = _source(name) if made_with.startswith("source ") else made_with
        if here != made_with:
            raise NoModel(
                f"model {metadata.version} was made with the module {name}, {made_with}; found"
                f" {here or 'none'}: bring that file back (and restart what serves), or train again"
            )


def opened(metadata: ModelMetadata, data: bytes) -> "Forecaster":
    """The model in bytes whose hash was checked.

    Raises:
        NoModel: it is of another program, or cannot be opened by these libraries.
    """
    import joblib

    from raincast.learning.blend import Forecaster

    require_fit(metadata)
    version = metadata.version
    try:
        pipeline = joblib.load(io.BytesIO(data))
    except Exception as error:  # a pickle of other libraries can raise anything
        raise NoModel(
            f"model {version} cannot be opened: {type(error).__name__}: {error}; it was made with"
            f" {metadata.libraries}, here are {libraries()}"
        ) from error
    return Forecaster(pipeline, metadata.threshold, version, metadata)
