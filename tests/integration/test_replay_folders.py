"""What a replay begins with: the history before its first day, and each policy's own folder."""

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pandas as pd
import pytest

from raincast.errors import BadInput
from raincast.features.block import LOOKBACK_DAYS
from raincast.learning.metadata import Cure
from raincast.replay.walk import policy, setting
from raincast.replay.walk.setting import Start
from raincast.settings import Settings
from raincast.store import model_files
from raincast.store.archive import Archive
from raincast.store.registry import Registry
from tests import registries
from tests.observed import day, observations

BEGIN, NOW = day(0), datetime(2024, 11, 1, tzinfo=UTC)
NEVER = policy.parse("never")


def weather() -> pd.DataFrame:
    """A hundred days at two stations, the last ten of them in the replay; every day is wet."""
    return observations({(place, i): 5.0 for place in ("Cairns", "Perth") for i in range(-90, 10)})


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    common = setting.shared(Settings(root=tmp_path_factory.mktemp("base")), _out(tmp_path_factory))
    setting.lay_history(common, weather, BEGIN, NOW)
    return common


def _out(factory: pytest.TempPathFactory) -> Path:
    return factory.mktemp("replay")


def test_nothing_of_the_replays_days_is_in_the_history(laid: Settings) -> None:
    """Not even as the label of the day before the first: its truth is read on the first day."""
    frame = pd.read_csv(laid.prepared, parse_dates=["Date"])
    assert (frame["Date"].min().date(), frame["Date"].max().date()) == (day(-90), day(-1))
    last = frame["Date"] == pd.Timestamp(day(-1))
    assert frame.loc[last, "RainTomorrow"].isna().all()
    assert (frame.loc[~last, "RainTomorrow"] == "Yes").all()
    said = json.loads(laid.prepared_meta.read_text())
    assert said["rows"] == 180
    assert (said["first_date"], said["last_date"]) == ("2024-08-03", "2024-10-31")
    assert said["prepared_at_utc"] == "2024-11-01T00:00:00+00:00"


def test_the_archive_has_the_days_that_features_look_back_to_and_a_month_more(laid) -> None:
    known = Archive(laid.archive).as_known_at()["Date"]
    assert known.min().date() == BEGIN - timedelta(days=LOOKBACK_DAYS + 30)
    assert known.max().date() == day(-1)
    # Each row as it was known on its own day, not at the moment of the replay.
    noon = datetime.combine(day(-10), time(12), UTC)
    assert Archive(laid.archive).as_known_at(noon)["Date"].max().date() == day(-10)


def test_a_history_that_is_laid_is_not_asked_for_again(laid: Settings) -> None:
    def forbidden() -> pd.DataFrame:
        raise AssertionError

    before = laid.prepared.read_bytes()
    setting.lay_history(laid, forbidden, BEGIN, NOW)
    assert laid.prepared.read_bytes() == before


def test_without_a_day_before_the_first_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"--start 2024-08-03: found no history before it, expected"):
        setting.lay_history(Settings(root=tmp_path), weather, day(-90), NOW)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("last", "year"),
    [
        (date(2015, 12, 31), 2015),
        (date(2015, 12, 30), 2014),
        (date(2016, 1, 1), 2015),
        (date(2016, 2, 29), 2015),
    ],
)
def test_thresholds_are_chosen_on_the_last_whole_year(tmp_path: Path, last, year) -> None:
    here = Settings(root=tmp_path)
    rain = {("Cairns", (last - day(0)).days - i): 1.2 for i in range(2)}
    setting.lay_history(here, lambda: observations(rain), last + timedelta(days=1), NOW)
    assert setting.tuning_year(here) == year


def test_each_policy_has_a_folder_and_its_own_rule_and_sends_nothing_away(tmp_path: Path) -> None:
    base = Settings(root=tmp_path / "live", tracking_uri="http://there", decision_rule="interval")
    out = tmp_path / "out"
    common = setting.shared(base, out)
    assert (common.root, common.tracking_uri, common.database) == (out / "shared", "", "")
    rules = {
        name: (mine.root.name, mine.decision_rule, mine.cheapest_first, mine.tracking_uri)
        for name in ("never", "every:30", "ladder", "watch", "remedy")
        for mine in [setting.own(base, out, policy.parse(name))]
    }
    assert rules == {
        "never": ("never", "interval", False, ""),
        "every:30": ("every-30", "interval", False, ""),
        "ladder": ("ladder", "interval", False, ""),
        "watch": ("watch", "watch", False, ""),
        "remedy": ("remedy", "watch", True, ""),
    }
    assert base.root == tmp_path / "live"


def start(models: Path, **said: object) -> Start:
    """A model fitted to days to 2024-03-01, of which more is said."""
    version = registries.keep(models, 0.3, 0)
    folder = models / "versions" / version
    about, pipeline = model_files.read(folder)
    model_files.write(folder, about.model_copy(update=said), pipeline)
    return Start(models, version)


SEEN = [
    ({}, date(2024, 3, 1)),  # the rows that it was fitted to
    ({"figures": {"first": "2024-01-01", "last": "2024-12-31"}}, date(2024, 12, 31)),
    ({"searched_to": date(2024, 5, 5)}, date(2024, 5, 5)),
    ({"searched_to": date(2023, 5, 5)}, date(2024, 3, 1)),
    ({"cure": Cure(name="threshold", last_feature_date=date(2024, 6, 1))}, date(2024, 6, 1)),
]


@pytest.mark.parametrize(("said", "last"), SEEN)
def test_a_model_that_has_seen_the_first_day_is_refused(tmp_path: Path, said, last) -> None:
    begins = start(tmp_path / "models", **said)
    setting.require_honest(begins, last + timedelta(days=1))
    with pytest.raises(BadInput) as refused:
        setting.require_honest(begins, last)
    assert str(refused.value) == (
        f"--model {begins.version}: found one that has learned from days to {last}, expected none"
        f" of the span from {last} on; name an older one (`raincast models list`), or --fit a new"
        " one"
    )


def test_a_policys_folder_is_links_and_the_model_that_it_begins_with(laid, tmp_path: Path) -> None:
    begins = start(tmp_path / "models")
    mine = setting.own(Settings(root=tmp_path), tmp_path / "out", NEVER)
    setting.furnish(mine, laid, begins, BEGIN)
    for path in ("archive", "prepared", "prepared_meta"):
        assert getattr(mine, path).resolve() == getattr(laid, path).resolve()
        assert getattr(mine, path).is_symlink()
    registry = Registry(mine.models)
    first = registry.history()
    assert [(one.action, one.version) for one in first] == [("promote", begins.version)]
    assert (first[0].at, first[0].reason) == (NOW, "what the replay begins with")


def test_to_furnish_again_leaves_what_the_policy_has_done(laid, tmp_path: Path) -> None:
    begins = start(tmp_path / "models")
    mine = setting.own(Settings(root=tmp_path), tmp_path / "out", NEVER)
    setting.furnish(mine, laid, begins, BEGIN)
    other = registries.keep(mine.models, 0.7, 1)
    Registry(mine.models).promote(other, registries.at(2), "it is better")
    setting.furnish(mine, laid, begins, BEGIN)
    assert Registry(mine.models).load_active().version == other
    assert len(Registry(mine.models).history()) == 2


def test_the_models_behind_the_first_come_along(laid, tmp_path: Path) -> None:
    """The watch compares with the record of the model that was evaluated."""
    tuned = registries.keep(tmp_path / "models", 0.4, 5)
    begins = start(tmp_path / "models", tuned_version=tuned)
    mine = setting.own(Settings(root=tmp_path), tmp_path / "out", NEVER)
    setting.furnish(mine, laid, begins, BEGIN)
    assert set(registries.ids(mine.models)) == {tuned, begins.version}
    assert Registry(mine.models).load_active().version == begins.version
