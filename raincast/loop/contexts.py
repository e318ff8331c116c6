"""What the archive knows around station-days, kept in memory until the archive changes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np

from raincast.features import block
from raincast.features.block import Context
from raincast.observations import panel
from raincast.observations.availability import Instants, day_instants
from raincast.observations.network import Network, in_force
from raincast.observations.panel import Panel
from raincast.store.archive import Archive

MOST_CONTEXTS, MOST_PANELS = 1024, 24
"""How many days' contexts and months' observations are kept: about 60 MB and 10 MB."""

_RENEWED = 16

Key = tuple[date, int]
"""A feature date and an issue instant."""


@lru_cache(4096)
def _turns(day: date, network: Network) -> Instants:
    """The instants at which anything of that day's rows, or of the rows of the day before, becomes
    known somewhere.
    """
    return np.unique(
        np.concatenate(
            [day_instants(day - timedelta(days=1), network), day_instants(day, network)], axis=None
        )
    )


def _turn(day: date, issued_at: int) -> int:
    """The first instant at which just as much was known as at this
    one; it stands for all of them.
    """
    turns = _turns(day, in_force())
    last = int(np.searchsorted(turns, issued_at, side="right")) - 1
    return int(turns[max(0, last)])


@dataclass
class _Kept:
    revision: int
    panels: dict[date, Panel] = field(default_factory=dict)
    contexts: dict[Key, Context] = field(default_factory=dict)


class Contexts:
    """May be used by several threads. `refresh` looks whether the archive has changed; nothing else
    does.

    Args:
        archive: where the observations are.
        known_at: count only what the archive had at that moment; None for all to date.
        renewed: how many contexts, those asked for last, `refresh` loads again before anybody asks.
    """

    def __init__(
        self, archive: Archive, known_at: datetime | None = None, renewed: int = _RENEWED
    ) -> None:
        self.archive, self._known_at, self._renewed = archive, known_at, renewed
        self._kept = _Kept(archive.revision())

    def of(self, day: date, issued_at: int) -> Context:
        """What is known of every station's day at the instant: arrays with the leading axis
        (stations,).
        """
        key = (day, _turn(day, issued_at))
        kept = self._kept
        found = kept.contexts.get(key)
        return self._load(kept, key) if found is None else found

    def has(self, day: date, issued_at: int) -> bool:
        """Whether `of` would answer from memory."""
        return (day, _turn(day, issued_at)) in self._kept.contexts

    def month(self, day: date) -> Panel:
        """The observations of that day's month and of the days before it that features look back
        to.
        """
        return self._month(self._kept, day.replace(day=1))

    def refresh(self) -> None:
        """Begins anew where the archive has changed, with what was
        asked for last already loaded.
        """
        revision = self.archive.revision()
        if revision != self._kept.revision:
            fresh = _Kept(revision)
            for key in list(self._kept.contexts)[
                max(0, len(self._kept.contexts) - self._renewed) :
            ]:
                self._load(fresh, key)
            self._kept = fresh

    def _load(self, kept: _Kept, key: Key) -> Context:
        day, turn = key
        known = block.context(self._month(kept, day.replace(day=1)), [day], np.array([turn])).at(0)
        kept.contexts[key] = known
        _shorten(kept.contexts, MOST_CONTEXTS)
        return known

    def _month(self, kept: _Kept, first: date) -> Panel:
        found = kept.panels.get(first)
        if found is None:
            span = first - timedelta(days=block.LOOKBACK_DAYS), first + timedelta(days=30)
            frame = self.archive.as_known_at(self._known_at, first=span[0], last=span[1])
            found = kept.panels[first] = panel.from_frame(frame, *span)
            _shorten(kept.panels, MOST_PANELS)
        return found


def _shorten(kept: dict[Any, Any], most: int) -> None:
    """Lets go of what was loaded first."""
    while len(kept) > most:
        kept.pop(next(iter(kept)), None)


def gathered(contexts: Contexts, keys: Iterable[Key], stations: Iterable[int]) -> Context:
    """(n, …) the context of each pair of key and station, in their order."""
    places: dict[Key, tuple[list[int], list[int]]] = {}
    for i, (key, station) in enumerate(zip(keys, stations, strict=True)):
        rows, there = places.setdefault(key, ([], []))
        rows.append(i)
        there.append(station)
    parts = [contexts.of(*key).at(there) for key, (_, there) in places.items()]
    if len(parts) == 1:
        return parts[0]
    order = np.argsort([i for rows, _ in places.values() for i in rows])
    return Context(*(np.concatenate(arrays)[order] for arrays in zip(*parts, strict=True)))
