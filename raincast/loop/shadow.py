"""The challenger in the shadow: beside every forecast of the champion one of its own, journaled
apart and never given out, scored on the same truth, until it is promoted or refused.

Its forecast of a row has the id of the champion's, and knows what the archive knew when the
champion's of that slot were made; so a slot that was missed is made up for, and nothing twice.
"""

from collections.abc import Iterator
from datetime import datetime

import pandas as pd

from raincast.decisions import gate
from raincast.decisions.gate import PROMOTE, REFUSE, Gate, ShadowReport
from raincast.forecasts import origin
from raincast.forecasts.request import Request
from raincast.learning import served
from raincast.learning.blend import Forecaster
from raincast.loop import forecast
from raincast.loop.contexts import Contexts
from raincast.observations.availability import instant
from raincast.observations.network import in_force
from raincast.settings import Settings
from raincast.store import files, stores
from raincast.store.locks import locked
from raincast.store.model_history import ModelDecision

PATIENCE_SECONDS = 600.0
"""How long to wait for another that makes the shadow's forecasts."""


def limits(settings: Settings) -> Gate:
    """What the settings ask of a challenger."""
    return Gate(settings.gate_margin, settings.gate_origins, settings.shadow_days)


def step(settings: Settings, now: datetime) -> ShadowReport | None:
    """Makes the forecasts that the shadow lacks, compares, writes `metrics/shadow.json`, and
    promotes or refuses where the verdict says so; None where no challenger is in the shadow.

    Raises:
        NoModel: the challenger's files are not what was recorded.
    """
    if stores.of(settings).registry().in_the_shadow() is None:
        return None
    with locked(settings.models / "shadow", PATIENCE_SECONDS):
        decision = stores.of(settings).registry().in_the_shadow()
        if decision is None:
            return None
        _follow(settings, decision, now)
        report = _report(settings, decision, now)
        files.write_json(settings.shadow, report.to_json())
        _carry_out(settings, report, now)
    return report


def _follow(settings: Settings, decision: ModelDecision, now: datetime) -> None:
    challenger = stores.of(settings).registry().load(decision.version)
    rows = _wanting(settings, decision, challenger)
    for _, part in rows.groupby(origin.slot(rows)):
        known_at = part["logged_at_utc"].max().to_pydatetime()
        contexts = Contexts(stores.of(settings).archive(), known_at, renewed=0)
        new_id = iter(part["forecast_id"]).__next__
        asked = list(_requests(part))
        made = forecast.forecasts(asked, challenger, contexts, now, new_id)
        stores.of(settings).shadow_journal().append(made)


def _wanting(settings: Settings, decision: ModelDecision, challenger: Forecaster) -> pd.DataFrame:
    """The champion's rows of the loop since, of which the shadow has none."""
    since = pd.Timestamp(decision.at_utc)
    rows = stores.of(settings).journal().read(lambda some: some[some["logged_at_utc"] >= since])
    mine = rows[(origin.of(rows) == origin.LOOP) & rows["issued_at_utc"].notna()]
    known = mine["location"].isin(challenger.metadata.stations)
    mine = mine[known | served.forecasts_unseen(challenger.metadata)]
    return mine[~mine["forecast_id"].isin(_own(settings, decision.version)["forecast_id"])]


def _own(settings: Settings, version: str) -> pd.DataFrame:
    return (
        stores.of(settings)
        .shadow_journal()
        .read(lambda rows: rows[rows["model_version"] == version])
    )


def _requests(rows: pd.DataFrame) -> Iterator[Request]:
    for row in rows.to_dict("records"):
        station = in_force().index[row["location"]]
        issued = instant(row["issued_at_utc"].to_pydatetime())
        day = row["feature_date"].date()
        yield Request(station, day, issued, row["regime"], row["station_name"])


def _report(settings: Settings, decision: ModelDecision, now: datetime) -> ShadowReport:
    own = _own(settings, decision.version)[["forecast_id", "rain_probability", "predicted_rain"]]
    told = stores.of(settings).scored().read()
    pairs = told[told["truth_available"]].merge(own, on="forecast_id", suffixes=("", "_shadow"))
    y = pairs["y_true"].to_numpy(float)
    old, new = (
        (pairs[name].to_numpy(float) - y) ** 2
        for name in ("rain_probability", "rain_probability_shadow")
    )
    daily = gate.daily_means(new - old, pairs["target_date"].to_numpy("datetime64[D]"))
    interval, asked = gate.running_interval(daily), limits(settings)
    since = now - decision.at
    found = ShadowReport(
        made_at_utc=now.isoformat(),
        version=decision.version,
        champion=decision.previous,
        since=decision.at_utc,
        days_left=max(0.0, asked.shadow_days - since.total_seconds() / 86400),
        n=len(pairs),
        days=len(daily),
        champion_brier=_mean(old),
        challenger_brier=_mean(new),
        champion_recall=_mean(pairs["predicted_rain"].to_numpy(float)[y == 1]),
        challenger_recall=_mean(pairs["predicted_rain_shadow"].to_numpy(float)[y == 1]),
        brier_difference=_mean(daily),
        brier_difference_interval=interval,
        margin=asked.margin,
        verdict=gate.in_the_shadow(interval, since, asked),
        reason="",
    )
    return found.model_copy(update={"reason": sentence(found)})


def _mean(values: gate.Floats) -> float | None:
    return float(values.mean()) if len(values) else None


def sentence(found: ShadowReport) -> str:
    """A report in one sentence."""
    between = found.brier_difference_interval
    sure = f"{between[0]:+.4f} to {between[1]:+.4f}" if between else "not known, too few days"
    so = {PROMOTE: "no worse beyond", REFUSE: "not shown to be no worse beyond"}
    return (
        f"in the shadow of {found.champion} over {found.n} forecasts of {found.days} days, the"
        f" Brier score's difference lies at {sure}: {so.get(found.verdict, 'not yet sure within')}"
        f" the margin of {found.margin:g}"
    )


def _carry_out(settings: Settings, report: ShadowReport, now: datetime) -> None:
    registry = stores.of(settings).registry()
    if report.verdict == PROMOTE:
        registry.promote(report.version, now, report.reason)
    elif report.verdict == REFUSE:
        registry.refuse(report.version, now, report.reason)


def read(settings: Settings) -> ShadowReport | None:
    """The newest report; None before the first.

    Raises:
        BadFile: the file is not one.
    """
    value = files.read_json(settings.shadow)
    return None if value is None else ShadowReport.from_json(value, str(settings.shadow))
