"""Stage: checks the historical file, archives its rows and writes them prepared. `python -m
src.data_preparation`
"""

from datetime import datetime

from raincast import console
from raincast.loop import history
from raincast.settings import Settings
from raincast.store import params
from raincast.store.prepared import PreparedHistory


def prepare(settings: Settings, now: datetime) -> PreparedHistory:
    return history.prepare(settings, now, params.read(settings.params).first_date)


if __name__ == "__main__":
    console.stage(prepare)
