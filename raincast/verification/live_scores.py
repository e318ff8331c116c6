"""The parts of the live report: scores over a span, by group, and beside the baselines."""

import numpy as np

from raincast.observations.network import in_force
from raincast.observations.rain import Readings
from raincast.verification import compact, opponents, scoring
from raincast.verification.records import LiveQuality, OpponentScores, Scores, SpanScores
from raincast.verification.sums import FIGURES
from raincast.verification.verified import Verified, newest, wet_station_days

_NOT_RECORDED = "not recorded"


def quality(
    verified: Verified, basis: Verified, window: int, rng: np.random.Generator
) -> LiveQuality:
    """The `_live` scores, over the `window` newest forecasts, and the evidence's, `basis`."""
    scores = dict(over_span(newest(verified, window), rng))
    live = {f"{name}_live": scores.pop(name) for name in FIGURES}
    return LiveQuality(
        status="ok" if len(verified.reference) else "no_ground_truth_available",
        scored_rows=scores.pop("n"),
        positives_true=scores.pop("positives"),
        window=window,
        **live,
        **scores,
        evidence=over_span(basis, rng),
    )


def over_span(verified: Verified, rng: np.random.Generator) -> SpanScores:
    """All scores of some forecasts, with the days that they span."""
    target = verified.rows.target
    scores = scoring.over_days(verified.columns, target, rng)
    first, last = (
        (str(day) for day in np.array([target.min(), target.max()], "datetime64[D]"))
        if len(target)
        else (None, None)
    )
    return SpanScores(
        **dict(scores),
        first_target_date=first,
        last_target_date=last,
        wet_station_days=len(wet_station_days(verified.rows)),
    )


def groups(verified: Verified, key: str) -> dict[str, Scores]:
    """The scores by a column of `compact.Rows`, in the order of its labels."""
    labels = in_force().locations if key == "location" else compact.NAMES[key]
    code = getattr(verified.rows, key)
    last = np.where(code < 0, code.dtype.type(len(labels)), code)
    return scoring.by_code(verified.columns, last, [*labels, _NOT_RECORDED])


def by_basis(verified: Verified, weaker: Verified) -> dict[str, Scores]:
    """Those that count, and those that rest on no observation."""
    found = groups(verified, "basis") | groups(weaker, "basis")
    return {name: found[name] for name in (*compact.NAMES["basis"], _NOT_RECORDED) if name in found}


def beside_opponents(
    basis: Verified, scored: SpanScores, observed: Readings, rng: np.random.Generator
) -> dict[str, OpponentScores]:
    """Persistence and climatology beside the evidence, whose scores are `scored`; the climatology
    gives chances and no warning.
    """
    rows, ours = basis.rows, basis.columns
    if not len(rows.target):
        return {}
    p, warned = opponents.persistence(rows, observed)
    against = scoring.over_days(ours._replace(reference=p), rows.target, rng)
    return {
        "persistence": opponents.scores(ours, p, warned, against),
        "climatology": opponents.scores(ours, basis.reference, None, scored),
    }
