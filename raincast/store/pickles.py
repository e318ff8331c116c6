"""The pickled pipelines: which libraries they depend on, and how one is opened.

Boosting and scikit-learn are loaded only to open one; to look at versions nothing of them is.
"""

import io
import platform
from importlib.metadata import version as installed
from typing import TYPE_CHECKING

from raincast.errors import NoModel
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


def libraries() -> dict[str, str]:
    """The version of Python and of every library that a pickled pipeline depends on; nothing of
    them is loaded.
    """
    packages = {name: installed(package) for name, package in _LIBRARIES.items()}
    return {"python": platform.python_version()} | packages


def opened(metadata: ModelMetadata, data: bytes) -> "Forecaster":
    """The model in bytes whose hash was checked.

    Raises:
        NoModel: it is of another program, or cannot be opened by these libraries.
    """
    import joblib

    from raincast.learning.blend import Forecaster

    model_checks.require_fit(metadata, libraries())
    version = metadata.version
    try:
        pipeline = joblib.load(io.BytesIO(data))
    except Exception as error:  # a pickle of other libraries can raise anything
        raise NoModel(
            f"model {version} cannot be opened: {type(error).__name__}: {error}; it was made with"
            f" {metadata.libraries}, here are {libraries()}"
        ) from error
    return Forecaster(pipeline, metadata.threshold, version, metadata)
