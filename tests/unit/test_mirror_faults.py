"""Faults on request: how they are told, and whom they hit how often."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from raincast.errors import BadInput, UnknownStation
from raincast.mirror.faults import KINDS, Fault, Faults, parse


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("429@IDCJDW2002*2", Fault("429", "IDCJDW2002", 2)),
        ("slow", Fault("slow")),
        ("500*3", Fault("500", None, 3)),
        ("html@Alice Springs", Fault("html", "IDCJDW8002")),
        ("garbled@idcjdw8002", Fault("garbled", "IDCJDW8002")),
    ],
)
def test_a_fault_is_told_in_a_word(text: str, fault: Fault) -> None:
    assert parse(text) == fault


def test_there_are_nine_kinds() -> None:
    assert set(KINDS) == {
        "403",
        "404",
        "429",
        "500",
        "timeout",
        "slow",
        "truncated",
        "garbled",
        "html",
    }


@pytest.mark.parametrize(
    "text", ["", "418", "429*0", "429@", "429@Perth*many", "429*2@Perth", "*2"]
)
def test_what_is_no_fault_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="expected KIND"):
        parse(text)


def test_a_fault_at_nobodys_station_is_refused() -> None:
    with pytest.raises(UnknownStation, match="Atlantis"):
        parse("429@Atlantis")


def test_each_hits_its_own_as_often_as_told_and_the_first_goes_first() -> None:
    faults = Faults(map(parse, ("429@IDCJDW2002*2", "500*1", "html@IDCJDW8002")))
    asked = ["IDCJDW2002", "IDCJDW6111", "IDCJDW2002", "IDCJDW2002", "IDCJDW8002", "IDCJDW8002"]
    assert [faults.take(product) for product in asked] == [
        "429",
        "500",
        "429",
        None,
        "html",
        "html",
    ]


def test_several_threads_share_what_is_left() -> None:
    faults = Faults([Fault("500", times=500)])
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(faults.take, ["IDCJDW2002"] * 2000))
    assert taken.count("500") == 500
