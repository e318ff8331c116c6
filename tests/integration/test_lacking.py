"""Whether a row that is not there has not come, or came and was set aside."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from raincast.errors import NotPublished
from raincast.loop import lacking, latest
from raincast.loop.batch import IngestReport
from raincast.loop.contexts import Contexts
from raincast.loop.ingest import ingest_paths
from raincast.settings import Settings
from raincast.store.archive import Archive
from tests.dwo_files import ALBURY, ROWS, written

NOW, DAY = datetime(2024, 5, 15, 6, tzinfo=UTC), date(2024, 5, 15)
WHOLE = ",2024-05-15,4.0,,12.6,,,,,,9.9,97,7, ,Calm,1012.0,,,,,,"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",2024-05-15,4.0,,12", "it came and was set aside (line 11: found ',2024-05-15,4.0"),
        (
            WHOLE.replace("05-15", "05-1?"),
            "a row whose day cannot be read was set aside; is it this one? (line 11",
        ),
        (
            WHOLE.replace("05-15", "04-15"),
            "a row whose day cannot be read was set aside; is it this one? (line 11",
        ),
        (WHOLE.replace("05-15", "05-14")[:30], lacking.NOT_YET),
        (WHOLE.replace("4.0", "soft").replace("05-15", "05-14"), lacking.NOT_YET),
        ("", lacking.NOT_YET),
    ],
)
def test_a_row_that_is_not_there_was_set_aside_or_has_not_come(
    tmp_path: Path, row: str, said: str
) -> None:
    file = tmp_path / f"{ALBURY}.csv"
    file.write_bytes(written(rows=(*ROWS, row)))
    ingest_paths(Settings(root=tmp_path), [file], NOW)
    contexts = Contexts(Archive(Settings(root=tmp_path).archive))
    found = lacking.lack(contexts.archive, latest.due("Albury", NOW))
    assert found.startswith(f"Albury: expected a row of {DAY}, found none; {said}")
    if "05-14" not in row:
        with pytest.raises(NotPublished) as error:
            latest.newest(contexts, "Albury", NOW)
        assert said in str(error.value)


def test_after_a_fetch_each_station_has_a_reason_of_its_own() -> None:
    late, gone = {"Cairns": "none yet"}, {"Cairns": "none yet", "Perth": "no answer"}
    fetched = IngestReport(1, 1, 1, not_published=("none yet",), failed=gone, unreachable=True)
    told = [lacking.after(fetched, name) for name in ("Albury", "Cairns", "Perth")]
    assert told == [lacking.NOT_YET, lacking.NO_FILE, lacking.NOT_HAD]
    nothing = IngestReport(0, 0, 0, not_published=("none yet",), failed=gone, unreachable=True)
    assert lacking.after(nothing, "Perth") == lacking.AWAY
    assert lacking.after(IngestReport(1, 1, 1, failed=late), "Cairns") == lacking.NOT_HAD
