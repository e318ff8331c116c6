"""Whatever moment a process that keeps models is killed at, a whole model serves."""

import shutil
from pathlib import Path

import pytest

from raincast.errors import NoModel
from raincast.store import model_files
from raincast.store.registry import Registry
from tests.integration import kill_at_each_step
from tests.registries import at, ids, keep


def save_third(models: Path) -> None:
    keep(models, 0.3, 3)


def promote_second(models: Path) -> None:
    Registry(models).promote(ids(models)[1], at(20), "killed perhaps")


def promote_first_of_all(models: Path) -> None:
    promote_second(models)


def roll_back(models: Path) -> None:
    Registry(models).rollback(at(30), "killed perhaps")


def assert_sound(models: Path, allowed: set[str]) -> None:
    served = Registry(models).load_active()
    assert served.version in allowed
    assert model_files.whole(models)
    assert model_files.read_metadata(models).version == served.version
    assert served.version == Registry(models).served_at(at(999))
    assert Registry(models).recover() is None


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    """For each action the folders that it left, killed at its first, second, … step; the last ran
    to its end.
    """
    root = tmp_path_factory.mktemp("killed")
    none_serves, first_serves, second_serves = (root / str(n) for n in range(3))
    first = keep(none_serves, 0.1, 0)
    keep(none_serves, 0.2, 1)
    shutil.copytree(none_serves, first_serves)
    Registry(first_serves).promote(first, at(10), "first")
    shutil.copytree(first_serves, second_serves)
    promote_second(second_serves)
    actions = {
        "save_third": first_serves,
        "promote_second": first_serves,
        "promote_first_of_all": none_serves,
        "roll_back": second_serves,
    }
    return kill_at_each_step.ends(Path(__file__).resolve(), root / "ends", actions)


@pytest.mark.slow
class TestKilled:
    def test_while_saving_a_version_is_there_whole_or_not_at_all(
        self, ends: dict[str, list[Path]]
    ) -> None:
        assert len(ends["save_third"]) > 4
        for models in ends["save_third"]:
            assert all(Registry(models).load(version) for version in ids(models))
            third = keep(models, 0.3, 3)
            assert ids(models)[2:] == [third]
            assert not list(models.glob("versions/.*"))
            assert_sound(models, {ids(models)[0]})

    def test_while_promoting_the_old_or_the_new_serves(self, ends: dict[str, list[Path]]) -> None:
        served = []
        for models in ends["promote_second"]:
            first, second = ids(models)
            assert_sound(models, {first, second})
            served.append(Registry(models).load_active().version)
            promote_second(models)
            assert Registry(models).load_active().version == second
            assert Registry(models).rollback(at(40), "") == first
        assert served == sorted(served)
        assert set(served) == {first, second}

    def test_while_promoting_the_first_model_it_serves_or_none_does(
        self, ends: dict[str, list[Path]]
    ) -> None:
        for models in ends["promote_first_of_all"]:
            if Registry(models).history():
                assert_sound(models, {ids(models)[1]})
            else:
                with pytest.raises(NoModel):
                    Registry(models).load_active()
            promote_second(models)
            assert_sound(models, {ids(models)[1]})

    def test_while_rolling_back_the_old_or_the_new_serves(
        self, ends: dict[str, list[Path]]
    ) -> None:
        for models in ends["roll_back"]:
            assert_sound(models, set(ids(models)))
