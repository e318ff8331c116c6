"""What the page on replays says of a policy beside never retraining."""

import pytest

from raincast.replay.page.verdict import against_never, cells, seed_variation, verdict

LOWER, HIGHER, CHANCE = [-0.002, -0.003, -0.001], [0.002, 0.001, 0.003], [-0.001, -0.002, 0.001]
SAME, FEW = [0.0, 0.0, 0.0], [-0.002, None, None]


def found(brier_sd: float | None = None, **policies: dict[str, object]) -> dict[str, object]:
    return {"against_first": policies, "luck": brier_sd and {"fits": 8, "brier_sd": brier_sd}}


@pytest.mark.parametrize(
    ("brier", "expected"),
    [
        (LOWER, "better"),
        (HIGHER, "worse"),
        (CHANCE, "noise"),
        (SAME, "the same"),
        (FEW, "too few days"),
    ],
)
def test_a_difference_counts_beyond_its_interval_alone(
    brier: list[float | None], expected: str
) -> None:
    assert verdict(found(a={"brier": brier}), "a") == expected


@pytest.mark.parametrize(
    ("brier_sd", "expected"), [(0.0008, "better"), (0.0009, "noise"), (0.002, "noise")]
)
def test_the_luck_of_a_fit_widens_it(brier_sd: float, expected: str) -> None:
    """√(0.001² + (1.96 sd)²) reaches 0.002 at a standard deviation of 0.00088."""
    assert verdict(found(brier_sd, a={"brier": LOWER}), "a") == expected


def test_cells_are_in_thousandths_with_their_sign() -> None:
    said = cells(found(a={"brier": LOWER, "recall": FEW}), "a")
    assert said == ("-2.000 (-3.000 to -1.000)", "-0.002 (- to -)", "better")


def test_the_words_name_each_policy_where_it_belongs() -> None:
    all_kinds = found(
        specification={"brier": LOWER, "recall": HIGHER},
        interval={"brier": CHANCE, "recall": CHANCE},
        ladder={"brier": SAME, "recall": SAME},
    )
    assert (
        against_never(all_kinds)
        == "By Brier score, beyond chance in days and seeds: `specification` is better than never"
        " retraining. What `interval` changed in the Brier score is noise. `ladder` gave the"
        " same chances as never retraining. The recall moved beyond its interval:"
        " `specification` by +0.002 (+0.001 to +0.003)."
    )
    quiet = found(interval={"brier": CHANCE, "recall": CHANCE})
    assert against_never(quiet).endswith("No recall moved beyond its interval.")


def test_the_luck_is_told_where_it_was_measured() -> None:
    assert seed_variation(found()) == ""
    assert "8 fits" in seed_variation(found(0.0005))
    assert "0.500" in seed_variation(found(0.0005))
