"""The models of a host whose history is shared with others."""

from collections.abc import Hashable

from raincast.errors import NoModel
from raincast.store import model_files, model_history
from raincast.store.files import stamp
from raincast.store.registry import Registry


class SharedRegistry(Registry):
    """See `Registry`. The history says which version serves; a host follows it as soon as it has
    that version's folder.
    """

    def state(self) -> Hashable:
        wanted = self._wanted()
        there = stamp(self._home(wanted) / model_files.METADATA) if wanted else None
        return super().state(), wanted, there

    def _wanted(self) -> str | None:
        changes = model_history.changes(self.history())
        return changes[-1].version if changes else None

    def _pending(self) -> str | None:
        """The version that serves by the history, and not yet on this host.

        Raises:
            NoModel: its folder is not here.
        """
        wanted = self._wanted()
        if wanted is None or wanted == self._active():
            return None
        if wanted not in self._kept():
            raise NoModel(
                f"version {wanted} serves by the shared history, and is not in"
                f" {self.models / 'versions'}: copy its folder there from the host that made it, or"
                " share the folder"
            )
        return wanted
