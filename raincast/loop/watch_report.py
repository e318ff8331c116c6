"""The report that the watch wrote, for whoever does not look himself."""

from raincast.settings import Settings
from raincast.store import files
from raincast.verification.watch.records import WatchReport


def read(settings: Settings) -> WatchReport | None:
    """The newest report; None before the first.

    Raises:
        BadFile: the file is not one.
    """
    value = files.read_json(settings.watch)
    return None if value is None else WatchReport.from_json(value, str(settings.watch))
