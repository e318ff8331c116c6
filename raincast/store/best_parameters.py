"""The file `models/best_params.json`."""

from datetime import date
from pathlib import Path

from raincast.documents import Document, Json
from raincast.store import files


class BestParameters(Document):
    """The best that a search has found.

    Attributes:
        study_name, best_value: of which study, by what the study maximises (`objective`).
        best_params: by the names of `blend.DEFAULT_PARAMS`.
        figures: the other scores of that trial.
        trials: how many were scored on every fold.
        data_sha256: of the retraining set that was searched on.
        searched_to: the last feature date that its trials were judged by; None in former files.
    """

    study_name: str
    best_value: float
    best_params: Json
    objective: str | None = None
    figures: dict[str, float] | None = None
    trials: int | None = None
    data_sha256: str | None = None
    searched_to: date | None = None


def read(path: Path) -> BestParameters | None:
    """The best parameters; None before the first search.

    Raises:
        BadFile: the file does not hold them.
    """
    value = files.read_json(path)
    return BestParameters.from_json(value, str(path)) if value else None


def write(path: Path, best: BestParameters) -> None:
    """The file, whole."""
    files.write_json(path, best.to_json())
