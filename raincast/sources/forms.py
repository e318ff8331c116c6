"""The forms in which weather comes that are not read here, known by how they begin. Pure."""

import re
from typing import NamedTuple

READ = "a file of Daily Weather Observations (IDCJDWnnnn.YYYYMM.csv) or the historical file"
_ZIP = "unpack it and name the .csv files that are inside"
_FEED = (
    "the month's file of the station; half-hourly readings do not say what fell from 9 am to 9 am"
)
_OBSERVED = "the station's Daily Weather Observations, which have the day's other readings too"


class Form(NamedTuple):
    """A form that is not read: what it is, and what to bring instead."""

    name: str
    instead: str


_BINARY = (
    (b"PK\x03\x04", Form("a zip or a spreadsheet (.xlsx)", f"text: {_ZIP}, or save it as CSV")),
    (b"\xd0\xcf\x11\xe0", Form("an old spreadsheet (.xls)", "text: save it as CSV with commas")),
    (b"%PDF", Form("a PDF", READ)),
    (b"SQLite format 3", Form("an SQLite database", READ)),
    (b"PAR1", Form("a Parquet file", f"text: write it as CSV; {READ}")),
    (b"BZh", Form("a bzip2 file", f"text, or gzip: {_ZIP}")),
    (b"\xfd7zXZ", Form("an xz file", f"text, or gzip: {_ZIP}")),
    (b"(\xb5/\xfd", Form("a zstd file", f"text, or gzip: {_ZIP}")),
    (b"7z\xbc\xaf", Form("a 7-zip file", f"text, or gzip: {_ZIP}")),
)
PAGE = Form(
    "a web page",
    f"{READ}; the Bureau answers programs on its main host with a page: use its registered or FTP"
    " access, or save the file in a browser",
)
_TEXTS = (
    (r"\s*\Z", Form("an empty file", f"{READ}; fetch it again")),
    (r"\s*<(!doctype html|html|head|body|script)\b", PAGE),
    (r"\s*<\?xml|\s*<product\b", Form("the Bureau's half-hourly feed as XML", _FEED)),
    (r"\s*[\[{]\s*\"", Form("JSON, as the Bureau's half-hourly feed is", _FEED)),
    (r"\s*\{\s*\}?\s*\Z", Form("JSON", READ)),
    (r"\s*\[(notice|header|data)\]", Form("the Bureau's half-hourly feed as AXF", _FEED)),
    (
        r"\W*(product code,|IDCJAC\d{4},)",
        Form("Climate Data Online, one element of one gauge", _OBSERVED),
    ),
    (
        r".*missing_value=99999\.9|\W*date,(min|max)imum temperature \(degc\),site",
        Form(
            "ACORN-SAT, homogenised temperatures", f"{_OBSERVED}; adjusted values are no readings"
        ),
    ),
    (
        r"\W*station,yyyy-mm-dd,|(?s:.{0,3000})\b(daily_rain_source|patched ?point)",
        Form("SILO, partly interpolated", f"{_OBSERVED}; an interpolated value is never truth"),
    ),
    (
        r"(?s:.{0,400})\bIDCKWCD|(?s:.{0,600})daily evapotranspiration for ",
        Form("the table of daily evapotranspiration from the Bureau's FTP server", _OBSERVED),
    ),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), form) for pattern, form in _TEXTS)


def of_bytes(content: bytes) -> Form | None:
    """The binary form that a file begins with, or None."""
    return next((form for start, form in _BINARY if content.startswith(start)), None)


def of_text(text: str) -> Form | None:
    """The form of a text that has no header of the forms that are read, or None."""
    start = text[:4000]
    for pattern, form in _PATTERNS:
        if pattern.match(start):
            return form
    if "\0" in start or start.count("\ufffd") > len(start) / 10:
        return Form("a binary file", READ)
    return _with_other_commas(start)


def _with_other_commas(start: str) -> Form | None:
    """A table whose cells stand between something else than commas."""
    header = next((line for line in start.splitlines() if "rainfall" in line.casefold()), "")
    for mark, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if header.count(mark) > header.count(",") + 2:
            return Form(f"a spreadsheet with {name}", "commas: save it as CSV with commas")
    return None
