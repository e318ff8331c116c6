"""How often drift libraries alarm where nothing has changed but the season, and where humidity
reads a tenth low; and whether one expects the same quality as the watch does.

A simulated stationary climate: six years to compare with, the seventh looked at week by week, once
beside all of them and once beside the same season of each. Prints, for each library, the share of
weeks in which a field alarms, and the watch's alarms on the same year as the baseline, and writes
OUT.json. The libraries are no dependency of the product; an environment of their own has them:

    uv venv build/drift
    uv pip install --python build/drift/bin/python -e ".[train]" evidently nannyml statsmodels
    build/drift/bin/python -m benchmarks.drift_libraries metrics/drift_libraries.json
"""

import json
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"  # or it reports each call to another's server

import evidently
import nannyml
import numpy as np
import pandas as pd
from evidently.presets import DataDriftPreset

from benchmarks import watch_years
from raincast.simulator import simulate
from raincast.verification.watch import expected
from raincast.verification.watch.quality import Rows

FIRST, PAST_LAST, LAST = date(2008, 1, 1), date(2013, 12, 31), date(2014, 12, 31)
SEED, OTHERS = 11, (12, 13, 14, 15)
FIELDS = ["MinTemp", "MaxTemp", "Humidity9am", "Humidity3pm", "Pressure3pm", "WindSpeed3pm"]
AROUND = 10
"""Days on either side of a week that count as the same season."""

Flagged = Callable[[pd.DataFrame, pd.DataFrame], float]


def main(out: Path) -> None:
    warnings.simplefilter("ignore")
    frame = simulate(FIRST, LAST, seed=SEED)
    years = {"unchanged": frame, "humidity a tenth low": drier(frame)}
    found: dict[str, Any] = {
        "libraries": {name: version(name) for name in ("evidently", "nannyml")},
        "watch_alarms_in_the_year": {
            name: watch_years.alarms(year, PAST_LAST) for name, year in years.items()
        },
        "watch_alarms_unchanged_other_climates": [
            watch_years.alarms(simulate(FIRST, LAST, seed=seed), PAST_LAST) for seed in OTHERS
        ],
        "weeks": [
            {"library": library, "beside": beside, "year": name}
            | shares(list(weeks(year, flagged, beside)))
            for library, flagged in (("evidently", by_evidently), ("nannyml", by_nannyml))
            for beside in ("all years", "the same season")
            for name, year in years.items()
        ],
        "expected_quality_greatest_difference": beside_cbpe(),
    }
    print(f"the watch: {found['watch_alarms_in_the_year']} alarms in the year")
    for row in found["weeks"]:
        print(
            f"{row['library']} beside {row['beside']}, {row['year']}: a field in"
            f" {row['any_field']:.0%} of 52 weeks, half of them in {row['half_of_the_fields']:.0%}"
        )
    out.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


def drier(frame: pd.DataFrame) -> pd.DataFrame:
    """The same with humidity a tenth low in the last year."""
    changed, last = frame.copy(), frame["Date"] > pd.Timestamp(PAST_LAST)
    changed.loc[last, ["Humidity9am", "Humidity3pm"]] *= 0.9
    return changed


def shares(flagged: Sequence[float]) -> dict[str, float]:
    """Of the weeks, those in which some field is flagged, and half of them are."""
    told = np.array(flagged)
    return {
        "any_field": float((told > 0).mean()),
        "half_of_the_fields": float((told >= 0.5).mean()),
    }


def weeks(frame: pd.DataFrame, flagged: Flagged, beside: str) -> Iterator[float]:
    """The share of flagged fields in each of the 52 weeks of the last year."""
    past = frame[frame["Date"] <= pd.Timestamp(PAST_LAST)]
    day_of_year = past["Date"].dt.dayofyear
    for week in range(52):
        first = pd.Timestamp(PAST_LAST) + pd.Timedelta(days=1 + 7 * week)
        now = frame[frame["Date"].between(first, first + pd.Timedelta(days=6))]
        apart = (day_of_year - (first.dayofyear + 3)).abs()
        near = np.minimum(apart, 365 - apart) <= AROUND
        yield flagged(past[near] if beside == "the same season" else past, now)


def by_evidently(past: pd.DataFrame, now: pd.DataFrame) -> float:
    """The share of fields that have drifted by the preset's own tests."""
    report = evidently.Report([DataDriftPreset()]).run(now[FIELDS], past[FIELDS])
    return float(report.dict()["metrics"][0]["value"]["share"])


def by_nannyml(past: pd.DataFrame, now: pd.DataFrame) -> float:
    """The share of fields that alert, by its default distances; its threshold is three standard
    deviations above the weeks of the past.
    """
    found = nannyml.UnivariateDriftCalculator(column_names=FIELDS, chunk_size=len(now))
    told = found.fit(past[FIELDS]).calculate(now[FIELDS]).filter(period="analysis").to_df()
    return float(told.xs("alert", axis=1, level=-1).iloc[0].mean())


def beside_cbpe() -> dict[str, float]:
    """The greatest difference of the recall and precision to expect, over ten spans of forecasts
    whose chances are right.
    """
    rng, n = np.random.default_rng(SEED), 40_000
    p = rng.beta(0.6, 1.8, n)
    rows = pd.DataFrame({"p": p, "y": (rng.random(n) < p).astype(int), "said": (p > 0.3) * 1})
    cbpe = nannyml.CBPE(
        problem_type="classification_binary",
        y_pred_proba="p",
        y_pred="said",
        y_true="y",
        metrics=["recall", "precision"],
        chunk_size=2000,
    )
    half = n // 2
    told = cbpe.fit(rows[:half]).estimate(rows[half:]).filter(period="analysis").to_df()
    parts = [rows[at : at + 2000] for at in range(half, n, 2000)]
    ours = [expected.quality(_rows(part), 1.0) for part in parts]
    return {
        name: float(np.max(np.abs(told[name]["value"] - [getattr(o, name).expected for o in ours])))
        for name in ("recall", "precision")
    }


def _rows(part: pd.DataFrame) -> Rows:
    p, said, y = (part[name].to_numpy(float) for name in ("p", "said", "y"))
    return Rows(np.arange(len(p)), p, said > 0, y, np.full(len(p), np.nan))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
