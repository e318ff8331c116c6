"""A root whose records several hosts share."""

from collections.abc import Callable, Hashable

from raincast.settings import Settings
from raincast.store.journal import Journal
from raincast.store.ledger import Ledger
from raincast.store.locks import PATIENCE_SECONDS
from raincast.store.postgres import lines
from raincast.store.postgres.archive import SharedArchive
from raincast.store.postgres.database import reached
from raincast.store.postgres.journal import SharedJournal
from raincast.store.postgres.ledger import SharedLedger
from raincast.store.postgres.registry import SharedRegistry
from raincast.store.postgres.scored import BOOK, SharedScored
from raincast.store.registry import Registry
from raincast.store.scored import Scored


class Postgres:
    """See `stores.Stores`; model files, metrics and studies stay in the root's folders."""

    def __init__(self, settings: Settings) -> None:
        self._root, self._database = settings, reached(settings.database)

    def archive(self, busy_seconds: float = PATIENCE_SECONDS) -> SharedArchive:
        return SharedArchive(self._database, busy_seconds)

    def has_archive(self) -> bool:
        return True

    def journal(self) -> Journal:
        return SharedJournal(self._database, "journal")

    def shadow_journal(self) -> Journal:
        return SharedJournal(self._database, "shadow")

    def scored(self) -> Scored:
        return SharedScored(self._database)

    def runs(self) -> Ledger:
        return SharedLedger(self._database, "runs", self._root.metrics)

    def verdicts(self) -> SharedLedger:
        return SharedLedger(self._database, "verdicts", self._root.metrics)

    def registry(self) -> Registry:
        return SharedRegistry(self._root.models, self._history())

    def changed(self, *names: str) -> Hashable:
        of: dict[str, Callable[[], Hashable]] = {
            "archive": lambda: self.archive().revision(),
            "journal": lambda: lines.newest(self._database, "journal"),
            "scored": lambda: lines.newest(self._database, BOOK),
            "history": lambda: self._history().newest(),
            "verdicts": lambda: self.verdicts().newest(),
        }
        return tuple(of[name]() for name in names)

    def _history(self) -> SharedLedger:
        return SharedLedger(self._database, "history", self._root.models)
