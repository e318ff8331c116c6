"""A network is a value: read at the door, whole or refused; another station changes no bit of the
others.
"""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from raincast.errors import BadFile, BadInput
from raincast.features import block
from raincast.learning import climatology, pipelines
from raincast.observations import network as networks
from raincast.observations import panel
from raincast.observations.availability import canonical
from raincast.observations.event import DEFAULT, Event
from raincast.observations.network import Network
from raincast.observations.panel import Panel
from raincast.observations.stations import Station, entry_text, of_table
from raincast.simulator import simulate
from raincast.store import network as table
from tests.places import INDEX, NETWORK, STATIONS

ENTRY = """
[BrokenHill]
bureau_name = "Broken Hill"
position = [-32.0, 141.47]
time_zone = "Australia/Broken_Hill"
product = "IDCJDW2015"
neighbour = false
"""
NEW = of_table(ENTRY, "new")[0]
FIRST = date(2015, 1, 1)
DAYS = [FIRST + timedelta(days=i) for i in range(32, 38)]


def with_station(new: Station = NEW) -> Network:
    return Network(tuple(sorted((*STATIONS, new))))


@pytest.fixture(scope="module")
def observed() -> Panel:
    return panel.from_frame(simulate(FIRST, FIRST + timedelta(days=40), seed=8))


def grown(observed: Panel, network: Network) -> Panel:
    """The same weather, and what Mildura reads at the station that is new."""
    at = network.index["BrokenHill"]
    values, seen = (
        np.insert(part, at, part[:, INDEX["Mildura"]], axis=1)
        for part in (observed.values, observed.seen)
    )
    return Panel(observed.first, values, seen, network=network)


@pytest.mark.parametrize("regime", ["9am", "complete"])
def test_a_station_that_is_no_neighbour_changes_no_bit_of_the_others(
    observed: Panel, regime: str
) -> None:
    at, network = np.array([canonical(regime, day) for day in DAYS]), with_station()
    before = block.block(observed, DAYS, at)
    after = block.block(grown(observed, network), DAYS, at)
    others = np.delete(np.arange(50), network.index["BrokenHill"])
    np.testing.assert_array_equal(after[:, others, 1:], before[:, :, 1:])
    own = after[:, network.index["BrokenHill"]]
    assert np.isfinite(own[:, block.NAMES.index("Pressure9am_400km")]).all()
    assert np.isfinite(own[:, block.NAMES.index("Humidity9am_near1")]).any()


def test_a_neighbour_is_looked_at(observed: Panel) -> None:
    network = with_station(NEW._replace(neighbour=True))
    at = np.array([canonical("complete", day) for day in DAYS])
    before = block.block(observed, DAYS, at)
    after = block.block(grown(observed, network), DAYS, at)
    name = block.NAMES.index("Pressure9am_400km")
    here = network.index["Mildura"]
    assert (after[:, here, name] != before[:, INDEX["Mildura"], name]).any()


def test_two_stations_beside_the_core_do_not_see_each_other(observed: Panel) -> None:
    one = with_station()
    second = NEW._replace(location="Menindee", latitude=-32.4, product="IDCJDW2999")
    two = Network(tuple(sorted((*one.stations, second))))
    whole = grown(observed, one)
    at = two.index["Menindee"]
    values, seen = (
        np.insert(part, at, part[:, one.index["Cobar"]], axis=1)
        for part in (whole.values, whole.seen)
    )
    times = np.array([canonical("complete", day) for day in DAYS])
    alone = block.block(whole, DAYS, times)[:, one.index["BrokenHill"], 1:]
    both = block.block(Panel(whole.first, values, seen, network=two), DAYS, times)
    np.testing.assert_array_equal(both[:, two.index["BrokenHill"], 1:], alone)


def test_a_model_knows_its_stations_by_name(observed: Panel) -> None:
    """The 49 have the same chances with a 50th, whose number is none."""
    at, network = np.array([canonical("3pm", day) for day in DAYS]), with_station()
    given = block.surrounded(observed, DAYS, at)[np.ones((len(DAYS), 49), bool)]
    y = (np.random.default_rng(1).random(len(given)) < 0.3).astype(float)
    tiny = {"n_estimators": 15, "epochs": 1, "perceptrons": 1, "networks": 0, "n_jobs": 1}
    many = np.tile(np.nan_to_num(given.table), (2, 1))
    fitted = pipelines.train(many, np.tile(y, 2), tiny, stations=NETWORK)
    more = block.surrounded(grown(observed, network), DAYS, at)
    new = network.index["BrokenHill"]
    others = np.ones((len(DAYS), 50), bool)
    others[:, new] = False
    chances = [fitted.predict_proba(rows)[:, 1] for rows in (given, more[others])]
    np.testing.assert_array_equal(*chances)
    assert np.isnan(fitted[-1].numbered(more[:, new]).table[:, 0]).all()
    assert np.isfinite(fitted.predict_proba(more[:, new])).all()


def test_a_new_station_has_the_climatology_of_its_surroundings() -> None:
    flat = {s.location: [0.1 if s.longitude > 140 else 0.5] * 12 for s in STATIONS}
    network = with_station()
    found = climatology.from_mapping(flat, network)
    assert found[network.index["Perth"]].tolist() == [0.5] * 12
    assert 0.1 < found[network.index["BrokenHill"]][0] < 0.3
    assert climatology.from_mapping(flat, NETWORK).tolist() == [flat[s.location] for s in STATIONS]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[-32.0, 141.47]", "[-132.0, 141.47]", r"BrokenHill, position.*expected \[latitude"),
        ("Australia/Broken_Hill", "Mars/Base", r"time_zone.*Mars/Base.*IANA"),
        ("IDCJDW2015", "IDN123", r"product.*IDN123.*IDCJDW2002"),
        ("neighbour = false", 'neighbour = "no"', r"neighbour.*'no'.*true or false"),
        ("neighbour = false", "neighbor = false", r"neighbor.*expected one of the fields"),
        ("[BrokenHill]", '["Broken,Hill"]', r"letters and digits"),
        ('time_zone = "Australia/Broken_Hill"', "", r"time_zone.*found 'None'.*required"),
        ("[BrokenHill]", "[BrokenHill", r"expected TOML"),
        ("[-32.0, 141.47]", "[32.0, 141.47]", r"position.*a place in its time zone; is a sign"),
        ("[-32.0, 141.47]", "[-32.0, 41.47]", r"position.*a place in its time zone; is a sign"),
        ("Australia/Broken_Hill", "EST", r"position.*in EST.*a place in its time zone"),
    ],
)
def test_a_manyis_checked_at_the_door(old: str, new: str, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        of_table(ENTRY.replace(old, new), "stations.toml")


def test_an_entry_is_written_as_it_is_read() -> None:
    odd = NEW._replace(bureau_name='The "Hill" \\ Broken', gauges=("047048",), elevation=281.5)
    assert of_table(entry_text(odd), "again") == (odd,)
    assert of_table("".join(map(entry_text, STATIONS)), "again") == STATIONS


def test_what_files_and_callers_know_one_station_by_is_no_others() -> None:
    sydney = NETWORK.find("Sydney")
    for change, said in (
        ({"wmo": sydney.wmo}, "the number 94768 of the feed"),
        ({"gauges": sydney.gauges[:1]}, "the rain gauge 066214"),
        ({"bureau_name": sydney.bureau_name}, "the name 'Sydney, New South Wales'"),
        ({"site": sydney.location}, "the name 'Sydney'"),
    ):
        found = list(networks.faults(with_station(NEW._replace(**change)).stations))
        assert found == [f"Sydney: found {said}, which is BrokenHill's, expected its own"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"product": "IDCJDW2124"}, "which is BrokenHill's"),
        ({"location": "sydney"}, "Sydney"),
        ({"latitude": STATIONS[3].latitude, "longitude": STATIONS[3].longitude}, "the place of"),
    ],
)
def test_what_is_there_twice_is_found(change: dict, said: str) -> None:
    new = NEW._replace(**change)
    sydney = NETWORK.find("Sydney")
    new = new._replace(product=sydney.product) if "product" in change else new
    assert any(said in line for line in networks.faults(with_station(new).stations))


def test_the_shipped_stations_are_without_fault() -> None:
    assert list(networks.faults(STATIONS)) == []


def test_adding_writes_the_manywhole(tmp_path: Path) -> None:
    path = tmp_path / "stations.toml"
    assert table.read(path) is NETWORK
    assert len(table.add(path, [NEW])) == 50
    assert table.read(path) is table.read(path)
    assert table.read(path).find("broken hill") == NEW
    assert table.read(path).of_product("idcjdw2015") == NEW
    assert [s for s in table.read(path).stations if s != NEW] == list(STATIONS)
    before = path.read_bytes()
    with pytest.raises(BadInput, match="already"):
        table.add(path, [NEW])
    with pytest.raises(BadFile, match="IDCJDW2015"):
        table.add(path, [NEW._replace(location="Other", latitude=-30.0)])
    assert path.read_bytes() == before


def test_rows_of_a_csv_file(tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text(
        "name,latitude,longitude,time_zone,product,gauges\n"
        "Dubbo,-32.2,148.6,Australia/Sydney,IDCJDW2041,065070 065012\n"
        "Orange,-33.3,149.1,Australia/Sydney,,\n"
    )
    dubbo, orange = table.rows(path)
    assert (dubbo.gauges, dubbo.neighbour) == (("065070", "065012"), False)
    assert orange.product == ""
    path.write_text("name,latitude,longitude,time_zone\nDubbo,south,148.6,Australia/Sydney\n")
    with pytest.raises(BadFile, match=r"line 2.*south"):
        table.rows(path)


HEADER = "name,latitude,longitude,time_zone,neighbour"
DUBBO = "Dubbo,-32.2,148.6,Australia/Sydney"


def test_a_spreadsheets_mark_is_no_part_of_the_header(tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text(f"{HEADER}\n{DUBBO},\n", encoding="utf-8-sig")
    assert [station.location for station in table.rows(path)] == ["Dubbo"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{HEADER}\n{DUBBO},yes\n", r"line 2.*neighbour.*'yes'.*true or false"),
        (f"{HEADER}\n{DUBBO},\n".replace(",", ";"), r"line 1.*a header with name.*commas"),
        (f"{HEADER.upper()}\n{DUBBO},\n", r"line 1.*a header with name.*small letters"),
        (f"{HEADER}\n{DUBBO},true,x\n", r"line 2: found .*'x'.*as many cells as the header has"),
        (f"{HEADER}\n{DUBBO}{'o' * 200_000},\n", r"line 2.*field larger than.*expected CSV"),
    ],
)
def test_a_csv_file_that_may_be_meant_otherwise_is_refused(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "new.csv"
    path.write_text(text)
    with pytest.raises(BadFile, match=said):
        table.rows(path)


def test_a_station_that_is_twice_in_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"station BrokenHill.*twice in what is added"):
        table.add(tmp_path / "stations.toml", [NEW, NEW])


ANY, FIVE = Event(0.2, at_least=True), Event(5.0)


def test_a_table_states_the_event_once_and_keeps_its_stations(tmp_path: Path) -> None:
    path = tmp_path / "stations.toml"
    before = table.read(path).stations
    for event in (ANY, FIVE, DEFAULT):
        table.state(path, event)
        found = table.read(path)
        assert (found.event, found.stations) == (event, before)
        assert path.read_text().count("[event]") == 1
    table.state(path, ANY)
    assert table.add(path, [NEW]).event == ANY
    assert table.read(path).only(["Sydney"]).event == ANY


@pytest.mark.parametrize(
    "text",
    [
        "event = 5",
        "[event]\nhour = 7",
        "[event]\nabove = 1.0",
        "[event]\nmore_than_mm = 0.25",
        "[event]\nmore_than_mm = -1",
        "[event]\nat_least_mm = true",
        "[event]\nat_least_mm = 0.2\nmore_than_mm = 1.0",
    ],
)
def test_an_event_that_no_source_can_verify_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "stations.toml"
    path.write_text(f"{text}\n{ENTRY}")
    with pytest.raises(BadFile, match="event"):
        table.read(path)
