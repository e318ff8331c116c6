"""Each year by a model that knew only what lay before it: fitted before the year before, thresholds
chosen on that.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from raincast.cluster import workers
from raincast.errors import BadFile, NotEnoughData
from raincast.learning import examples, fitting
from raincast.learning.blend import Forecaster
from raincast.learning.fitting import Span
from raincast.loop import history, own_model
from raincast.observations.event import named
from raincast.observations.panel import Panel
from raincast.settings import Settings
from raincast.store import files, scratch
from raincast.verification import evaluation, tables
from raincast.verification.records import RollingEvaluation, RollingYear

FIRST_YEAR = 2011
"""The first that two years with nearly all stations lie before in the historical file."""


def years(panel: Panel) -> list[int]:
    """The years with truth that a whole year, and days before that, lie before."""
    days = Counter(day.year for day in panel.days_with_truth())
    return [
        number
        for number in sorted(days)
        if number >= FIRST_YEAR
        and days[number - 1] >= fitting.WHOLE_YEAR_DAYS
        and panel.first.year < number - 1
    ]


def evaluate(settings: Settings, params: Mapping[str, Any]) -> RollingEvaluation:
    """Writes `metrics/rolling.json` after each year, and goes on where it was ended: a year is not
    done again for the same rows and parameters.

    Raises:
        NotEnoughData: there is no year with a whole one, and days before that, before it.
    """
    whole, path = history.prepared_panel(settings), settings.metrics / "rolling.json"
    origin = fitting.description(whole, fitting.everything(whole), params)
    about = {
        "params": origin.params,
        "rows_sha256": origin.rows and origin.rows.sha256,
        "event": origin.event,
    }
    if not (asked := years(whole)):
        raise NotEnoughData(
            f"observations run from {whole.first} to {whole.last}: expected more than two"
            " years, to fit to one, choose thresholds on the next, and test on the rest"
        )
    found = RollingEvaluation(**about, years=list(_done(path, about)))
    done = {year.year for year in found.years}
    given = _Given(whole, params, settings.target_recall)
    left = [number for number in asked if number not in done]
    for year in workers.of(settings).each(_year, given, left, "years"):
        told = [*found.years, year]
        found = RollingEvaluation(**about, years=sorted(told, key=lambda year: year.year))
        files.write_json(path, found.to_json())
    return found


def _done(path: Path, about: Mapping[str, Any]) -> Iterator[RollingYear]:
    try:
        found = RollingEvaluation.from_json(files.read_json(path), str(path))
    except BadFile:
        return
    same = (found.params, found.rows_sha256) == (about["params"], about["rows_sha256"])
    if same and named(found.event) == about["event"]:
        yield from found.years


class _Given(NamedTuple):
    """What every year is judged from."""

    whole: Panel
    params: Mapping[str, Any]
    target_recall: float


def _year(given: _Given, number: int) -> RollingYear:
    whole, params, target_recall = given
    tuning = fitting.year(number - 1)
    span = fitting.before_tuning(whole, tuning)
    rows = examples.by_regime(whole, *tuning)
    with own_model.answered_for(params):
        pipeline = fitting.fit(whole, span, params, scratch=scratch.folder)
        chances = fitting.chances(pipeline, rows)
    thresholds = fitting.thresholds(rows, chances, target_recall)
    origin = fitting.description(whole, span, params)
    forecaster = Forecaster.unkept(pipeline, origin, thresholds, f"fitted to {span.last}")
    test = Span(fitting.year(number).first, min(fitting.year(number).last, whole.last))
    return RollingYear(
        year=number,
        fitted_to=str(span.last),
        regimes=evaluation.summaries(forecaster, whole, test),
    )


def table(found: RollingEvaluation) -> str:
    """For people: a line per year and regime."""
    return tables.of_scores(
        {
            f"{year.year} {regime}": {"raincast": scores}
            for year in found.years
            for regime, scores in year.regimes.items()
        }
    )
