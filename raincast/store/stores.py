"""Where a root keeps what grows and what several hosts share: in files, or in PostgreSQL where
`DATABASE_URL` says so. Chosen here, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Protocol

from raincast.settings import Settings
from raincast.store.files import stamp
from raincast.store.locks import PATIENCE_SECONDS

# Each brings its libraries; a command that only shows its help, or looks at models, needs none.
if TYPE_CHECKING:
    from raincast.store.archive import Archive
    from raincast.store.journal import Journal
    from raincast.store.ledger import Ledger
    from raincast.store.registry import Registry
    from raincast.store.scored import Scored


class Stores(Protocol):
    """The records of one root. Each call gives an object for one process and one thread."""

    def archive(self, busy_seconds: float = PATIENCE_SECONDS) -> Archive:
        """Observations as they were known."""

    def has_archive(self) -> bool:
        """Whether there is one; to look at it makes none."""

    def journal(self) -> Journal:
        """The forecasts that were given out."""

    def shadow_journal(self) -> Journal:
        """Those of a challenger in the shadow."""

    def scored(self) -> Scored:
        """The journal with truth."""

    def runs(self) -> Ledger:
        """The runs that tracking is told of."""

    def verdicts(self) -> Ledger:
        """What was decided at each slot."""

    def registry(self) -> Registry:
        """The models, and which of them serves."""

    def changed(self, *names: str) -> Hashable:
        """What tells the present content of `archive`, `journal`, `scored`, `history` or
        `verdicts` from an earlier one.
        """


class Files:
    """CSV, JSON lines and SQLite in the root's folders."""

    def __init__(self, settings: Settings) -> None:
        self._root = settings

    def archive(self, busy_seconds: float = PATIENCE_SECONDS) -> Archive:
        from raincast.store.archive import Archive

        return Archive(self._root.archive, busy_seconds)

    def has_archive(self) -> bool:
        return self._root.archive.exists()

    def journal(self) -> Journal:
        from raincast.store.journal import Journal

        return Journal(self._root.journal)

    def shadow_journal(self) -> Journal:
        from raincast.store.journal import Journal

        return Journal(self._root.shadow_journal)

    def scored(self) -> Scored:
        from raincast.store.scored import Scored

        return Scored(self._root.scored_journal)

    def runs(self) -> Ledger:
        from raincast.store.ledger import Ledger

        return Ledger(self._root.runs)

    def verdicts(self) -> Ledger:
        from raincast.store.ledger import Ledger

        return Ledger(self._root.verdicts)

    def registry(self) -> Registry:
        from raincast.store.registry import Registry

        return Registry(self._root.models)

    def changed(self, *names: str) -> Hashable:
        from raincast.store.model_history import HISTORY

        archive, models = self._root.archive, self._root.models
        paths = {
            "archive": [archive, archive.with_name(f"{archive.name}-wal")],
            "journal": [self._root.journal],
            "scored": [self._root.scored_journal],
            "history": [models / HISTORY],
            "verdicts": [self._root.verdicts],
        }
        return tuple(stamp(path) for name in names for path in paths[name])


def of(settings: Settings) -> Stores:
    """The records of a root.

    Raises:
        BadInput: `DATABASE_URL` is no address of PostgreSQL, or its tables are not this version's.
        ServerUnavailable: it cannot be reached.
    """
    if not settings.database:
        return Files(settings)
    from raincast.store.postgres.stores import Postgres  # its libraries are an extra

    return Postgres(settings)
