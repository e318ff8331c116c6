"""What a file is, by how it begins; and the days that a reading of several covers."""

import gzip
import io
import tarfile
from datetime import date
from pathlib import Path

import pytest

from raincast.sources import forms, known_forms, packed
from raincast.sources.rain_rows import Rain, with_covered_days
from tests.dwo_files import published
from tests.unit.test_rain_files import climate

DAILY = published("Canberra", "202405", [], "05:36 UTC on Saturday 4 May 2024")
RAIN = climate("2024,05,01,3.0,1,Y")


def tar(content: bytes) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as made:
        made.addfile(about := tarfile.TarInfo("a.csv"))
        assert about.isfile()
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "so"),
    [
        (DAILY, True),
        (gzip.compress(DAILY), True),
        (RAIN, True),
        (tar(DAILY), True),
        (gzip.compress(tar(DAILY)), True),
        (b"", False),
        (b"a list of things to buy\n", False),
        (b"%PDF-1.7", False),
        (b"\x1f\x8b\x08 cut short", False),
    ],
)
def test_a_file_is_known_by_its_beginning(content: bytes, so: bool, tmp_path: Path) -> None:
    path = tmp_path / "whatever its name"
    path.write_bytes(content)
    assert known_forms.is_recognised(path) is so


def test_what_cannot_be_opened_is_none(tmp_path: Path) -> None:
    assert not known_forms.is_recognised(tmp_path / "not there")
    assert not known_forms.is_recognised(tmp_path)


def test_a_tar_is_told_by_its_mark_and_not_by_its_name() -> None:
    assert packed.is_tar(tar(b""))
    assert not packed.is_tar(b"ustar")
    assert packed.files(DAILY, "a.tar") == [("a.tar", DAILY)]


@pytest.mark.parametrize(
    ("begins", "name"),
    [
        (b"PK\x03\x04", "a zip or a spreadsheet (.xlsx)"),
        (b"%PDF-1.7", "a PDF"),
        (b"PAR1", "a Parquet file"),
        (b"SQLite format 3\0", "an SQLite database"),
    ],
)
def test_a_binary_form_is_named(begins: bytes, name: str) -> None:
    found = forms.of_bytes(begins + b"\0" * 20)
    assert found is not None
    assert found.name == name
    assert forms.of_bytes(DAILY) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "an empty file"),
        (" \n\n", "an empty file"),
        ("<!DOCTYPE HTML><html>", "a web page"),
        ("<?xml version='1.0'?>\n<!-- a\nproxy --><html xmlns='x'>", "a web page"),
        ("<?xml version='1.0'?><dataset/>", "XML, and not the Bureau's half-hourly feed"),
        ('{"name": 1}', "JSON, and not the half-hourly feed"),
        ("Product code,Station number,Year", "Climate Data Online, another element than rain"),
        ('"STATION","DATE","PRCP"', "GHCN-Daily in another of its forms"),
        ("station,YYYY-MM-DD,daily_rain,daily_rain_source", "SILO, partly interpolated"),
        ("a\0b", "a binary file"),
        ("Date;MinTemp;MaxTemp;Rainfall;Sunshine", "a spreadsheet with semicolons"),
        ("Date\tMinTemp\tMaxTemp\tRainfall\tSunshine", "a spreadsheet with tabs"),
    ],
)
def test_a_text_that_is_not_read_is_named(text: str, name: str) -> None:
    found = forms.of_text(text)
    assert found is not None
    assert found.name == name


def test_an_ordinary_text_has_no_name() -> None:
    assert forms.of_text("a list of things to buy") is None
    assert forms.of_text("Date,MinTemp,Rainfall;mm") is None


def test_each_day_before_a_reading_of_several_has_a_row_without_one() -> None:
    """The 5th's reading is of three days; the 4th has a row already, and keeps it."""
    own = Rain(1, date(2024, 5, 4), "0.2")
    several = Rain(2, date(2024, 5, 5), "9.0", covers=3)
    found = {row.day: row for row in with_covered_days([own, several])}
    assert found == {
        date(2024, 5, 3): Rain(0, date(2024, 5, 3), ""),
        own.day: own,
        several.day: several,
    }
    assert with_covered_days([own]) == [own]
