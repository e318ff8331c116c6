"""The Bureau is asked politely, and whatever it answers becomes the file or an error that says what
to do.
"""

import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from email.utils import formatdate

import pytest

from raincast import __version__
from raincast.errors import NotPublished, SourceUnavailable
from raincast.settings import Settings
from raincast.sources.bureau import Bureau
from tests.dwo_files import written
from tests.places import find
from tests.web_servers import PAGE, hurried, says, serving

FILE = written()
ALBURY = find("Albury")


@pytest.fixture
def polite(tmp_path) -> Settings:
    return hurried(tmp_path, tries=3)


def month(settings: Settings, server) -> bytes:
    with Bureau(replace(settings, bureau_url=server.url)) as bureau:
        return bureau.month(ALBURY, 2024, 5)


def refusal(settings: Settings, *answers) -> tuple[str, int]:
    """What the error says, and after how many requests it came."""
    with serving(*answers) as server, pytest.raises(SourceUnavailable) as error:
        month(settings, server)
    assert not isinstance(error.value, NotPublished)
    said = str(error.value)
    assert re.search(
        r"/climate/dwo/202405/text/IDCJDW2002\.202405\.csv(, line \d+.*)?: found ", said
    )
    assert "BUREAU_URL" in str(error.value)
    return str(error.value), len(server.asked)


def test_a_month_comes_as_it_is_from_its_address_to_a_client_with_a_name(polite):
    with serving(says(200, FILE)) as server:
        assert month(polite, server) == FILE
    (asked,) = server.asked
    assert asked.path == "/climate/dwo/202405/text/IDCJDW2002.202405.csv"
    assert asked.headers["User-Agent"] == f"raincast/{__version__} (+{polite.bureau_contact})"


@pytest.mark.parametrize(
    "mark",
    [
        ("ETag", "If-None-Match", '"1"'),
        ("Last-Modified", "If-Modified-Since", "Wed, 15 May 2024 05:36:00 GMT"),
    ],
)
def test_what_has_not_changed_is_not_sent_again(polite, mark):
    name, question, value = mark
    with serving(says(200, FILE, **{name: value}), says(304, **{name: value})) as server:
        assert [month(polite, server) for _ in range(3)] == [FILE] * 3
    assert [asked.headers[question] for asked in server.asked] == [None, value, value]


@pytest.mark.parametrize("damage", [b"no database", b"SQLite format 3\0" + b"x" * 5000])
def test_kept_answers_that_are_damaged_are_begun_anew(polite, damage, caplog):
    kept = polite.fetch_cache / "http.sqlite"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(damage)
    with serving(says(200, FILE, ETag='"1"'), says(304, ETag='"1"')) as server:
        assert [month(polite, server) for _ in range(2)] == [FILE] * 2
    assert [record.message for record in caplog.records if "begun anew" in record.message] == [
        f"{kept} was damaged and is begun anew; the Bureau's files are fetched again"
    ]
    assert server.asked[1].headers["If-None-Match"] == '"1"', "it is kept again"


def test_what_may_count_as_fresh_is_asked_for_all_the_same(polite):
    with serving(
        says(200, written(rows=()), Cache_Control="max-age=3600", ETag='"1"'), says(200, FILE)
    ) as server:
        assert [month(polite, server) for _ in range(2)] == [written(rows=()), FILE]


def test_a_file_that_is_not_there_is_not_published(polite):
    with serving(says(404, PAGE)) as server, pytest.raises(NotPublished, match="status 404"):
        month(polite, server)
    assert len(server.asked) == 1


def test_a_server_that_refuses_is_not_asked_again(polite):
    said, times = refusal(polite, says(403, PAGE))
    assert "status 403 Forbidden" in said
    assert times == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_in_trouble_is_asked_again(polite, status):
    with serving(says(status), says(200, FILE)) as server:
        assert month(polite, server) == FILE
    assert len(server.asked) == 2


def test_a_server_in_lasting_trouble_is_given_up(polite):
    said, times = refusal(polite, says(502))
    assert "status 502 Bad Gateway" in said
    assert times == polite.fetch_tries


@pytest.mark.parametrize(
    "after",
    [lambda: "1", lambda: formatdate(time.time() + 2, usegmt=True)],
    ids=["seconds", "date"],
)
def test_a_server_that_says_when_is_asked_then(polite, after):
    with serving(says(429, Retry_After=after()), says(200, FILE)) as server:
        begun = time.monotonic()
        assert month(polite, server) == FILE
        assert time.monotonic() - begun >= 1


def test_a_server_that_wants_an_hour_gets_it(polite):
    said, times = refusal(polite, says(429, Retry_After="3600"))
    assert "429 with Retry-After 3600 s" in said
    assert times == 1


def test_a_wait_that_nobody_understands_is_our_own(polite):
    with serving(says(429, Retry_After="soon"), says(200, FILE)) as server:
        assert month(polite, server) == FILE


def test_nobody_there(polite):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
    with (
        Bureau(replace(polite, bureau_url=address)) as bureau,
        pytest.raises(SourceUnavailable, match="ConnectError"),
    ):
        bureau.month(ALBURY, 2024, 5)


@pytest.mark.parametrize(
    "address", ["www.bom.gov.au", "ftp://127.0.0.1", "http://[", "http://127.0.0.1:port"]
)
def test_an_address_that_is_none(polite, address):
    with (
        Bureau(replace(polite, bureau_url=address)) as bureau,
        pytest.raises(SourceUnavailable, match="BUREAU_URL"),
    ):
        bureau.month(ALBURY, 2024, 5)


def test_no_answer_in_time(polite):
    said, times = refusal(
        replace(polite, fetch_timeout_seconds=0.1, fetch_tries=2), lambda _: time.sleep(0.3)
    )
    assert "only 0 bytes after 0.1 s" in said
    assert times == 2


def drip(asked) -> None:
    asked.send_response(200)
    asked.send_header("Content-Length", "1000")
    asked.end_headers()
    for _ in range(10):
        asked.wfile.write(b"-")
        time.sleep(0.05)


def test_a_body_that_comes_too_slowly(polite):
    said, times = refusal(replace(polite, fetch_timeout_seconds=0.2, fetch_tries=2), drip)
    assert "bytes after 0.2 s" in said
    assert times == 2


def test_a_body_that_is_too_large(polite):
    said, times = refusal(polite, says(200, b"x" * 1_000_001))
    assert "more than 1000000 bytes" in said
    assert times == 1


def cut(asked) -> None:
    says(200, FILE[:900], Content_Length=str(len(FILE)))(asked)
    asked.close_connection = True


def test_a_body_that_breaks_off_is_asked_for_again(polite):
    with serving(cut, says(200, FILE)) as server:
        assert month(polite, server) == FILE
    said, times = refusal(polite, cut)
    assert "RemoteProtocolError" in said
    assert times == polite.fetch_tries


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (PAGE, "found 'a web page', expected a file of Daily Weather"),
        (FILE.replace(b",2024-05-", b",2024-04-"), "a date of 2024-05"),
        (FILE.replace(b"2002.202405", b"2002.202406"), "the label of the file's name"),
        (FILE.replace(b"072160", b"066037"), "a gauge of Albury"),
    ],
    ids=["page", "another month", "another label", "another's gauge"],
)
def test_what_is_not_the_file_is_neither_taken_nor_kept(polite, body, found):
    said, times = refusal(polite, says(200, body, ETag='"1"'))
    assert found in said
    assert said.count("expected") == 1
    assert times == 1
    with serving(says(200, FILE)) as server:
        assert month(polite, server) == FILE
        assert server.asked[0].headers["If-None-Match"] is None


def test_a_file_with_a_spoilt_row_is_taken_but_not_kept(polite):
    spoilt = FILE[:-40]
    with serving(says(200, spoilt, ETag='"1"'), says(200, FILE)) as server:
        assert month(polite, server) == spoilt
        assert month(polite, server) == FILE
    assert server.asked[1].headers["If-None-Match"] is None


def test_wrong_content_is_not_confirmed_as_unchanged(polite):
    with serving(says(200, PAGE, ETag='"1"'), says(200, FILE)) as server:
        with pytest.raises(SourceUnavailable):
            month(polite, server)
        assert month(polite, server) == FILE
    assert server.asked[1].headers["If-None-Match"] is None


def test_it_asks_seldom(polite):
    with serving(says(200, FILE)) as server:
        unhurried = replace(polite, bureau_url=server.url, fetch_per_second=5)
        with Bureau(unhurried) as bureau:
            begun = time.monotonic()
            for _ in range(4):
                bureau.month(ALBURY, 2024, 5)
            assert time.monotonic() - begun >= 0.6


def test_several_threads_may_ask(polite):
    with ThreadPoolExecutor(4) as pool, serving(says(200, FILE, ETag='"1"')) as server:
        bureau = Bureau(replace(polite, bureau_url=server.url))
        with bureau:
            assert list(pool.map(lambda _: bureau.month(ALBURY, 2024, 5), range(12))) == [FILE] * 12


def test_an_address_that_is_not_of_the_web_is_said_so_at_once(polite):
    with (
        Bureau(replace(polite, bureau_url="gopher://bureau.example/anon")) as bureau,
        pytest.raises(SourceUnavailable, match="over http, https or ftp") as error,
    ):
        bureau.month(ALBURY, 2024, 5)
    assert "try again later" not in str(error.value)


def test_the_bureau_is_asked_through_the_proxy_of_the_surroundings(polite, monkeypatch):
    with serving(says(200, FILE)) as server:
        monkeypatch.setenv("http_proxy", server.url)
        monkeypatch.setenv("no_proxy", "")
        far = replace(polite, bureau_url="http://bureau.example")
        with Bureau(far) as bureau:
            assert bureau.month(ALBURY, 2024, 5) == FILE
    assert server.asked[0].path.startswith("http://bureau.example/climate/dwo/")
