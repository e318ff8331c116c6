"""The half-hourly feed with invented values, in its three forms."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.places import find

Look = dict[str, object]


def look(at: str, zone: str = "Australia/Sydney", **values: object) -> Look:
    """One look, at a local time such as `2024-05-01 09:00`."""
    local = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(zone))
    return {
        "aifstime_utc": f"{local.astimezone(UTC):%Y%m%d%H%M%S}",
        "air_temp": 11.5,
        "rel_hum": 71,
        "press_msl": 1021.3,
        "cloud_oktas": 6,
        "wind_dir": "SSE",
        "wind_spd_kmh": 13,
        "rain_trace": "2.4",
        **values,
    }


def as_json(
    looks: Sequence[Look],
    station: str = "Canberra",
    issued: str = "3:32 pm EST Wednesday 1 May 2024",
) -> bytes:
    wmo = find(station).wmo
    rows = [{"wmo": int(wmo), "name": station, **one} for one in looks]
    header = {"refresh_message": f"Issued at {issued}", "ID": "IDN60903"}
    return json.dumps({"observations": {"header": [header], "data": rows}}, indent=1).encode()


def as_axf(
    looks: Sequence[tuple[str, str, Look]], issued: str = "3:32 pm EST Wednesday 1 May 2024"
) -> bytes:
    """Looks with number and name of their station."""
    names = ["wmo", "name", *looks[0][2]]
    head = ["[header]", f'refresh_message[80]="Issued at {issued}"', 'ID[80]="IDN60700"', "[$]"]
    rows = [
        ",".join([wmo, f'"{name}"', *(str(one[field]) for field in names[2:])])
        for wmo, name, one in looks
    ]
    return "\n".join([*head, "[data]", ",".join(names), *rows, "[$]"]).encode()


def as_xml(
    elements: Sequence[str],
    at: str = "2024-04-30T23:00:00+00:00",
    issued: str = "2024-04-30T23:05:12+00:00",
    station: str = 'wmo-id="94926" bom-id="070351" stn-name="CANBERRA AIRPORT"',
) -> bytes:
    inside = "".join(elements)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<product version="v1.7.1"><amoc>'
        f"<issue-time-utc>{issued}</issue-time-utc><identifier>IDN60920</identifier></amoc>"
        f'<observations><station {station}>\n<period time-utc="{at}"><level>{inside}</level>'
        "</period></station></observations></product>"
    ).encode()


def element(kind: str, text: object, period: tuple[str, str] | None = None) -> str:
    edges = f' start-time-local="{period[0]}" end-time-local="{period[1]}"' if period else ""
    return f'<element type="{kind}"{edges}>{text}</element>'
