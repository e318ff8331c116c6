"""A replay whose challengers serve in the shadow first: what is given out, how it ends, and the
same when it was cut short.
"""

import itertools
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import pandas as pd
import pytest

from raincast.replay.walk import policy, setting
from raincast.settings import Settings
from raincast.store import journal
from raincast.store.model_history import ModelDecision
from raincast.store.registry import Registry
from tests import replays

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("four_stations")]
POLICY = "every:4"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return replays.settings(tmp_path_factory.mktemp("shadow"), shadow_days=12, gate_margin=0.15)


@pytest.fixture(scope="module")
def whole(base: Settings) -> pd.DataFrame:
    return replays.replayed(base, base.root / "whole", [POLICY])


def own(base: Settings, out: str) -> Settings:
    return setting.own(base, base.root / out, policy.parse(POLICY))


def decided(base: Settings, out: str) -> list[ModelDecision]:
    return Registry(own(base, out).models).history()[1:]


def test_a_challenger_is_in_the_shadow_until_it_is_sure(
    base: Settings, whole: pd.DataFrame
) -> None:
    into, ended = decided(base, "whole")[:2]
    assert (into.action, ended.action) == ("shadow", "promote")
    assert into.version == ended.version
    assert timedelta(days=8) <= ended.at - into.at <= timedelta(days=12)
    told = whole[whole["action"].notna()].head(2)
    assert list(told["action"]) == ["shadow", "promote"]
    assert list(told["issued_at"]) == [pd.Timestamp(into.at), pd.Timestamp(ended.at)]


def test_none_of_its_forecasts_is_given_out_before(base: Settings, whole: pd.DataFrame) -> None:
    into, ended = decided(base, "whole")[:2]
    given = journal.Journal(own(base, "whole").journal).read()
    its = given[given["model_version"] == into.version]
    assert its["logged_at_utc"].min() > pd.Timestamp(ended.at)
    apart = journal.Journal(own(base, "whole").shadow_journal).read()
    shadows = {one.version for one in decided(base, "whole") if one.action == "shadow"}
    assert set(apart["model_version"]) == shadows
    assert set(apart["forecast_id"]) < set(given["forecast_id"])


@pytest.mark.parametrize("steps", [14, 24, 25])
def test_cut_short_and_gone_on_with_it_is_the_same(
    base: Settings, whole: pd.DataFrame, steps: int
) -> None:
    out = f"cut after {steps}"

    def short(times: Sequence[datetime]) -> Iterator[datetime]:
        return itertools.islice(times, steps)

    replays.replayed(base, base.root / out, [POLICY], short)
    again = replays.replayed(base, base.root / out, [POLICY])
    pd.testing.assert_frame_equal(again.drop(columns="seconds"), whole.drop(columns="seconds"))
    assert decided(base, out) == decided(base, "whole")
