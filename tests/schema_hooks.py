"""What a schema cannot say of several values together: such cases are left out.

Each of these facts has a test of its own in `test_api.py`.
"""

from datetime import date, datetime
from typing import Any

import schemathesis

from raincast.observations.plausibility import ORDERED, contradicted

TODAY = "2024-05-20"
RAIN_MM = 1.0


def _disagrees(row: dict[str, Any]) -> bool:
    """RainToday against Rainfall."""
    rain, said = row.get("Rainfall"), row.get("RainToday")
    yes = str(said).lower() in ("yes", "true")
    return isinstance(rain, int | float) and said is not None and yes != (rain > RAIN_MM)


def _contradicts(row: dict[str, Any]) -> bool:
    """A reading within the hours of which another field is the extreme, against that field."""
    numbers = {name: v for name, v in row.items() if isinstance(v, int | float)}
    calm = {name for name in row if name.startswith("WindSpeed") and name not in numbers}
    return any(contradicted(numbers | dict.fromkeys(calm, 0.0), name) for name in ORDERED)


def _is_to_come(row: dict[str, Any]) -> bool:
    """A day after the day on which these tests are played, or one that no calendar has."""
    text = row.get("Date")
    try:
        return isinstance(text, str) and str(date.fromisoformat(text)) > TODAY
    except ValueError:
        return False


def _rows(case: schemathesis.Case) -> list[dict[str, Any]]:
    body = case.body if isinstance(case.body, dict) else {}
    rows = body.get("observations") if isinstance(body.get("observations"), list) else [body]
    return [row for row in rows or [] if isinstance(row, dict)]


def _lacks_what_the_query_has_not(case: schemathesis.Case) -> bool:
    """/predict needs a date and a station, or `use_latest` and a station, wherever they stand."""
    if case.operation.path != "/predict":
        return False
    row, query = (_rows(case) or [{}])[0], case.query or {}
    station = query.get("station_name") or row.get("Location")
    latest = str(query.get("use_latest")).lower() in ("true", "1", "yes", "on", "t", "y")
    both = query.get("station_name") and row.get("Location")  # they may be two stations
    return bool(both) or not (station and (latest or row.get("Date")))


def _is_before_the_row(case: schemathesis.Case) -> bool:
    """/explain needs a moment after 9 am of the row's day, and not after now."""
    moment = (case.query or {}).get("issued_at_utc")
    try:
        return case.operation.path == "/explain" and bool(datetime.fromisoformat(str(moment)))
    except ValueError:
        return False


@schemathesis.hook
def filter_case(context: schemathesis.HookContext, case: schemathesis.Case) -> bool:
    rows = _rows(case)
    wrong = any(_disagrees(row) or _contradicts(row) or _is_to_come(row) for row in rows)
    return not (wrong or _lacks_what_the_query_has_not(case) or _is_before_the_row(case))
