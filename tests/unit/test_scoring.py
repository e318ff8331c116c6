"""Scores against tables worked out by hand, against scikit-learn, and intervals against what they
promise.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from raincast.verification import scoring
from raincast.verification.sums import FIGURES, Table

NAN = float("nan")

# Eight forecasts by hand: 2 hits, 1 miss, 1 false alarm, 4 correct negatives.
#   p          0.9   0.8   0.3   0.6   0.2   0.1   0.3   0.0
#   happened   wet   wet   wet   dry   dry   dry   dry   dry
#   (p - y)²   .01   .04   .49   .36   .04   .01   .09   0     sum 1.04
P = [0.9, 0.8, 0.3, 0.6, 0.2, 0.1, 0.3, 0.0]
Y = [1, 1, 1, 0, 0, 0, 0, 0]
WARNED = [1, 1, 0, 1, 0, 0, 0, 0]
REFERENCE = [0.5] * 8


def test_by_hand():
    found = scoring.summary(Y, P, WARNED, REFERENCE).to_json()
    assert found["table"] == {"hits": 2, "misses": 1, "false_alarms": 1, "correct_negatives": 4}
    assert (found["n"], found["positives"]) == (8, 3)
    expected = {
        "accuracy": 6 / 8,
        "precision": 2 / 3,
        "recall": 2 / 3,
        "f1": 4 / 6,
        "roc_auc": (5 + 5 + 3.5)
        / 15,  # of 15 pairs: 0.9 and 0.8 beat all five, 0.3 beats three and ties with one
        "average_precision": (1 + 1 + 3 / 5)
        / 3,  # at 0.9, at 0.8, and at 0.3 where five forecasts are warned
        "brier": 1.04 / 8,
        "brier_skill": 1 - 1.04 / (8 * 0.25),
    }
    assert {name: found[name] for name in FIGURES} == pytest.approx(expected)


@pytest.mark.parametrize(
    ("y", "p", "warned", "undefined"),
    [
        ([], [], [], set(FIGURES)),
        ([NAN], [0.5], [1], set(FIGURES)),
        ([0, 0], [0.1, 0.2], [0, 0], {"precision", "recall", "f1", "roc_auc", "average_precision"}),
        ([0, 0], [0.1, 0.2], [1, 0], {"recall", "roc_auc", "average_precision"}),
        ([1, 1], [0.1, 0.2], [0, 0], {"precision", "roc_auc"}),
        ([1, 0], [NAN, NAN], [1, 0], {"roc_auc", "average_precision", "brier", "brier_skill"}),
        ([1, 0], [0.9, 0.2], [NAN, NAN], {"accuracy", "precision", "recall", "f1"}),
    ],
    ids=[
        "nothing",
        "no truth",
        "never wet",
        "never wet, warned",
        "always wet",
        "no probability",
        "no warning",
    ],
)
def test_what_cannot_be_computed_is_none(y, p, warned, undefined):
    found = scoring.summary(y, p, warned, [0.2] * len(y)).to_json()
    assert {name for name in FIGURES if found[name] is None} == undefined


@pytest.mark.parametrize("reference", [[NAN] * 8, Y], ids=["unknown", "perfect"])
def test_no_skill_without_a_reference_that_can_be_beaten(reference):
    assert scoring.summary(Y, P, WARNED, reference).to_json()["brier_skill"] is None


def test_unknown_values_are_left_out_and_nothing_else():
    y, p, warned, reference = (
        [*Y, NAN, 1, 0],
        [*P, 0.9, NAN, 0.4],
        [*WARNED, 1, NAN, 0],
        [*REFERENCE, 0.5, 0.5, NAN],
    )
    found, plain = (
        scoring.summary(y, p, warned, reference).to_json(),
        scoring.summary(Y, P, WARNED, REFERENCE).to_json(),
    )
    assert (found["n"], found["positives"]) == (10, 4)
    assert found["table"] == plain["table"] | {"correct_negatives": 5}
    assert found["brier"] == pytest.approx((1.04 + 0.16) / 9)
    assert found["brier_skill"] == pytest.approx(plain["brier_skill"])


chances = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0]) | st.floats(0, 1, width=32)
rows = st.lists(st.tuples(st.integers(0, 1), chances, st.integers(0, 1)), min_size=1, max_size=60)


@given(rows)
def test_as_scikit_learn_has_it(found_rows):
    y, p, warned = (np.array(column, dtype=float) for column in zip(*found_rows, strict=True))
    found = scoring.summary(y, p, warned, np.full(len(y), 0.2)).to_json()
    assert found["accuracy"] == pytest.approx(metrics.accuracy_score(y, warned))
    assert found["brier"] == pytest.approx(metrics.brier_score_loss(y, p))
    if y.any():
        assert found["recall"] == pytest.approx(metrics.recall_score(y, warned))
        assert found["average_precision"] == pytest.approx(metrics.average_precision_score(y, p))
    if y.any() and not y.all():
        assert found["roc_auc"] == pytest.approx(metrics.roc_auc_score(y, p))
    if warned.any():
        assert found["precision"] == pytest.approx(metrics.precision_score(y, warned))
        assert found["f1"] == pytest.approx(metrics.f1_score(y, warned))


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), *[st.sampled_from([0.0, 1.0, NAN])] * 2, chances),
        max_size=40,
    )
)
def test_groups_at_once_are_the_groups_one_by_one(found_rows):
    frame = pd.DataFrame(found_rows, columns=["station", "y", "predicted", "p"]).assign(
        reference=0.25
    )
    grouped = scoring.by_group(frame, ["station"])
    alone = {
        key: scoring.summary(*(part[name] for name in scoring.COLUMNS)).to_json()
        for key, part in frame.groupby("station")
    }
    assert {key: scoring.plain(row).to_json() for key, row in grouped.iterrows()} == alone


def test_rows_without_a_key_are_a_group():
    frame = pd.DataFrame(
        {"regime": ["9am", None, "9am"], "y": 1.0, "p": 0.5, "predicted": 1, "reference": 0.2}
    )
    grouped = scoring.by_group(frame, ["regime"])
    assert grouped["n"].tolist() == [2, 1]
    assert grouped.index[0] == "9am"
    assert pd.isna(grouped.index[1])


def test_groups_of_two_keys():
    frame = pd.DataFrame(
        {
            "a": [1, 1, 2],
            "b": ["x", "y", "x"],
            "y": [1.0, 0, 1],
            "p": 0.5,
            "predicted": 1,
            "reference": 0.2,
        }
    )
    grouped = scoring.by_group(frame, ["a", "b"])
    assert grouped["hits"].to_dict() == {(1, "x"): 1, (1, "y"): 0, (2, "x"): 1}


def test_reliability_by_hand():
    table = [
        b.to_json()
        for b in scoring.reliability([0, 1, 1, 0, NAN, 1], [0.04, 0.06, 1.0, 0.1, 0.5, NAN])
    ]
    assert len(table) == 10
    assert table[0] == {
        "low": 0,
        "high": 0.1,
        "n": 2,
        "mean_forecast": pytest.approx(0.05),
        "observed": 0.5,
    }
    assert (table[1]["n"], table[1]["observed"]) == (1, 0)
    assert (table[9]["n"], table[9]["mean_forecast"], table[9]["observed"]) == (1, 1, 1)
    assert (table[5]["n"], table[5]["mean_forecast"], table[5]["observed"]) == (0, None, None)


@given(st.lists(st.tuples(st.integers(0, 1), st.floats(0, 1)), max_size=50))
def test_reliability_counts_every_forecast_in_its_bin(found_rows):
    y, p = ([row[i] for row in found_rows] for i in (0, 1))
    table = [b.to_json() for b in scoring.reliability(y, p)]
    assert sum(row["n"] for row in table) == len(p)
    means = [(row["low"], row["mean_forecast"], row["high"]) for row in table if row["n"]]
    assert all(low - 1e-9 <= mean <= high + 1e-9 for low, mean, high in means)


@pytest.mark.parametrize(
    ("table", "ratio", "expected"),
    [
        (Table(30, 0, 0, 70), 0.4, 1.0),  # perfect
        (
            Table(0, 30, 0, 70),
            0.4,
            0.0,
        ),  # never warned is the best that climatology can do above the wet share
        (Table(30, 0, 70, 0), 0.2, 0.0),  # always warned is the best below it
        (Table(0, 30, 70, 0), 0.4, (0.3 - 0.4 * 0.7 - 0.3) / (0.3 - 0.12)),  # every warning wrong
        (Table(24, 6, 14, 56), 0.3, (0.3 - 0.2 * 0.3 * 0.7 + 0.8 * 0.3 * 0.7 - 0.3) / (0.3 - 0.09)),
        (Table(0, 0, 5, 95), 0.3, None),
        (Table(5, 5, 0, 0), 0.3, None),
    ],
    ids=["perfect", "never", "always", "wrong", "in between", "no rain", "only rain"],
)
def test_value_to_a_user(table, ratio, expected):
    assert scoring.value(table, ratio) == (
        None if expected is None else pytest.approx(expected, abs=1e-12)
    )
