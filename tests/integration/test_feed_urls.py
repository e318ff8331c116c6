"""A loop over the files that the Bureau leaves to programs, beside the daily ones or alone."""

import base64
import io
import tarfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import httpx

from raincast.forecasts import basis
from raincast.loop import round as rounds
from raincast.loop.ingest import ingest_bureau, ingest_paths
from raincast.settings import Settings
from raincast.sources.bureau import NO_DAILY_FILES
from raincast.store import stores
from tests import ftp_servers, served
from tests.feeds import as_axf, as_json, look
from tests.places import find
from tests.web_servers import says, serving

DAY, NOW = served.TODAY, served.NOW
ISSUED = f"5:32 pm EST Monday {DAY.day} May {DAY.year}"


def canberra(**values: object) -> bytes:
    """The looks at 9 am and 3 pm of the day."""
    return as_json([look(f"{DAY} 09:00", **values), look(f"{DAY} 15:00", **values)], issued=ISSUED)


def alone(settings: Settings, *urls: str) -> Settings:
    return replace(settings, bureau_url=NO_DAILY_FILES, feed_urls=" ".join(urls))


def test_a_round_needs_no_daily_files(settings: Settings):
    with serving(says(200, canberra())) as server:
        done = rounds.run(alone(settings, server.url), NOW, lambda _: None)
    assert "Canberra" in done.forecast
    assert "in no file of FEED_URLS" in done.without["Perth"]
    assert len(server.asked) == 1, "a file has all stations: it is asked for once"


def test_what_a_feed_says_again_is_kept_once(engine: Settings):
    def sightings() -> list[object]:
        return list(stores.of(engine).archive().sightings("Canberra", DAY))

    with serving(says(200, canberra())) as server:
        mine = alone(engine, server.url)
        first = ingest_bureau(mine, [find("Canberra")], NOW)
        kept = sightings()
        again = ingest_bureau(mine, [find("Canberra")], NOW + timedelta(minutes=30))
    assert (first.versions, first.failed) == (1, {})
    assert (again.versions, sightings()) == (0, kept)
    with serving(says(200, canberra(air_temp=12.5))) as server:
        changed = ingest_bureau(
            alone(engine, server.url), [find("Canberra")], NOW + timedelta(hours=1)
        )
    assert (changed.versions, len(sightings())) == (1, len(kept) + 1)


def test_a_clock_that_was_ahead_hides_no_reading_once_it_is_right(engine: Settings):
    with serving(says(200, canberra())) as server:
        mine = alone(engine, server.url)
        for ahead in (timedelta(days=800), timedelta(0)):
            ingest_bureau(mine, [find("Canberra")], NOW + ahead)
    known = stores.of(engine).archive().as_known_at(NOW + timedelta(hours=1))
    assert known["Location"].tolist() == ["Canberra"]


def test_a_feed_that_was_cut_off_is_not_confirmed_as_unchanged(settings: Settings):
    cut, whole = (says(200, body, ETag='"1"') for body in (canberra()[:-40], canberra()))
    with serving(cut, whole) as server:
        for _ in range(2):
            done = ingest_bureau(alone(settings, server.url), [find("Canberra")], NOW)
    assert server.asked[1].headers["If-None-Match"] is None
    assert (done.files, done.errors) == (1, ())


def test_a_feed_over_ftp_beside_a_page_that_is_none(settings: Settings):
    """What cannot be read keeps no other out, and is told by its own setting."""
    rows = as_axf(
        [(find("Perth").wmo, "Perth", look(f"{DAY} 09:00", "Australia/Perth"))], issued=ISSUED
    )
    with (
        ftp_servers.serving({"/anon/gen/fwo/IDW60700.axf": rows}) as ftp,
        serving(says(200, b"<html>no</html>"), says(404)) as web,
    ):
        urls = f"{ftp}/anon/gen/fwo/IDW60700.axf", f"{web.url}/page", f"{web.url}/nowhere"
        report = ingest_bureau(alone(settings, *urls), [find("Perth")], NOW)
    assert (report.stations, report.failed) == (("Perth",), {})
    assert "a web page" in report.errors[0]
    assert "FEED_URLS leads elsewhere" in report.not_published[0]


def test_a_feed_without_a_look_at_the_hours_is_no_error(settings: Settings):
    noon = as_json([look(f"{DAY} 12:00")], issued=ISSUED)
    with serving(says(200, noon)) as server:
        report = ingest_bureau(alone(settings, server.url), [find("Canberra")], NOW)
    assert report.errors == ()
    assert "expected one at 9 am or 3 pm" in report.not_published[0]
    assert list(report.failed) == ["Canberra"]


def test_the_daily_files_are_asked_for_too(settings: Settings, tmp_path):
    """Where both speak the daily files decide; a login goes to its own server alone."""
    with served.bureau(tmp_path / "bureau") as bureau, serving(says(200, canberra())) as server:
        feed = server.url.replace("http://", "http://me:of-the-tests@")
        both = replace(settings, bureau_url=bureau.url, feed_urls=feed)
        report = ingest_bureau(both, [find("Canberra"), find("Sydney")], NOW)
    assert {"Canberra", "Sydney"} <= set(report.stations)
    said = base64.b64encode(b"me:of-the-tests").decode()
    assert server.asked[0].headers["Authorization"] == f"Basic {said}"
    assert not any(asked.headers["Authorization"] for asked in bureau.asked)
    told = stores.of(settings).archive().as_known_at(first=DAY, last=DAY).set_index("Location")
    theirs = served.weather().set_index(["Location", "Date"]).loc[("Canberra", f"{DAY}")]
    assert told.loc["Canberra", "Temp9am"] == theirs["Temp9am"]
    files = {row["name"] for row in stores.of(settings).archive().files()}
    assert not any("of-the-tests" in name for name in files)


def test_the_api_forecasts_from_a_feed(
    settings: Settings, start: Callable[[Settings], httpx.Client]
):
    with serving(says(200, canberra())) as server:
        client = start(alone(settings, server.url))
        asked = {"use_latest": True, "stations": ["Canberra", "Perth", "Sydney"]}
        items = client.post("/predict/batch", json=asked).json()["items"]
    by_name = {item["station_name"]: item for item in items}
    assert by_name["Canberra"]["status"] == "ok"
    assert basis.has_own_row(by_name["Canberra"]["forecast"]["basis"])
    assert by_name["Perth"]["status"] == "not_published"
    assert len(server.asked) == 1


def packed(**files: bytes) -> bytes:
    """A gzipped tar of files by name."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name, content in files.items():
            told = tarfile.TarInfo(f"./{name}.json")
            told.size = len(content)
            tar.addfile(told, io.BytesIO(content))
    return out.getvalue()


def test_a_states_feeds_come_in_one_file(settings: Settings, tmp_path):
    """Of strangers nothing is said; a damaged one costs itself."""
    nobody = canberra().replace(find("Canberra").wmo.encode(), b"99999").replace(b"Canberra", b"Oz")
    content = packed(ours=canberra(), stranger=nobody, damaged=canberra()[:-200])
    with serving(says(200, content)) as server:
        report = ingest_bureau(alone(settings, server.url), [find("Canberra")], NOW)
        name = server.url
    assert (report.stations, report.failed) == (("Canberra",), {})
    assert [error.split(":found")[0].split(", line")[0] for error in report.errors] == [
        f"{name}/./damaged.json"
    ]
    path = tmp_path / "IDN60910.tgz"
    path.write_bytes(packed(stranger=nobody))
    said = ingest_paths(settings, [path], NOW).errors[0]
    assert "found 'a tar of 1 files', expected one with readings" in said
    path.write_bytes(content[:-40])
    assert "gzip" in ingest_paths(settings, [path], NOW).errors[0]
