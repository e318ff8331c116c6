"""Work in pieces that know nothing of each other: what is done, apart from where it is done."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from tqdm import tqdm

S = TypeVar("S")
P = TypeVar("P")
R = TypeVar("R")


class Workers(Protocol):
    """Whoever does the pieces of a work."""

    def each(
        self, do: Callable[[S, P], R], shared: S, pieces: Sequence[P], name: str
    ) -> Iterator[R]:
        """What `do` makes of each piece and of what all of them share, in the order of the pieces;
        the bits do not depend on who does them.

        Args:
            do: a function of a module, which changes nothing but caches of its own.
            name: of the work, for the bar that shows how far it is.
        """


class Here:
    """One piece after the other, in this process, each when its result is asked for."""

    def each(
        self, do: Callable[[S, P], R], shared: S, pieces: Sequence[P], name: str
    ) -> Iterator[R]:
        """See `Workers.each`."""
        for piece in tqdm(pieces, name, leave=False, disable=None):
            yield do(shared, piece)


HERE = Here()
