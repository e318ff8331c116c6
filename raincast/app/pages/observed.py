"""What was observed at a station, and what was missing, when a forecast was issued."""

import html
from datetime import datetime
from typing import Any

import pandas as pd

from raincast.app import reading, sheet
from raincast.app.here import Here, section
from raincast.app.words import Words
from raincast.observations import availability
from raincast.observations.network import in_force
from raincast.observations.schema import FIELDS, OBSERVATIONS


def observed(here: Here, row: "pd.Series[Any]") -> None:
    """The archive's row as known then: each observation, or why there is none."""
    t, issued = here.words, row["issued"].to_pydatetime()
    section(
        t("station.observed"),
        t("station.observed_about" if row["use_latest"] else "station.observed_others"),
    )
    held = reading.day(here.settings, row["feature_date"].date(), issued)
    own = held[held["Location"] == row["location"]]
    lines = "".join(_line(name, own, row, issued, t) for name in OBSERVATIONS)
    head = "".join(f"<th>{t(f'station.col_{name}')}</th>" for name in ("field", "value", "state"))
    sheet.write(
        '<table class="plain'
        f' observed"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>'
    )


def _line(name: str, own: pd.DataFrame, row: "pd.Series[Any]", issued: datetime, t: Words) -> str:
    due = availability.known(row["feature_date"].date(), availability.instant(issued))
    is_due = bool(due[in_force().index[row["location"]], OBSERVATIONS.index(name)])
    value = own[name].iloc[0] if len(own) else None
    state = "not_due" if not is_due else "missing" if value is None or value != value else "seen"
    told = t(f"station.state_{state}", slot=t(f"slots.{FIELDS[name].slot}"))
    shown = _shown(value, FIELDS[name].unit, t) if state == "seen" else "–"
    cells = t(f"fields.{name}"), shown, told
    return "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>"


def _shown(value: object, unit: str, t: Words) -> str:
    if not isinstance(value, float):
        return str(value)
    return t.plain(value) + (t.percent_sign if unit == "%" else f"\u00a0{unit}")
