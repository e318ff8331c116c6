"""A model's metadata at the registry's door."""

from typing import Any

import pytest

from raincast.errors import NoModel
from raincast.features import block
from raincast.observations.event import DEFAULT
from raincast.store.model_checks import content_sha256, is_version, require_fit, require_sound

SOUND: dict[str, Any] = {
    "version": "20240101T000000Z-0123abcd",
    "sha256": "0" * 64,
    "threshold": 0.3,
    "stations": ["Sydney", "GoneSince"],
    "features": {"count": len(block.NAMES), "sha256": block.NAMES_SHA256},
    "event": DEFAULT.statement,
    "libraries": {"sklearn": "1.7.2", "numpy": "2.1.0"},
}


@pytest.mark.parametrize(
    ("name", "so"),
    [
        ("20240101T000000Z-0123abcd", True),
        ("v1.2_b", True),
        ("..", False),
        ("a..b", False),
        ("a/b", False),
        (".hidden", False),
        ("-rf", False),
        ("", False),
        ("a" * 101, False),
        ("a\n", False),
        (7, False),
    ],
)
def test_a_version_is_one_folders_name_and_never_a_way_elsewhere(name: object, so: bool) -> None:
    assert is_version(name) is so


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("version", "../other", "version: found '../other'"),
        ("sha256", "0" * 63, "64 hexadecimal digits"),
        ("threshold", 1.5, "threshold: found 1.5, expected a number from 0 to 1"),
        ("threshold", True, "threshold: found True"),
        ("threshold", float("nan"), "threshold: found nan"),
        ("stations", [], "expected the stations that it was trained on"),
        ("stations", ["Atlantis"], "stations of the network"),
        ("thresholds", {"9am": 0.3}, "expected one for each of 9am, 3pm, complete"),
        ("thresholds", {"9am": 0.3, "3pm": 2, "complete": 0.3}, "thresholds, 3pm: found 2"),
        ("climatology", {"Sydney": [0.5] * 11}, "twelve chances"),
    ],
)
def test_what_a_model_cannot_serve_with_is_named(field: str, value: object, said: str) -> None:
    require_sound(SOUND, "a model")
    with pytest.raises(NoModel) as caught:
        require_sound(SOUND | {field: value}, "a model")
    assert said in str(caught.value)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(NoModel, match=r"version.*sha256.*threshold.*stations"):
        require_sound({}, "a model")
    with pytest.raises(NoModel, match="expected a JSON object"):
        require_sound([SOUND], "a model")


def test_a_hash_is_of_what_is_said_and_not_of_its_order() -> None:
    turned = SOUND | {"libraries": dict(reversed(SOUND["libraries"].items()))}
    one, other = require_sound(SOUND, "a model"), require_sound(turned, "a model")
    assert content_sha256(one) == content_sha256(other)
    changed = require_sound(SOUND | {"threshold": 0.31}, "a model")
    assert content_sha256(one) != content_sha256(changed)


@pytest.mark.parametrize(
    "here", [{"sklearn": "1.7.9", "numpy": "2.9.9"}, {"sklearn": "1.7.2"}, {"of no model": "9.9"}]
)
def test_pickles_of_the_same_minor_version_or_else_major_fit(here: dict[str, str]) -> None:
    made_with = SOUND["libraries"] | {"joblib": "1.4.2"}
    model = require_sound(SOUND | {"libraries": made_with}, "a model")
    require_fit(model, here)
    with pytest.raises(NoModel) as caught:
        require_fit(model, here | {"joblib": "2.0.0"})
    assert str(caught.value).count("library ") == 1, "of those that fit nothing is said"
    assert "library joblib: made with 1.4.2, here is 2.0.0" in str(caught.value)


@pytest.mark.parametrize("here", [{"sklearn": "1.8.0"}, {"numpy": "3.0.0"}])
def test_of_another_it_says_which_and_what_to_do(here: dict[str, str]) -> None:
    ((name, version),) = here.items()
    with pytest.raises(NoModel, match=f"library {name}.*here is {version}: install that one"):
        require_fit(require_sound(SOUND, "a model"), here)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"features": {"count": 3, "sha256": "0" * 64}}, "features: found"),
        ({"event": "hail"}, "event: found 'hail'"),
    ],
)
def test_a_model_of_other_features_or_of_another_event_is_refused(
    change: dict[str, object], said: str
) -> None:
    with pytest.raises(NoModel, match=f"{said}.*`raincast train`"):
        require_fit(require_sound(SOUND | change, "a model"), {})
