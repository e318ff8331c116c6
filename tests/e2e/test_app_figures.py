"""What the pages say is what the files hold, number by number: worked out here from the files by
other ways than the app's.
"""

import json
import math
import sqlite3
from contextlib import closing

import pandas as pd
import pytest

from tests.e2e.visits import Visit

pytestmark = pytest.mark.slow
FACTS = """() => Object.fromEntries([...document.querySelectorAll('dl.facts > div')].map(
    (fact) => [fact.querySelector('dt').textContent,
               [...fact.querySelectorAll('dd')].map((dd) => dd.textContent)]))"""
CARDS = """() => [...document.querySelectorAll('table.plain tbody tr')].map(
    (row) => [...row.querySelectorAll('td, th')].map((cell) => cell.textContent))"""


def said(visit: Visit) -> dict[str, list[str]]:
    """Every figure of the page: its value and its note, by its label."""
    return visit.page.evaluate(FACTS)


def rows(visit: Visit) -> list[list[str]]:
    """Every row of the page's tables."""
    return visit.page.evaluate(CARDS)


def signed(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace("-", "−")


def scored(root) -> pd.DataFrame:
    frame = pd.read_csv(root / "outputs/preds_api_scored.csv")
    return frame[frame["truth_available"]]


def test_the_page_of_quality_says_the_live_report(running, browser, lived_root):
    report = json.loads((lived_root / "metrics/live_eval.json").read_text("utf-8"))
    found, ends = report["evidence"], report["evidence"]["intervals"]
    visit = Visit(browser, running, "en")
    visit.open("quality")
    facts = said(visit)
    for name, digits in {"recall": 2, "precision": 2, "f1": 2, "roc_auc": 3, "brier": 3}.items():
        assert facts[visit.t(f"figures.{name}")][0] == signed(found[name], digits), name
    for name in ("recall", "precision"):
        low, high = (signed(end, 2) for end in ends[name])
        assert f"{low} to {high}" in facts[visit.t(f"figures.{name}")][1]
    assert facts[visit.t("figures.brier_skill")][0] == signed(found["brier_skill"], 2)
    assert facts[visit.t("quality.wet")][0] == str(found["wet_station_days"])
    for regime, row in report["by_regime"].items():
        figures = [signed(row[name], 3) for name in ("recall", "precision", "roc_auc", "brier")]
        wanted = [visit.t.regime(regime), f"{row['n']}", f"{row['positives']}", *figures]
        assert wanted in rows(visit), wanted


def test_a_wet_day_of_a_station_counts_once(running, browser, lived_root):
    report = json.loads((lived_root / "metrics/live_eval.json").read_text("utf-8"))["evidence"]
    told = scored(lived_root)
    within = told["target_date"].between(report["first_target_date"], report["last_target_date"])
    wet = told[within & (told["y_true"] == 1)]
    visit = Visit(browser, running, "en")
    visit.open("quality")
    once = len(wet.drop_duplicates(["location", "target_date"]))
    assert said(visit)[visit.t("quality.wet")][0] == str(once)
    assert once < len(wet)


def test_the_table_of_the_map_says_the_newest_round(running, browser, lived_root):
    journal = pd.read_csv(lived_root / "outputs/preds_api.csv")
    newest = journal[journal["issued_at_utc"] == journal["issued_at_utc"].max()]
    visit = Visit(browser, running, "en")
    visit.page.wait_for_selector("table.plain tbody tr")
    shown = {row[0]: row[1:] for row in rows(visit)}
    assert len(shown) == len(newest) == 49
    for row in newest.itertuples():
        chance = f"{100 * row.rain_probability:.0f}%"
        word = "shared.rain_said" if row.predicted_rain else "shared.dry_said"
        assert shown[visit.t.place(row.location)][1:3] == [chance, visit.t(word)]


@pytest.mark.parametrize("location", ["Cairns", "Darwin", "Hobart"])
def test_the_page_of_a_station_says_its_row_and_its_counts(running, browser, lived_root, location):
    journal = pd.read_csv(lived_root / "outputs/preds_api.csv")
    last = journal[journal["location"] == location].iloc[-1]
    own = scored(lived_root).query("location == @location")
    wet, warned = own["y_true"] == 1, own["predicted_rain"] == 1
    visit = Visit(browser, running, "en")
    visit.page.goto(f"{running}/station?lang=en&station={location}")
    visit.page.get_by_role("heading", name=visit.t("station.passport"), exact=True).wait_for()
    facts = said(visit)
    assert facts[visit.t("stations.col_chance")][0] == f"{100 * last['rain_probability']:.0f}%"
    assert f"{100 * last['threshold']:.0f}%" in facts[visit.t("stations.col_chance")][1]
    counts = {
        "hits": wet & warned,
        "misses": wet & ~warned,
        "false_alarms": ~wet & warned,
        "correct_negatives": ~wet & ~warned,
    }
    for name, which in counts.items():
        assert facts[visit.t(f"figures.{name}")][0] == str(which.sum()), name
    brier = ((own["rain_probability"] - own["y_true"]) ** 2).mean()
    assert facts[visit.t("figures.brier")][0] == f"{brier:.2f}"


def test_the_page_of_the_decision_says_the_report_and_the_rows(running, browser, lived_root):
    report = json.loads((lived_root / "metrics/live_eval.json").read_text("utf-8"))
    pairs = scored(lived_root).drop_duplicates(["location", "feature_date"])
    visit = Visit(browser, running, "en")
    visit.open("decision")
    values = [value for value, *_ in said(visit).values()]
    assert f"{report['recall_live']:.3f}" in values
    assert f"{report['evidence']['recall']:.2f}" in values
    assert str(len(pairs)) in values


def test_the_page_of_models_says_what_is_kept(running, browser, lived_root):
    active = json.loads((lived_root / "models/model_metadata.json").read_text("utf-8"))
    visit = Visit(browser, running, "en")
    visit.open("models")
    facts = said(visit)
    assert active["sha256"].startswith(facts["SHA-256"][0])
    assert facts[visit.t("models.active")][0] == active["version"]
    assert facts[visit.t("models.threshold")][0] == f"{100 * active['threshold']:.0f}%"
    kept = [path.name for path in (lived_root / "models/versions").iterdir() if path.is_dir()]
    assert {row[0] for row in rows(visit)} >= {*kept}


def test_the_page_of_the_search_says_the_study(running, browser, lived_root):
    database = lived_root / "optimisations/optuna_xgb_recall_small.db"
    with closing(sqlite3.connect(database)) as study:
        values = [
            v
            for (v,) in study.execute(
                "select value from trial_values v join trials t using (trial_id)"
                " where t.state = 'COMPLETE'"
            )
        ]
        params = study.execute(
            "select param_name, param_value from trial_params where trial_id ="
            " (select trial_id from trial_values order by value desc limit 1)"
            " and param_name in ('learning_rate', 'subsample')"
        ).fetchall()
    visit = Visit(browser, running, "en")
    visit.open("search")
    facts, shown = said(visit), {row[0]: row[1] for row in rows(visit)}
    assert facts[visit.t("search.done")][0] == str(len(values))
    assert facts[visit.t("search.best")][0] == f"{max(values):.4f}"
    assert params
    for name, value in params:
        assert math.isclose(float(shown[name]), value, rel_tol=1e-4), name
