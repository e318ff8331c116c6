"""`raincast run`: the whole loop in one command, one station's failure costs one station."""

from dataclasses import replace
from pathlib import Path

from raincast.errors import PARTLY, SourceUnavailable
from raincast.loop import round as rounds
from raincast.settings import Settings
from raincast.store import journal
from raincast.store.model_files import read_metadata
from tests import served
from tests.places import find
from tests.web_servers import says, serving


def quiet(_: str) -> None: ...


def test_a_round_forecasts_scores_and_decides_whatever_one_station_does(
    settings: Settings, tmp_path: Path
) -> None:
    with served.bureau(tmp_path / "bureau"):
        pass
    spoilt = {find("Perth").product: says(500)}
    with serving(served.files_of(tmp_path / "bureau", spoilt)) as server:
        here = replace(settings, bureau_url=server.url, fetch_per_second=1000.0, fetch_tries=1)
        said: list[str] = []
        first = rounds.run(here, served.NOW, said.append)
        assert any(find("Perth").product in line for line in said)
        known = read_metadata(here.models).stations
        assert sorted({*first.forecast, *first.without}) == sorted(known)
        assert len(first.forecast) > len(known) - 8
        assert first.failed == {}
        assert first.exit_code == (PARTLY if first.without else 0)
        assert first.decision == "skip_optuna"
        assert not any("retrain" in line for line in said), "nothing is retrained"
        assert here.live_eval.exists()
        again = rounds.run(here, served.NOW, quiet)
    assert (again.forecast, again.already) == ([], len(first.forecast))
    rows = journal.Journal(here.journal).read().set_index("location")
    assert sorted(rows.index) == sorted(known), "each once: a second try found nothing better"
    assert rows.loc[first.forecast, "basis"].unique().tolist() == ["today"]
    assert rows.loc["Perth", "basis"] == "yesterday"
    assert "Perth" in first.basis["yesterday"]
    assert again.basis == first.basis


def test_without_a_bureau_and_without_a_model_it_still_scores_and_says_so(tmp_path: Path) -> None:
    done = rounds.run(Settings(root=tmp_path), served.NOW, quiet)
    assert done.exit_code == SourceUnavailable.exit_code
    assert "raincast train" in done.failed["forecast"]
    assert done.without == {}, "it is the step that failed, and its cause is said once"
    assert done.scored_rows == 0
    assert done.case == "unknown"
