"""DWO files with invented values, in every shape that the Bureau's files come in."""

from tests.places import find

ALBURY = "IDCJDW2002.202405"
FIELDS_IN_WORDS = {
    "Date": "Date",
    "MinTemp": "Minimum temperature (°C)",
    "MaxTemp": "Maximum temperature (°C)",
    "Rainfall": "Rainfall (mm)",
    "Evaporation": "Evaporation (mm)",
    "Sunshine": "Sunshine (hours)",
    "WindGustDir": "Direction of maximum wind gust ",
    "WindGustSpeed": "Speed of maximum wind gust (km/h)",
    "": "Time of maximum wind gust",
    "Temp9am": "9am Temperature (°C)",
    "Humidity9am": "9am relative humidity (%)",
    "Cloud9am": "9am cloud amount (oktas)",
    "WindDir9am": "9am wind direction",
    "WindSpeed9am": "9am wind speed (km/h)",
    "Pressure9am": "9am MSL pressure (hPa)",
    "Temp3pm": "3pm Temperature (°C)",
    "Humidity3pm": "3pm relative humidity (%)",
    "Cloud3pm": "3pm cloud amount (oktas)",
    "WindDir3pm": "3pm wind direction",
    "WindSpeed3pm": "3pm wind speed (km/h)",
    "Pressure3pm": "3pm MSL pressure (hPa)",
}
"""The header's fields in the Bureau's order, after a first one without a name."""

QUOTED = "," + ",".join(f'"{words}"' for words in FIELDS_IN_WORDS.values())
BARE = "," + ",".join(FIELDS_IN_WORDS.values())
ROWS = (
    ",2024-05-1,-1.5,18.2,0,2.4,9.1,NNW,44,13:59,7.3,88,1,NW,17,1019.4,17.0,51,8,WNW,20,1016.9",
    ",2024-05-2,4.0,,12.6,,,,,,9.9,97,7, ,Calm,1012.0,,,,,,",
    ",2024-05-11,0,21,,3,0,S,30,00:01,8,100,,E,2,,20.5,40,, ,Calm,",
)
PREAMBLE = (
    '"Daily Weather Observations for Albury, New South Wales for May 2024"',
    '"Prepared at 05:36 UTC on Wednesday 15 May 2024   IDCJDW2002.202405"',
    '"Copyright 2003 Commonwealth Bureau of Meteorology"',
    '"Observations from the airport, beside the "old runway", a few miles off, and higher',
    '"All values but {cloud, sunshine} are from Albury Airport {station 072160}"',
    "",
)


def written(
    preamble: tuple[str, ...] = PREAMBLE,
    header: str = QUOTED,
    rows: tuple[str, ...] = ROWS,
    *,
    newline: str = "\r\n",
    encoding: str = "cp1252",
    end: str = "",
) -> bytes:
    """A file as the Bureau publishes it, unless told otherwise."""
    return (newline.join((*preamble, header, *rows)) + end).encode(encoding)


def published(name: str, month: str, rows: tuple[str, ...], prepared: str) -> bytes:
    """A station's file of a month (`202405`), prepared at a time such as `05:36 UTC on Wednesday 15
    May 2024`.
    """
    station = find(name)
    preamble = (
        f'"Daily Weather Observations for {station.bureau_name} for {month}"',
        f'"Prepared at {prepared}   {station.product}.{month}"',
        f'"Observations were drawn from {name} {{station {station.gauges[0]}}}"',
        "",
    )
    return written(preamble, rows=rows)


def row(day: str, rainfall: str = "0", min_temp: str = "5") -> str:
    """A row with little in it: `2024-05-1`, rain in mm, lowest temperature."""
    return f",{day},{min_temp},,{rainfall}" + "," * 17
