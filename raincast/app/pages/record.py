"""A station's past: forecasts beside rain, its usual year, its record, who served it, how whole its
data are, and its passport.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from raincast.app import exceeding, loop_files, reading, sheet, station_days
from raincast.app.charts import amounts as amounts_chart
from raincast.app.charts import station, verified
from raincast.app.here import Here, facts, listing, note, nothing_yet, section
from raincast.app.tables import table
from raincast.app.words import Words
from raincast.learning.metadata import ModelMetadata
from raincast.observations import sphere
from raincast.observations.network import in_force
from raincast.observations.stations import Station


def amounts(here: Here, row: "pd.Series[Any]", metadata: ModelMetadata | None) -> None:
    """The newest forecast's chances of ever larger amounts."""
    t, day = here.words, row["feature_date"].date()
    section(t("station.amounts"), t("station.amounts_about"))
    found = exceeding.beside_usual(row["exceedance"], metadata, row["location"], day)
    if not found:
        note(t("station.amounts_none"))
        return
    at_least = in_force().event.at_least
    sheet.chart(amounts_chart.chances(found, t.month(day), at_least, t), "amounts")


def timeline(here: Here, rows: pd.DataFrame) -> None:
    """The last weeks' forecasts beside what fell."""
    t = here.words
    section(t("station.timeline"), t("station.timeline_about", weeks=station_days.WEEKS))
    told = loop_files.told_of(here.settings, rows["location"].iloc[0])
    days = station_days.beside_rain(rows, told)
    sheet.chart(station.timeline(days, t), "timeline")


def year(t: Words, location: str, table_: Mapping[str, Sequence[float]] | None, month: int) -> None:
    """How often it rains in each month; nothing where the model does not know."""
    if not table_ or location not in table_:
        return
    section(t("station.year"), t("station.year_about"))
    sheet.chart(station.year(table_[location], month, t), "year")


def record(here: Here, location: str) -> None:
    """Every forecast with truth: the four counts, scores with their intervals, reliability."""
    t, found = here.words, loop_files.record(here.settings, location)
    section(t("station.record"), t("station.record_about"))
    if not found.n:
        nothing_yet(here, "station.record_empty")
        return
    counts = found.table
    facts(
        (
            (t("figures.hits"), t.number(counts.hits), t("figures.hits_note")),
            (t("figures.misses"), t.number(counts.misses), t("figures.misses_note")),
            (
                t("figures.false_alarms"),
                t.number(counts.false_alarms),
                t("figures.false_alarms_note"),
            ),
            (
                t("figures.correct_negatives"),
                t.number(counts.correct_negatives),
                t("figures.correct_negatives_note"),
            ),
        )
    )
    _scores(here, location)
    with sheet.collected() as left:
        sheet.chart(verified.reliability(found.reliability, t("station.record"), t), "reliability")
    with sheet.collected() as right:
        note(t("station.reliability_about", n=t.number(found.n)))
    sheet.beside(left, right)


def _scores(here: Here, location: str) -> None:
    t, found = here.words, loop_files.record_over_days(here.settings, location)
    names = ("recall", "precision", "brier")
    facts(
        (
            t(f"figures.{name}"),
            t.number(getattr(found, name), 2),
            t("station.interval", ends=t.between(ends), days=found.days)
            if (ends := getattr(found.intervals, name)) and ends[0] < ends[1]
            else t("station.no_interval"),
        )
        for name in names
    )


def served(t: Words, rows: pd.DataFrame) -> None:
    """Which model made its forecasts, and when."""
    section(t("station.served"), t("station.served_about"))
    heads = [t(f"station.served_{name}") for name in ("version", "first", "last", "n")]
    lines = [
        (one.version, t.moment(one.first), t.moment(one.last), t.number(one.n))
        for one in station_days.served(rows)
    ]
    sheet.write(table("cards", heads, lines, numbers=(3,)))


def health(here: Here, location: str) -> None:
    """How whole its data were of late."""
    t, last = here.words, reading.newest_day(here.settings)
    section(t("station.health"), t("station.health_about", days=station_days.HEALTH_DAYS))
    held = reading.last_days(here.settings, location, station_days.HEALTH_DAYS)
    found = station_days.health(held, last)
    gaps = (f"{t(f'fields.{name}')} ({t.percent(share)})" for name, share in found.gaps)
    listing(
        (
            (t("station.health_last"), t.day(found.last)),
            (
                t("station.health_days"),
                t("stations.of", part=found.days, whole=station_days.HEALTH_DAYS),
            ),
            (t("station.health_gaps"), t("sentence.between").join(gaps) or t("passport.none")),
        )
    )


def passport(t: Words, s: Station) -> None:
    """Who it is."""
    section(t("station.passport"))
    listing(
        (
            (t("passport.bureau_name"), s.bureau_name),
            (
                t("passport.position"),
                f"{t.number(-s.latitude, 3)}° S, {t.number(s.longitude, 3)}° E",
            ),
            (t("passport.time_zone"), s.time_zone),
            (t("passport.product"), s.product),
            (t("passport.gauges"), ", ".join(s.gauges)),
            (t("passport.learned_gauge"), s.learned_gauge),
            (t("passport.site_changes"), s.site_changes or t("passport.none")),
            (t("passport.nearest"), ", ".join(_nearest(t, s))),
        )
    )


def _nearest(t: Words, s: Station) -> list[str]:
    here = np.array([[s.latitude, s.longitude]])
    km = sphere.distances(here, in_force().places)[0]
    return [
        f"{t.place(in_force().stations[i].location)} ({t.number(km[i])}\u00a0km)"
        for i in np.argsort(km)[1:4]
    ]
