"""The forms in which weather comes that are not read here, known by how they begin. Pure."""

import re
from typing import NamedTuple

READ = (
    "a file of Daily Weather Observations (IDCJDWnnnn.YYYYMM.csv), the historical file, the"
    " half-hourly feed (JSON, AXF, XML), or daily rain of Climate Data Online or of the FTP server"
)
_ZIP = "unpack it and name the .csv files that are inside"
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
    (
        r"(?s:\s*(<\?xml.{0,200}?\?>\s*)?(<!--.{0,2000}?-->\s*)*)"
        r"<(!doctype html|html|head|body|script)\b",
        PAGE,
    ),
    (r"\s*<\?xml", Form("XML, and not the Bureau's half-hourly feed", READ)),
    (r"\s*([\[{]\s*[\"{]|\{\s*\}?\s*\Z)", Form("JSON, and not the half-hourly feed", READ)),
    (
        r"\W*(product code,|IDCJAC\d{4},)",
        Form("Climate Data Online, another element than rain", f"its daily rainfall; or {READ}"),
    ),
    (
        r"\W*(station|id)\W{1,3}date\W",
        Form("GHCN-Daily in another of its forms", "a station's .dly, or a year's CSV (by_year)"),
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
