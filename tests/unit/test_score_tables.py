"""Scores as people read them."""

from pathlib import Path

import pytest

from raincast.errors import BadFile
from raincast.store import files
from raincast.verification import tables


def test_nought_has_no_sign() -> None:
    assert tables.three(-0.0001) == "0.000"
    assert tables.between((-0.0001, 0.25)) == ".000 to .250"
    assert tables.three(-0.001) == "-0.001"


def test_a_nought_before_the_point_is_left_out_and_no_other() -> None:
    """A skill may lie far below 0, where the reference hardly errs."""
    assert tables.between((-0.5, 1.0)) == "-.500 to 1.000"
    assert tables.between((-10.25, -0.05)) == "-10.250 to -.050"
    assert tables.between((-120.0, 20.5)) == "-120.000 to 20.500"
    assert tables.between(None) == tables.three(None) == "-"


def test_a_file_of_another_kind_is_asked_about_before_it_is_deleted(tmp_path: Path) -> None:
    (tmp_path / "january.csv").write_text("location,feature_date\n")
    with pytest.raises(BadFile, match="expected JSON; is it the right file"):
        files.read_json(tmp_path / "january.csv")
