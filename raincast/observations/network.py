"""The stations as one value: who they are, where they are to each other, under which names.

The 49 that the package ships with are the default. An entry point that finds a table of its own in
`PROJECT_ROOT` puts that network in force, once, before anything else; what is computed for a panel
takes the network that the panel carries.
"""

import difflib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from raincast.errors import BadInput, UnknownStation
from raincast.observations import sphere
from raincast.observations.event import DEFAULT, Event, named
from raincast.observations.stations import Station, bare, names_of, of_table

SOFTENED_KM = 50.0
"""Nearer than this, surroundings count about alike."""
NEAREST_APART_KM = 0.1
"""Two stations nearer to each other than this are taken for one that is there twice."""


_AUSTRALIAN = "ASN00"
"""In GHCN-Daily, before a gauge's six digits."""


@dataclass(frozen=True, eq=False)
class Network:
    """Stations, alphabetical by location; every array with a station axis has their order.

    Two networks are the same only as the same object; figures that are derived from one are kept
    with it.

    Attributes:
        event: that its forecasts are about.
    """

    stations: tuple[Station, ...]
    event: Event = DEFAULT

    def __len__(self) -> int:
        return len(self.stations)

    @cached_property
    def locations(self) -> tuple[str, ...]:
        return tuple(s.location for s in self.stations)

    @cached_property
    def index(self) -> dict[str, int]:
        """Position of each location."""
        return {location: i for i, location in enumerate(self.locations)}

    @cached_property
    def core(self) -> npt.NDArray[np.intp]:
        """Positions of the stations that other stations' forecasts look at."""
        return np.flatnonzero([s.neighbour for s in self.stations])

    @cached_property
    def _names(self) -> dict[str, Station]:
        known: dict[str, Station] = {}
        for s in self.stations:
            for name in names_of(s):
                known.setdefault(bare(name), s)
        return known | {bare(s.location): s for s in self.stations}

    def find(self, name: str) -> Station:
        """The station of that name, the data set's or the Bureau's; case, blanks and punctuation
        do not matter.

        Raises:
            UnknownStation: no station has the name; suggests the nearest ones.
        """
        station = self.named(name)
        if station is None:
            near = difflib.get_close_matches(bare(name), self._names, n=3, cutoff=0.6)
            hint = ", ".join(dict.fromkeys(self._names[n].location for n in near))
            one = f"one of the {len(self)} stations" if len(self) > 1 else self.stations[0].location
            raise UnknownStation(
                f"unknown station {name!r}: expected {one}"
                + (f"; did you mean {hint}?" if hint else "; `raincast stations` lists them")
            )
        return station

    def named(self, name: str) -> Station | None:
        """The station of that name, as `find` has it; None where it is nobody's."""
        return self._names.get(bare(name))

    @cached_property
    def _of_wmo(self) -> dict[str, Station]:
        return {s.wmo: s for s in self.stations if s.wmo}

    def of_wmo(self, number: str) -> Station | None:
        """The station of that number in the half-hourly feed; None where it is nobody's."""
        return self._of_wmo.get(number)

    @cached_property
    def _of_rain_gauge(self) -> dict[str, Station]:
        return {gauge: s for s in reversed(self.stations) for gauge in reversed(s.rain_gauges)}

    def of_rain_gauge(self, gauge: str) -> Station | None:
        """The station whose rain that gauge reads, or read in earlier years; None where it is
        nobody's.
        """
        return self._of_rain_gauge.get(gauge.zfill(6))

    @cached_property
    def _of_ghcn(self) -> dict[str, Station]:
        return {s.ghcn: s for s in self.stations if s.ghcn}

    def of_ghcn(self, number: str) -> Station | None:
        """The station of that number in GHCN-Daily, by its entry or, in Australia, by its rain
        gauge; None where it is nobody's.
        """
        gauge = number.removeprefix(_AUSTRALIAN)
        by_gauge = self.of_rain_gauge(gauge) if len(gauge) == len("000000") else None
        return self._of_ghcn.get(number) or by_gauge

    @cached_property
    def _of_product(self) -> dict[str, Station]:
        former = {s.former_product: s for s in self.stations if s.former_product}
        return former | {s.product: s for s in self.stations if s.product}

    def of_product(self, product: str) -> Station | None:
        """The station whose files carry that Bureau product (`IDCJDW2002`), or carried it in
        earlier years; None where it is nobody's.
        """
        return self._of_product.get(product.upper())

    def of_gauge(self, gauge: str) -> tuple[str, ...]:
        """The stations in whose files that rain gauge (six digits) may stand."""
        return tuple(s.location for s in self.stations if gauge in s.gauges)

    @cached_property
    def places(self) -> npt.NDArray[np.float64]:
        """(stations, 2) latitudes and longitudes, degrees."""
        return np.array([(s.latitude, s.longitude) for s in self.stations])

    def only(self, locations: Sequence[str]) -> "Network":
        """The network of some of the stations."""
        kept = tuple(s for s in self.stations if s.location in set(locations))
        return Network(kept, self.event)

    def without_influence(self, locations: Sequence[str]) -> "Network":
        """The same, where no other station's forecast looks at those."""
        apart = set(locations)
        return Network(
            tuple(
                s._replace(neighbour=s.neighbour and s.location not in apart) for s in self.stations
            ),
            self.event,
        )


def from_surroundings(
    known: npt.NDArray[np.float64], at: Sequence[str], source: Network, network: Network
) -> npt.NDArray[np.float64]:
    """(stations of the network, …) from what is known at some stations of a source.

    A station of the same name has the same figures. Any other has the mean of all, weighted by one
    over the squared distance (inverse distance weighting, Shepard 1968), softened near by.
    """
    places = source.places[[source.index[name] for name in at]]
    apart = sphere.distances(network.places, places)
    weights = 1 / (apart + SOFTENED_KM) ** 2
    flat = known.reshape(len(known), -1)
    found = (weights @ flat / weights.sum(axis=1, keepdims=True)).reshape(-1, *known.shape[1:])
    for i, name in enumerate(at):
        if name in network.index:
            found[network.index[name]] = known[i]
    return np.asarray(found)


def _own(s: Station) -> dict[str, str]:
    """By what files and callers know the station, which must be no other's, and what it is."""
    names = {bare(name): f"the name {name!r}" for name in (s.location, s.bureau_name, s.site)}
    products = {label: f"product {label}" for label in (s.product, s.former_product)}
    gauges = {f"gauge {one}": f"the rain gauge {one}" for one in s.rain_gauges}
    numbers = {f"wmo {s.wmo}": f"the number {s.wmo} of the feed"} if s.wmo else {}
    numbers |= {s.ghcn: f"the number {s.ghcn} of GHCN-Daily"} if s.ghcn else {}
    return {label: what for label, what in (products | gauges | numbers | names).items() if label}


def faults(stations: Sequence[Station]) -> Iterator[str]:
    """What stations that are each sound cannot be together; names both."""
    taken: dict[str, str] = {}
    for s in stations:
        for label, what in _own(s).items():
            other = taken.setdefault(label, s.location)
            if other != s.location:
                yield f"{s.location}: found {what}, which is {other}'s, expected its own"
    for i, j in sphere.together(Network(tuple(stations)).places, NEAREST_APART_KM):
        a, b = stations[i].location, stations[j].location
        yield f"{b}: found the place of {a}, expected another, {NEAREST_APART_KM * 1000:g} m apart"


def shipped_text() -> str:
    """The table of the package."""
    return (files("raincast.observations") / "stations.toml").read_text("utf-8")


@cache
def shipped() -> Network:
    """The 49 stations of the package."""
    return Network(of_table(shipped_text(), "raincast/observations/stations.toml"))


_in_force: list[Network] = []


def in_force() -> Network:
    """The network that this process works with: the shipped one until another is put in force."""
    return _in_force[-1] if _in_force else shipped()


def put_in_force(network: Network) -> None:
    """From now on this process works with that network; for entry points."""
    _in_force[:] = [network]


@contextmanager
def within(network: Network) -> Iterator[Network]:
    """Another network for as long as the block lasts; for one thread at a time."""
    _in_force.append(network)
    try:
        yield network
    finally:
        _in_force.pop()


def find(name: str) -> Station:
    """See `Network.find`, of the network in force."""
    return in_force().find(name)


def require_event(statement: str | None, where: str, remedy: str) -> None:
    """Refuses what rests on another event than that of the network in force.

    Args:
        statement: by which it names its event; None where it names none.

    Raises:
        BadInput: says both, and what to do.
    """
    found, ours = named(statement), in_force().event.statement
    if found != ours:
        raise BadInput(f"{where}: found the event '{found}', expected '{ours}'; {remedy}")
