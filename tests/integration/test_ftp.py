"""The Bureau over FTP."""

from dataclasses import replace
from pathlib import Path

import pytest

from raincast.errors import NotPublished, SourceUnavailable
from raincast.settings import Settings
from raincast.sources.bureau import Bureau
from tests import ftp_servers
from tests.dwo_files import written
from tests.places import find

ALBURY = find("Albury")
PATH = "/anon/climate/dwo/202405/text/IDCJDW2002.202405.csv"


@pytest.fixture
def polite(tmp_path: Path) -> Settings:
    return Settings(root=tmp_path, fetch_per_second=200, fetch_timeout_seconds=5.0)


def month(settings: Settings, address: str) -> bytes:
    with Bureau(replace(settings, bureau_url=address)) as bureau:
        return bureau.month(ALBURY, 2024, 5)


def test_a_month_comes_as_it_is(polite: Settings) -> None:
    with ftp_servers.serving({PATH: written()}) as url:
        assert month(polite, f"{url}/anon") == written()
        with pytest.raises(NotPublished, match="550 no such file"):
            month(polite, f"{url}/elsewhere")


def test_a_login_is_used_and_never_shown(polite: Settings) -> None:
    with ftp_servers.serving({PATH: written()}, user="ours") as url:
        known = url.replace("ftp://", "ftp://ours:secret@")
        assert month(polite, f"{known}/anon") == written()
        other = url.replace("ftp://", "ftp://theirs:secret@")
        with pytest.raises(SourceUnavailable, match="530 not logged in") as refused:
            month(polite, f"{other}/anon")
    assert "secret" not in str(refused.value)


def test_nobody_there_is_said_with_what_to_do(polite: Settings) -> None:
    with pytest.raises(SourceUnavailable, match="BUREAU_URL"):
        month(polite, "ftp://127.0.0.1:9")


@pytest.mark.parametrize("drop", ["2", "220-go on\r\n"], ids=["within a line", "line by line"])
def test_replies_that_drip_end_in_time(polite: Settings, drop: str) -> None:
    quick = replace(polite, fetch_timeout_seconds=0.5)
    with ftp_servers.dripping(drop) as url, pytest.raises(SourceUnavailable, match=r"0\.5 s"):
        month(quick, url)


@pytest.mark.parametrize(
    ("verb", "reply"),
    [("USER", b"331 \xff\xfe"), ("PASV", b"227 (127,0,0,1,999,999)"), ("PASV", b"227 nowhere")],
    ids=["no text", "a port that cannot be", "no port"],
)
def test_replies_that_nobody_understands_are_an_error_of_the_source(
    polite: Settings, verb: str, reply: bytes
) -> None:
    with (
        ftp_servers.serving({PATH: written()}, replies={verb: reply}) as url,
        pytest.raises(SourceUnavailable, match="BUREAU_URL"),
    ):
        month(polite, f"{url}/anon")
