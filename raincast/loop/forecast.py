"""The step that forecasts: requests become features, probabilities, decisions, and rows of the
journal.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

import numpy as np
import numpy.typing as npt

from raincast.features import block
from raincast.features.surroundings import Rows
from raincast.forecasts import basis
from raincast.forecasts.request import Request, missing
from raincast.forecasts.row import Forecast
from raincast.learning import amounts
from raincast.learning.blend import Forecaster
from raincast.learning.knowledge import require_known
from raincast.loop.contexts import Contexts, gathered
from raincast.observations import event
from raincast.observations.availability import moment
from raincast.observations.network import in_force
from raincast.store.journal import Journal


def _new_id() -> str:
    return uuid4().hex


def forecasts(
    requests: Sequence[Request],
    forecaster: Forecaster,
    contexts: Contexts,
    now: datetime,
    new_id: Callable[[], str] = _new_id,
) -> list[Forecast]:
    """A forecast for each request, all computed at once; nothing is written.

    Args:
        now: when they are logged.
        new_id: gives each its own id.

    Raises:
        UnknownStation: a former model was not trained on a station.
    """
    for location in {in_force().locations[r.station] for r in requests}:
        require_known(forecaster, location)
    known = gathered(
        contexts, [(r.feature_date, r.issued_at) for r in requests], [r.station for r in requests]
    )
    own = np.stack(
        [row if r.own is None else r.own for r, row in zip(requests, known.own, strict=True)]
    )
    bases = basis.of(known, own)
    chances = [
        basis.chance(
            rests_on, chance, forecaster.metadata, in_force().locations[r.station], r.feature_date
        )
        for r, chance, rests_on in zip(
            requests,
            _probabilities(forecaster, block.inputs(known, own)).tolist(),
            bases,
            strict=True,
        )
    ]
    exceeding = exceedance(forecaster, requests, chances, bases)
    return [
        _forecast(r, _Grounds(chance, more, missing(row), rests_on), forecaster, now, new_id())
        for r, chance, more, row, rests_on in zip(
            requests, chances, exceeding, own, bases, strict=True
        )
    ]


def _probabilities(forecaster: Forecaster, rows: Rows) -> npt.NDArray[np.float64]:
    """As `Forecaster.probabilities`, without a pipeline's bookkeeping, which takes a tenth of a
    millisecond: what stands before the last step draws training rows, and passes all others on.
    """
    steps = [step for _, step in getattr(forecaster.pipeline, "steps", [])]
    if not steps or any(not _draws(step) for step in steps[:-1]):
        return forecaster.probabilities(rows)
    return np.asarray(steps[-1].predict_proba(rows)[:, 1], dtype=np.float64)


def _draws(step: Any) -> bool:
    return step == "passthrough" or hasattr(step, "fit_resample")


def exceedance(
    forecaster: Forecaster,
    requests: Sequence[Request],
    chances: Sequence[float],
    bases: Sequence[str],
) -> list[dict[str, float] | None]:
    """For each request by amount (mm), smallest first, the chance of more, from the event's; None
    of a former model.
    """
    known = forecaster.amounts
    if known is None or not requests:
        return [None] * len(requests)
    of = amounts.forecasts(
        chances,
        [r.feature_date for r in requests],
        [r.station for r in requests],
        [r.regime for r in requests],
    )
    found = known.exceedance(of)
    nothing = np.array(bases) == basis.CLIMATOLOGY
    if nothing.any():
        climate = known.of_the_climate().exceedance(of)
        found = {mm: np.where(nothing, climate[mm], found[mm]) for mm in found}
    names = [f"{mm:g}" for mm in found]
    columns = (column.tolist() for column in found.values())
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


class _Grounds(NamedTuple):
    """What the model says of a station-day, what its row lacks, and what that rests on."""

    chance: float
    exceedance: dict[str, float] | None
    absent: tuple[str, ...]
    basis: str


def _forecast(
    r: Request,
    grounds: _Grounds,
    forecaster: Forecaster,
    now: datetime,
    forecast_id: str,
) -> Forecast:
    chance, threshold = grounds.chance, forecaster.threshold_of(r.regime)
    return Forecast(
        logged_at_utc=now,
        feature_date=r.feature_date,
        target_date=event.target_date(r.feature_date),
        location=in_force().locations[r.station],
        use_latest=r.own is None,
        station_name=r.station_name,
        rain_probability=chance,
        predicted_rain=int(chance >= threshold),
        issued_at_utc=moment(r.issued_at),
        regime=r.regime,
        threshold=threshold,
        model_version=forecaster.version,
        missing=grounds.absent,
        forecast_id=forecast_id,
        basis=grounds.basis,
        exceedance=grounds.exceedance,
    )


class Desk:
    """Where forecasts are asked for and written down before they are given out. For one thread at a
    time.

    Args:
        model: gives the model that serves now.
        clock: gives the present moment.
    """

    def __init__(
        self,
        contexts: Contexts,
        journal: Journal,
        model: Callable[[], Forecaster],
        clock: Callable[[], datetime],
        new_id: Callable[[], str] = _new_id,
    ) -> None:
        self._contexts, self._journal, self._model, self._clock = contexts, journal, model, clock
        self._new_id = new_id

    def forecast(self, requests: Sequence[Request]) -> list[Forecast]:
        """One forecast for each request, all by the same model, all in the journal and on disk.

        Raises:
            NoModel: no model serves.
            UnknownStation: a former model was not trained on a station.
            JournalFailed: they could not be written down, so there are none.
        """
        made = forecasts(requests, self._model(), self._contexts, self._clock(), self._new_id)
        self._journal.append(made)
        return made
