"""What the page on replays says of a policy beside never retraining."""

import pytest

from raincast.replay.page_verdict import against_never, cells, verdict

LOWER, HIGHER, CHANCE = [-0.002, -0.003, -0.001], [0.002, 0.001, 0.003], [-0.001, -0.002, 0.001]
SAME, FEW = [0.0, 0.0, 0.0], [-0.002, None, None]


@pytest.mark.parametrize(
    ("brier", "expected"),
    [(LOWER, "better"), (HIGHER, "worse"), (CHANCE, "noise"), (SAME, "the same"), (FEW, "too few days")],
)
def test_a_difference_counts_beyond_its_interval_alone(brier: list[float | None], expected: str) -> None:
    assert verdict({"brier": brier}) == expected


def test_cells_are_in_thousandths_with_their_sign() -> None:
    assert cells({"brier": LOWER, "recall": FEW}) == ("-2.000 (-3.000 to -1.000)", "-0.002 (- to -)", "better")


def test_the_words_name_each_policy_where_it_belongs() -> None:
    found = {
        "specification": {"brier": LOWER, "recall": HIGHER},
        "interval": {"brier": CHANCE, "recall": CHANCE},
        "ladder": {"brier": SAME, "recall": SAME},
    }
    assert against_never({"against_first": found}) == (
        "By Brier score, beyond its interval: `specification` is better than never retraining. "
        "What `interval` changed in the Brier score is noise: its interval holds zero. "
        "`ladder` did nothing here, and so forecast the same. "
        "The recall moved beyond its interval: `specification` by +0.002 (+0.001 to +0.003)."
    )
    assert against_never({"against_first": {"interval": found["interval"]}}).endswith(
        "No recall moved beyond its interval."
    )
