"""A policy that searches before it retrains: one search for each set of rows, whatever is killed
and repeated.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import optuna
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from raincast.learning import tuning
from raincast.learning.studies import judged
from raincast.learning.tuning import Fold
from raincast.loop import retrain_set
from raincast.observations.network import put_in_force
from raincast.replay.summary import summary
from raincast.replay.walk import policy, setting
from raincast.settings import Settings
from raincast.store import journal
from raincast.store.ledger import Ledger
from raincast.store.registry import Registry
from raincast.tracking import ledger
from tests import replays
from tests.places import SMALL

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("four_stations")]
POLICY = "every:8+search"
ROOT = Path(__file__).resolve().parents[2]
Score = Callable[[Fold, Mapping[str, Any]], dict[str, float]]


def asked(root: Path) -> Settings:
    """No trial beyond those that any search begins with: the parameters that serve, and the
    defaults.
    """
    return replays.settings(root, tune_trials=1, tune_seconds=3600)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return asked(tmp_path_factory.mktemp("searched"))


@pytest.fixture(scope="module")
def whole(base: Settings) -> pd.DataFrame:
    return replays.replayed(base, base.root / "whole", [POLICY])


def own(base: Settings, out: str) -> Settings:
    return setting.own(base, base.root / out, policy.parse(POLICY))


def studies(mine: Settings) -> dict[str, list[dict[str, Any]]]:
    """The parameters that each study has judged."""
    return {
        name: [
            trial.params
            for trial in judged(optuna.load_study(study_name=name, storage=mine.studies))
        ]
        for name in optuna.get_all_study_names(mine.studies)
    }


def test_each_retraining_has_a_search_of_its_own_before_it(
    base: Settings, whole: pd.DataFrame
) -> None:
    mine, acted = own(base, "whole"), int(whole["action"].notna().sum())
    assert acted >= 2
    assert len(studies(mine)) == acted
    told = [run.tags["study"] for run in ledger.read(Ledger(mine.runs)) if run.kind == "search"]
    assert sorted(told) == sorted(studies(mine))
    found = summary.account(base, base.root / "whole", [policy.parse(POLICY)], False)
    assert found.policies[POLICY].searches == acted


def test_what_the_search_found_is_what_is_retrained(base: Settings, whole: pd.DataFrame) -> None:
    models = own(base, "whole").models
    kept = [Registry(models).metadata(version.version) for version in Registry(models).versions()]
    tried = [about for about in kept if about.study]
    assert {about.study for about in tried} == set(studies(own(base, "whole")))
    assert any(about.params["n_estimators"] != replays.POOR["n_estimators"] for about in tried)


def search_to_the_death(root: str, out: str, scores: int) -> None:
    """Replays, and dies before a fold is scored for that many times and one more."""
    put_in_force(SMALL)
    made, left = tuning.scorer, [scores]

    def dying(recall: float) -> Score:
        score = made(recall)

        def scored(fold: Fold, params: Mapping[str, Any]) -> dict[str, float]:
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1
            return score(fold, params)

        return scored

    tuning.scorer = dying
    replays.replayed(asked(Path(root)), Path(out), [POLICY])


def until_killed(base: Settings, out: Path, scores: int) -> None:
    call = f"t.search_to_the_death({str(base.root)!r}, {str(out)!r}, {scores})"
    code = f"from tests.integration import test_replay_search as t; {call}"
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, timeout=300)
    assert ended.returncode in (0, -signal.SIGKILL), ended.stderr.decode()[-2000:]


@given(st.lists(st.integers(0, 5), min_size=1, max_size=2))
@example([5])
@hypothesis_settings(
    max_examples=1,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_search_starts_twice_for_the_same_rows(
    base: Settings, whole: pd.DataFrame, kills: list[int]
) -> None:
    shutil.rmtree(base.root / "killed", ignore_errors=True)
    for scores in kills:
        until_killed(base, base.root / "killed", scores)
    steps = replays.replayed(base, base.root / "killed", [POLICY])
    pd.testing.assert_frame_equal(steps.drop(columns="seconds"), whole.drop(columns="seconds"))
    mine, theirs = own(base, "killed"), own(base, "whole")
    assert studies(mine).keys() == studies(theirs).keys()
    for found in studies(mine).values():
        assert found
        assert not [params for i, params in enumerate(found) if params in found[:i]]
    assert len([run for run in ledger.read(Ledger(mine.runs)) if run.kind == "search"]) == len(
        studies(mine)
    )
    assert retrain_set.read_watermark(mine) == retrain_set.read_watermark(theirs)
    assert Registry(mine.models).history() == Registry(theirs.models).history()
    assert journal.Journal(mine.journal).read().equals(journal.Journal(theirs.journal).read())
