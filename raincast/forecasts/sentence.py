"""A forecast in words: for which hours, how likely, whether it warns, what it rests on. Pure."""

from datetime import date

from raincast.features.neighbours import nearest
from raincast.forecasts import basis
from raincast.forecasts.row import Forecast
from raincast.observations.network import in_force

_DUE = {"9am": "9 am", "3pm": "9 am and 3 pm", "complete": "whole"}


def of(forecast: Forecast, unseen: bool = False, newest: date | None = None) -> str:
    """One line.

    Args:
        unseen: whether the model was fitted without the station.
        newest: the day of the station's newest row, if it has any.
    """
    f = forecast
    event = in_force().event
    end = f"the 24 hours to {event.hour} am local time on {f.target_date:%A} {f.target_date}"
    return (
        f"{f.location}: {_percent(f.rain_probability)} chance of {event.amount} in"
        f" {end}, {_against(f)}; {_rests_on(f)}"
        + ("" if basis.has_own_row(f.basis) else f"; {_age(newest, f.feature_date)}")
        + ("; by its place: the model has not seen the station" if unseen else "")
    )


def _percent(chance: float) -> str:
    return f"{100 * chance:.0f} %"


def _against(f: Forecast) -> str:
    side = "reaches" if f.predicted_rain else "is below"
    word = "rain" if f.predicted_rain else "no rain"
    chance, limit = _percent(f.rain_probability), _percent(f.threshold)
    if chance == limit:  # the digits that tell them apart
        limit = f"{100 * f.threshold:.2f} %"
    return f"which {side} the {limit} from which this model warns ({word})"


def _rests_on(f: Forecast) -> str:
    own = f"rests on the station's {_DUE[f.regime]} row of {f.feature_date}"
    known = {
        basis.TODAY: own,
        basis.ALONE: f"{own} alone, and is weaker for it: {_ask_for_others(f.location)}",
        basis.YESTERDAY: f"rests on the station's row of the day before {f.feature_date}",
        basis.NEIGHBOURS: "rests on other stations' rows alone",
        basis.CLIMATOLOGY: "rests on the climate alone: nothing was known",
    }
    return known[f.basis]


def _age(newest: date | None, due: date) -> str:
    if newest is None:
        return "there is no row of the station"
    days = (due - newest).days
    return f"the station's newest row is of {newest}, {days} {'day' if days == 1 else 'days'} old"


def _ask_for_others(location: str) -> str:
    network = in_force()
    near = nearest(network)[network.index[location]]
    names = ", ".join(network.locations[i] for i in near)
    return f"no row of other stations is known; the nearest are {names}"
