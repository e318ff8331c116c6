"""Forecasts for days gone by, as if issued then."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.cluster import workers
from raincast.errors import NotEnoughData
from raincast.features import block
from raincast.learning import amounts, climatology, knowledge
from raincast.learning.blend import Forecaster
from raincast.learning.served import forecasts_unseen
from raincast.observations import event, panel
from raincast.observations.availability import canonical
from raincast.observations.network import in_force
from raincast.observations.panel import Panel
from raincast.pieces import HERE, Workers
from raincast.settings import Settings
from raincast.store import files, stores
from raincast.store.archive import Archive
from raincast.verification import readings, scoring
from raincast.verification.records import ScoresOverDays

COLUMNS = ("location", "feature_date", "regime", "rain_probability", "predicted_rain")
SEED = 49
"""Of the intervals: the same rows give the same scores."""
_CHUNK_STATION_DAYS = 200 * 49
"""Whose forecasts are worked out at once."""


def observed(archive: Archive, first: date, last: date) -> Panel:
    """The archive's newest rows of the span and of the days before that features look back to."""
    start = first - timedelta(days=block.LOOKBACK_DAYS)
    return panel.from_frame(archive.as_known_at(first=start, last=last), start, last)


class _Given(NamedTuple):
    """What the forecasts of all days rest on."""

    forecaster: Forecaster
    known: Panel
    regime: str


def forecasts(
    forecaster: Forecaster,
    known: Panel,
    first: date,
    last: date,
    regime: str,
    by: Workers = HERE,
) -> pd.DataFrame:
    """One row per station-day of the span that has observations, in the order of date and station.

    Every value that could not be known in that regime is absent, and so is every later day.

    Args:
        by: who works them out, some days at a time.
    """
    days = [day for day in known.days if first <= day <= last]
    step = max(1, _CHUNK_STATION_DAYS // len(known.network))
    spans = [days[start : start + step] for start in range(0, len(days), step)]
    parts = by.each(_of_days, _Given(forecaster, known, regime), spans, "hindcast")
    return pd.concat(parts, ignore_index=True)


def _of_days(given: _Given, days: Sequence[date]) -> pd.DataFrame:
    forecaster, known, regime = given
    locations, metadata = np.array(known.network.locations), forecaster.metadata
    told = np.isin(locations, metadata.stations) | forecasts_unseen(metadata)
    X = block.surrounded(known, days, np.array([canonical(regime, day) for day in days]))
    begin = known.position(days[0])
    row, station = np.nonzero(known.seen[begin : begin + len(days)] & told)
    p = forecaster.probabilities(X[row, station])
    said = (p >= forecaster.threshold_of(regime)).astype(int)
    values = (locations[station], np.array(days, dtype=object)[row], regime, p, said)
    rows = pd.DataFrame(dict(zip(COLUMNS, values, strict=True)))
    return rows.assign(**_amounts(forecaster, rows, station))


def _amounts(
    forecaster: Forecaster, rows: pd.DataFrame, station: npt.NDArray[np.intp]
) -> dict[str, npt.NDArray[np.float64]]:
    """By column, the chance of more than each amount; none of a former model."""
    if forecaster.amounts is None:
        return {}
    of = amounts.forecasts(rows["rain_probability"], rows["feature_date"], station, rows["regime"])
    found = forecaster.amounts.exceedance(of)
    return {f"exceedance_{mm:g}mm": chances for mm, chances in found.items()}


def honest(settings: Settings, first: date, in_sample: bool = False) -> Forecaster:
    """The model that serves, or where it has seen the days from `first` on, the one that is judged
    in its stead: same settings, fitted before.

    Args:
        in_sample: takes the model that serves all the same.

    Raises:
        InSample: both have seen them.
    """
    serving = stores.of(settings).registry().load_active()
    if in_sample or knowledge.last_seen(serving.metadata) < first:
        return serving
    other = serving.metadata.judged_version
    model = stores.of(settings).registry().load(other) if other else serving
    knowledge.has_seen(model, first)
    return model


class Wish(NamedTuple):
    """What of a hindcast is asked for.

    Attributes:
        first, last: feature dates, inclusive.
        regime: what was known of each station's day.
        stations: locations; every one if empty.
        truth: whether the readings stand beside the forecasts (`verification.readings`).
    """

    first: date
    last: date
    regime: str
    stations: Sequence[str] = ()
    truth: bool = False


def hindcast(
    settings: Settings, forecaster: Forecaster, wish: Wish, now: datetime, out: Path
) -> pd.DataFrame:
    """Writes the forecasts of a span, and returns them; days that the model has seen are marked in
    a column `in_sample`.

    Raises:
        NotEnoughData: the archive has no observations of the span, or of those stations.
    """
    known = observed(stores.of(settings).archive(), wish.first, wish.last + event.LEAD)
    by = workers.of(settings)
    rows = forecasts(forecaster, known, wish.first, wish.last, wish.regime, by)
    if wish.stations:
        rows = rows[rows["location"].isin(wish.stations)].reset_index(drop=True)
    if rows.empty:
        whose = f" of {', '.join(wish.stations)}" if wish.stations else ""
        raise NotEnoughData(
            f"the archive has no observations{whose} from {wish.first} to {wish.last}:"
            " `raincast ingest PATH` brings them"
        )
    if wish.truth:
        rows = readings.beside(rows, known, now)
    if (seen := knowledge.last_seen(forecaster.metadata)) >= wish.first:
        rows["in_sample"] = (rows["feature_date"] <= seen).astype(int)
    if (ours := known.network.event) != event.DEFAULT:
        rows["event"] = ours.statement
    files.write_csv(out, rows)
    return rows


def scores(rows: pd.DataFrame, forecaster: Forecaster) -> ScoresOverDays | None:
    """The scores of a hindcast with truth, skill against the climatology of what the model was
    fitted to; None where no reading is truth.
    """
    verified = rows[rows["truth_available"] == 1]
    if verified.empty:
        return None
    y, p, warned = (
        verified[name].to_numpy(float) for name in ("y_true", "rain_probability", "predicted_rain")
    )
    day = verified["feature_date"].to_numpy("datetime64[D]")
    station = np.asarray(verified["location"].map(in_force().index), dtype=np.intp)
    table = climatology.from_mapping(forecaster.metadata.climate)
    reference = climatology.chance(table, day, station)
    return scoring.with_intervals(y, p, warned, reference, day, np.random.default_rng(SEED))
