"""The historical file is fetched, checked, and put in its place; every edition is known."""

import hashlib
from dataclasses import replace

import pytest

from raincast.errors import SourceUnavailable
from raincast.settings import Settings
from raincast.sources.bureau import fetch_history
from tests.history_files import text
from tests.web_servers import PAGE, hurried, says, serving


@pytest.fixture
def polite(tmp_path) -> Settings:
    return hurried(tmp_path, tries=3)


HISTORY = text()
MD5 = hashlib.md5(HISTORY, usedforsecurity=False).hexdigest()


def history(settings: Settings, *answers, at_least: int = 3) -> tuple[object, int]:
    with serving(*answers) as server:
        return fetch_history(
            replace(settings, history_url=server.url + "/weatherAUS.csv"), at_least
        ), len(server.asked)


def test_the_historical_file_is_put_in_its_place_and_its_edition_told(polite, caplog):
    path, times = history(polite, says(503), says(200, HISTORY))
    assert path == polite.raw_history
    assert path.read_bytes() == HISTORY
    assert times == 2
    assert "is an edition of 3 rows, to 2008-12-02" in caplog.text
    assert [file.name for file in path.parent.iterdir()] == ["weatherAUS.csv"]


@pytest.mark.parametrize(
    ("answer", "at_least", "found"),
    [
        (says(200, PAGE), 3, "found 'a web page', expected the historical file"),
        (says(200, HISTORY[:-30]), 3, "is it cut off?"),
        (says(200, HISTORY), 4, "3 rows, expected 4 or more"),
        (says(403), 3, "status 403"),
    ],
    ids=["page", "cut off", "too small", "refused"],
)
def test_what_is_not_the_historical_file_replaces_nothing(polite, answer, at_least, found):
    polite.raw_history.parent.mkdir(parents=True)
    polite.raw_history.write_text("what was there")
    with pytest.raises(SourceUnavailable, match=found):
        history(polite, answer, at_least=at_least)
    assert polite.raw_history.read_text() == "what was there"


@pytest.mark.parametrize(("status", "said"), [(403, "set HISTORY_URL"), (404, "HISTORY_URL leads")])
def test_the_setting_that_helps_is_named_and_no_later_try_where_none_does(polite, status, said):
    with pytest.raises(SourceUnavailable, match=said) as error:
        history(polite, says(status))
    assert "BUREAU_URL" not in str(error.value)
    assert "later" not in str(error.value)
    if status == 403:
        assert f"or save it as {polite.raw_history}" in str(error.value)


@pytest.mark.slow
def test_every_edition_of_the_real_file_is_taken_and_named(polite, history_path, caplog):
    """That of 2017 as it is, and Kaggle's, from which rows without a label were dropped."""
    whole = history_path.read_bytes()
    lines = whole.splitlines(keepends=True)
    kept = b"".join(line for line in lines if not line.rstrip().endswith(b",NA"))
    patient = replace(polite, fetch_timeout_seconds=10)
    with serving(says(200, whole), says(200, kept)) as server:
        for _ in range(2):
            fetch_history(replace(patient, history_url=server.url))
    assert "the edition of 2017 (145,460 rows" in caplog.text
    assert "Kaggle's edition (142,193 rows" in caplog.text
