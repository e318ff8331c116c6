"""Whether rows can be a station's: against each other, and the climate of the place. Pure."""

from collections.abc import Iterator, Mapping

import numpy as np

from raincast.observations.doubts import (
    AT,
    FEWEST_DAYS,
    Body,
    Bound,
    Doubt,
    Usual,
    Values,
    all_rows,
)
from raincast.observations.network import in_force
from raincast.observations.schema import FIELDS

_ORDERED = (
    ("MinTemp", "Temp9am", 2.5),
    ("Temp9am", "MaxTemp", 2.5),
    ("Temp3pm", "MaxTemp", 2.5),
    ("MinTemp", "MaxTemp", 0.5),
    ("WindSpeed9am", "WindGustSpeed", 12.0),
    ("WindSpeed3pm", "WindGustSpeed", 12.0),
)
"""The first is not above the second by more than so much (largest seen: 2.2, 1.4, 1.8, 0, 9, 10):
the one is read within the hours of which the other is the extreme.
"""
ORDERED = tuple(dict.fromkeys(name for low, high, _ in _ORDERED for name in (low, high)))
"""The fields that others of a row may contradict."""

_MOST_DISORDERED = 0.25
"""Share of days on which the first is above the second at all (largest seen: 0.1)."""

_LATER = (
    ("Temp3pm", "Temp9am", Bound(-1.0, -3.0)),
    ("Humidity9am", "Humidity3pm", Bound(-12.0, -17.0)),
    ("Pressure9am", "Pressure3pm", Bound(-0.7, -2.0)),
)
"""The median of the first less the second is not below this (smallest seen: -0.4, -8, 0.0 of a
month; -2.3, -14.5, -1.6 of a part).
"""

_MOST_DRY_PANS = 0.35
"""Share of days without evaporation (largest seen: 0.17); rain is nothing on two days of three."""

FROM_NORMAL = {"MinTemp": Bound(8.0, 10.5), "MaxTemp": Bound(9.5, 14.5)}
"""How far the median of `FEWEST_DAYS` or more may be from what is usual (seen: -6.4 to 9.2 of a
month; -8.5 to 8.9 and -9.5 to 12.2 of a part).
"""
_DAY_FROM_NORMAL = 21.0
"""The same of a single day (seen: -18.6 to 19.9)."""
_FEWEST_ALIKE = 6
"""Values of a row that no other row of 167,000 has all alike."""


def alone(body: Body, usual: Usual) -> Iterator[Doubt]:
    """What the rows themselves and the climate of the place make doubtful."""
    yield from _disordered(body.values)
    yield from _turned(body.values)
    yield from _unusual(body, usual)


def contradicted(row: Mapping[str, float | None], field: str) -> str | None:
    """What a row's other readings have against one of `ORDERED`, in words; None where nothing."""
    for low, high, slack in _ORDERED:
        below, above = row.get(low), row.get(high)
        if field not in (low, high) or below is None or above is None:
            continue
        if below > above + slack:
            return f"found {low} {below:g} and {high} {above:g}, expected {low} not above {high}"
    return None


def mixed_up(values: Values) -> Iterator[Doubt]:
    """What speaks for exchanged columns in (rows, fields) values of any stations and days."""
    found = (*_disordered(values), *_turned(values))
    yield from (doubt for doubt in found if not doubt.fields)


def _disordered(values: Values) -> Iterator[Doubt]:
    for low, high, slack in _ORDERED:
        with np.errstate(invalid="ignore"):
            wrong = values[:, AT[low]] > values[:, AT[high]] + slack
            above = values[:, AT[low]] > values[:, AT[high]]
        both = np.isfinite(values[:, AT[low]] + values[:, AT[high]]).sum()
        if both >= FEWEST_DAYS and above.sum() > _MOST_DISORDERED * both:
            found = f"{low} above {high} on {above.sum()} of {both} days"
            yield Doubt(all_rows(values), (), f"{found}: are columns exchanged?")
        elif wrong.any():
            yield Doubt(wrong, (low, high), f"{low} not above {high}")


def _turned(values: Values) -> Iterator[Doubt]:
    for first, second, least in _LATER:
        apart = values[:, AT[first]] - values[:, AT[second]]
        apart = apart[np.isfinite(apart)]
        if len(apart) >= FEWEST_DAYS and np.median(apart) < least.of(len(apart)):
            found = f"{first} mostly {-np.median(apart):.1f} {FIELDS[first].unit} below {second}"
            yield Doubt(all_rows(values), (), f"{found}: are they exchanged?")
    pan = values[:, AT["Evaporation"]]
    pan = pan[np.isfinite(pan)]
    if len(pan) >= FEWEST_DAYS and np.mean(pan == 0) > _MOST_DRY_PANS:
        found = f"no evaporation on {int((pan == 0).sum())} of {len(pan)} days"
        yield Doubt(all_rows(values), (), f"{found}: is it exchanged with rainfall?")


def _unusual(body: Body, usual: Usual) -> Iterator[Doubt]:
    unsure = usual.unsure[body.station]
    for name, normal in zip(FROM_NORMAL, usual.on(body.station, body.days), strict=True):
        off = body.values[:, AT[name]] - normal
        seen = off[np.isfinite(off)]
        most, middle = FROM_NORMAL[name], np.median(seen) if len(seen) else 0.0
        if len(seen) >= FEWEST_DAYS and abs(middle) > most.of(len(seen)) + unsure:
            place = in_force().locations[body.station]
            said = f"{name} mostly {middle:+.0f} °C from what is usual at {place}"
            yield Doubt(all_rows(body.values), (), f"{said}: is it another station's?")
        with np.errstate(invalid="ignore"):
            far = np.abs(off) > _DAY_FROM_NORMAL + unsure
        if far.any():
            within = f"{_DAY_FROM_NORMAL + unsure:g} °C"
            expected = f"{name} within {within} of what is usual at this season"
            yield Doubt(far, (name,), expected)


def fingerprints(values: Values) -> list[bytes | None]:
    """(rows,) the same for rows that are alike in all that they have; None where that is little."""
    enough = np.isfinite(values).sum(axis=1) >= _FEWEST_ALIKE
    block = np.asarray(values, dtype=np.float32) + np.float32(0)
    block[np.isnan(block)] = np.nan
    return [row.tobytes() if full else None for row, full in zip(block, enough, strict=True)]
