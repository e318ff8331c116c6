"""What a model has seen, by its metadata: which days, on which nothing scores it unasked, and which
stations.
"""

from datetime import date, timedelta

from raincast.errors import BadInput, InSample, UnknownStation
from raincast.learning.blend import Forecaster
from raincast.learning.fitting import Span
from raincast.learning.metadata import ModelMetadata
from raincast.learning.served import forecasts_unseen


def fitted(metadata: ModelMetadata) -> Span:
    """The feature dates that a model was fitted to.

    Raises:
        BadInput: its metadata does not say.
    """
    if not metadata.rows:
        raise BadInput(
            f"model {metadata.version}: its metadata names no rows, expected those that it was"
            " fitted to"
        )
    return Span(metadata.rows.first, metadata.rows.last)


def tuned(metadata: ModelMetadata) -> Span | None:
    """The year on which a model's thresholds were chosen, if its metadata says so."""
    figures = metadata.figures or {}
    if not figures.get("last"):
        return None
    return Span(date.fromisoformat(str(figures["first"])), date.fromisoformat(str(figures["last"])))


def last_seen(metadata: ModelMetadata) -> date:
    """The last feature date that a model has seen: of the rows that it was fitted to, of the year
    on which its thresholds were chosen, of the search for its parameters, and of the journal by
    which it was cured.
    """
    year, cure = tuned(metadata), metadata.cure
    days = [
        fitted(metadata).last,
        year and year.last,
        metadata.searched_to,
        cure and cure.last_feature_date,
    ]
    return max(day for day in days if day)


def has_seen(forecaster: Forecaster, first: date, accepted: bool = False) -> bool:
    """Whether a model has seen the day, or a later one.

    Raises:
        InSample: it has, and that was not accepted.
    """
    seen = last_seen(forecaster.metadata)
    if seen >= first and not accepted:
        raise InSample(
            f"days from {first}: model {forecaster.version} has seen days up to {seen} (rows that"
            " it was fitted to, the year of its thresholds, or the search for its parameters),"
            f" expected none of them; begin after {seen}, name a model that has not seen them"
            " (`raincast models list`), or have the figures marked with --in-sample"
        )
    return seen >= first


def unseen(span: Span, *models: Forecaster) -> Span:
    """What of a span comes after all that the models have seen; the whole span where nothing does,
    which `has_seen` then refuses.
    """
    first = max(last_seen(model.metadata) for model in models) + timedelta(days=1)
    return span if first > span.last else Span(max(span.first, first), span.last)


def is_unseen(forecaster: Forecaster, location: str) -> bool:
    """Whether the model was fitted without the station."""
    return location not in forecaster.metadata.stations


def require_known(forecaster: Forecaster, location: str) -> None:
    """Refuses a station that a former model was not trained on.

    Raises:
        UnknownStation: says which stations the model knows.
    """
    trained = forecaster.metadata.stations
    if is_unseen(forecaster, location) and not forecasts_unseen(forecaster.metadata):
        raise UnknownStation(
            f"station {location!r}: model {forecaster.version} was not trained on it; "
            f"expected one of its {len(trained)} stations: {', '.join(trained)};"
            " `raincast train` makes a model that forecasts others by their place"
        )
