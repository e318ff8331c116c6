"""What settings promise together: defaults that are themselves, places under one root, and secrets
that are known wherever they stand.
"""

from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.errors import BadInput, MissingSetting
from raincast.settings import (
    REPOSITORY,
    Settings,
    alert_urls,
    for_child,
    from_environment,
    run_id,
    secret,
    secrets,
    shares_counters,
    variables,
)
from raincast.settings.paths import Paths
from raincast.settings.variable import boolean


def test_an_environment_that_says_nothing_leaves_every_default() -> None:
    assert from_environment({}) == Settings()
    blank = {variable.name: "" for variable in variables().values()}
    assert from_environment(blank) == Settings(), "an empty variable is none"
    assert Settings().root == REPOSITORY


@pytest.mark.parametrize(
    "name", [name for name, kind in variables().items() if kind.read in (int, float, boolean)]
)
def test_a_default_that_is_told_as_a_value_is_the_default(name: str) -> None:
    """What a document gives as the default of a number or a switch; some are told in words."""
    variable = variables()[name]
    try:
        told = variable.value(variable.default)
    except ValueError:
        assert variable.default in ("all", "the last whole year before the last eighteen months")
    else:
        assert told == getattr(Settings(), name)


def test_each_setting_has_one_variable_and_each_variable_one_setting() -> None:
    names = [variable.name for variable in variables().values()]
    assert len(set(names)) == len(names) == len(fields(Settings))
    assert all(variable.about for variable in variables().values())


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("RECALL_THRESHOLD", "1.01", "a number, 0 or more, 1 or less"),
        ("LIVE_WINDOW", "0", "a whole number, 1 or more"),
        ("LIVE_WINDOW", "200.5", "a whole number, 1 or more"),
        ("CHEAPEST_FIRST", "yes", "true or false"),
        ("LOG_FORMAT", "xml", "text or json"),
    ],
)
def test_a_value_that_is_none_is_refused_by_its_variable(
    name: str, text: str, expected: str
) -> None:
    with pytest.raises(BadInput) as caught:
        from_environment({name: text})
    assert str(caught.value) == f"setting {name}: found {text!r}, expected {expected}"


def test_what_is_set_once_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().live_window = 3  # type: ignore[misc]


def test_every_place_lies_under_the_root_and_no_two_are_one(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path)
    names = [name for name, kind in vars(Paths).items() if isinstance(kind, property)]
    places = [getattr(settings, name) for name in names]
    assert len(names) > 20
    assert all(tmp_path in place.parents for place in places)
    assert len(set(places)) == len(places)
    assert settings.train_metrics == tmp_path / "metrics/train.json"
    assert settings.studies == f"sqlite:///{tmp_path}/optimisations/optuna_xgb_recall_small.db"
    elsewhere = Settings(root=tmp_path, optuna_storage="postgresql://host/studies")
    assert elsewhere.studies == "postgresql://host/studies"


def test_a_secret_is_asked_for_when_it_is_used() -> None:
    assert secret("API_KEY", {"API_KEY": "k"}) == "k"
    for environment in ({}, {"API_KEY": ""}):
        with pytest.raises(MissingSetting, match="API_KEY is not set: put it in the environment"):
            secret("API_KEY", environment)


def test_every_secret_is_known_wherever_it_stands() -> None:
    found = secrets(
        {
            "API_KEY": "one",
            "ALERT_URLS": "mailtos://me:two@host json://host/?password=three",
            "DATABASE_URL": "postgresql://me:f%6Fur@host/x?sslpassword=five",
            "BUREAU_URL": "ftp://user:six@host",
            "FEED_URLS": "https://a:seven@host/1 https://host/2",
            "DAGSHUB_USERNAME": "no secret",
            "LIVE_WINDOW": "200",
            "OTHERS_PASSWORD": "not ours",
        }
    )
    alerts = "mailtos://me:two@host json://host/?password=three"
    assert set(found) == {"one", alerts, "two", "three", "f%6Fur", "four", "five", "six", "seven"}
    assert secrets({}) == ()
    assert secrets({"BUREAU_URL": "http://[broken"}) == (), "no address has no password"


@given(st.text("abcXYZ019-._~", min_size=1))
def test_a_password_in_any_address_is_a_secret(password: str) -> None:
    for name in ("DATABASE_URL", "MLFLOW_TRACKING_URI", "API_URL", "HISTORY_URL"):
        assert password in secrets({name: f"https://me:{password}@host/x"})


def test_what_shells_beside_the_package_read() -> None:
    assert alert_urls({"ALERT_URLS": " json://a \n json://b "}) == ["json://a", "json://b"]
    assert alert_urls({}) == []
    assert (run_id({"RAINCAST_RUN_ID": "r-1"}), run_id({})) == ("r-1", "")
    assert [
        shares_counters({"PROMETHEUS_MULTIPROC_DIR": folder} if folder is not None else {})
        for folder in ("/run/counters", "", None)
    ] == [True, False, False]


def test_a_child_has_the_environment_and_what_is_added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVE_WINDOW", "7")
    child = for_child(LIVE_WINDOW="9", RAINCAST_RUN_ID="r-1")
    assert from_environment(child).live_window == 9
    assert run_id(child) == "r-1"
    assert from_environment().live_window == 7, "nothing of it is left here"
