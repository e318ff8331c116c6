"""Bytes out of their wrapping, addresses without their login, and the wind of a feed."""

import gzip

import pytest

from raincast.errors import BadFile
from raincast.sources import feed, text, web


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\x1e\x8b no gzip"])
def test_what_is_in_no_gzip_is_itself(content):
    assert text.unwrapped(content, "a file") == content


def test_a_gzip_is_unwrapped_with_all_its_members_and_the_padding_behind_them():
    content = gzip.compress(b"one\n") + gzip.compress(b"two\n") + b"\0" * 512
    assert text.unwrapped(content, "a file") == b"one\ntwo\n"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"x" * 1001, "0.0 MB"),
        (gzip.compress(b"x" * 1001), "0.0 MB"),
        (gzip.compress(b"rain" * 50)[:-9], "a gzip that is cut off"),
        (gzip.compress(b"rain")[:3] + b"\xff" * 30, "a damaged gzip"),
        (gzip.compress(b"rain") + b"junk", "found"),
    ],
)
def test_too_much_or_a_damaged_gzip_is_refused_by_the_files_name(content, found):
    with pytest.raises(BadFile, match="a file") as refused:
        text.unwrapped(content, "a file", most=1000)
    assert found in str(refused.value)


def test_a_bound_is_a_size_that_is_taken():
    assert text.unwrapped(gzip.compress(b"x" * 1000), "a file", most=1000) == b"x" * 1000
    assert "at most 2 MB" in str(text.too_large("a file", 3_000_000, 2_000_000))


def test_a_login_is_taken_out_of_an_address_and_read_as_it_was_meant():
    apart, login = web.without_login("https://me:p%40ss@host:8443/rain?x=1")
    assert apart == "https://host:8443/rain?x=1"
    assert login is not None
    assert web.login("https://me:p%40ss@host:8443/rain?x=1") == ("me", "p@ss")
    assert web.login("https://me@host/") == ("me", "")


@pytest.mark.parametrize("url", ["https://host/rain@noon", "ftp://host", "no address", "http://[x"])
def test_an_address_without_a_login_stays_as_it_is(url):
    assert web.without_login(url) == (url, None)


@pytest.mark.parametrize(
    ("knots", "kmh"),
    [("10", "19"), (" 1 ", "2"), ("0", "0"), ("-9999.0", "-9999.0"), ("-", "-"), ("x", "x")],
)
def test_knots_are_whole_kilometres_an_hour_and_what_is_no_number_stays(knots, kmh):
    assert feed.kmh(knots) == kmh


@pytest.mark.parametrize(
    ("direction", "speed", "found"),
    [
        ("NNW", "17", ("NNW", "17")),
        ("CALM", "", ("", "0")),
        ("Calm", "-", ("", "0")),
        ("N", "0", ("", "0")),
        ("N", "0.0", ("", "0.0")),
        ("", "", ("", "")),
    ],
)
def test_a_calm_is_a_speed_of_nought_without_a_direction(direction, speed, found):
    said = feed.winds(direction, speed)
    assert (said["WindDir"], said["WindSpeed"]) == found


@pytest.mark.parametrize("digits", ["20260928230000", " 20260928230000 "])
def test_a_moment_of_the_feed_is_in_utc(digits):
    found = feed.utc(digits)
    assert found is not None
    assert found.isoformat() == "2026-09-28T23:00:00+00:00"


@pytest.mark.parametrize("digits", ["", "2026", "20261328230000", "yesterday"])
def test_what_is_no_moment_is_none(digits):
    assert feed.utc(digits) is None
