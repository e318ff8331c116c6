"""How much a station loses by being one that the model has never seen.

    python benchmarks/unseen.py HISTORY.csv OUT.json [--look 2015] [--kept FOLDER]

The 49 stations are withheld from the fit in five groups, at random and by region. A station that is
withheld is in no network that the model knows, no other station looks at it, and it is forecast by
its place. The same station-days are forecast by a model that was fitted to all of them; every model
is fitted to the days before the year (2016: the test span), with the same parameters. A fit takes
about five minutes of processor time; chances that are kept in the folder are not computed again.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import roc_auc_score
from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.ablation import read
from raincast.learning import blend, examples, fitting
from raincast.observations.availability import REGIMES
from raincast.observations.network import shipped
from raincast.observations.panel import Panel
from raincast.verification import comparison, resampling, scoring

GROUPS = 5
PARAMS = blend.DEFAULT_PARAMS | {
    "n_estimators": 150, "learning_rate": 0.15, "networks": 1, "network_epochs": 10
}  # fmt: skip
"""A third of the product's work: eleven fits are wanted."""
SEED, DRAWS = 49, 200
TEST_END = date(2017, 6, 24)


def at_random() -> list[list[str]]:
    """Five groups of about ten stations."""
    order = np.random.default_rng(SEED).permutation(len(shipped()))
    return [
        [shipped().locations[i] for i in sorted(part)] for part in np.array_split(order, GROUPS)
    ]


def by_region() -> list[list[str]]:
    """Five groups of stations that lie together."""
    lat, lon = np.radians(shipped().places).T
    place = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
    label = KMeans(GROUPS, n_init=10, random_state=SEED).fit_predict(place)
    return [
        [s for s, k in zip(shipped().locations, label, strict=True) if k == g]
        for g in range(GROUPS)
    ]


def without(whole: Panel, stations: Sequence[str]) -> Panel:
    """The panel of a network that has never had those stations."""
    network = whole.network.only([s for s in whole.network.locations if s not in stations])
    kept = [whole.network.index[s] for s in network.locations]
    told = None if whole.told is None else whole.told[:, kept]
    return Panel(whole.first, whole.values[:, kept], whole.seen[:, kept], told, network)


def span(look: int) -> fitting.Span:
    year = fitting.year(look)
    return fitting.Span(year.first, TEST_END) if look == TEST_END.year - 1 else year


def chances(whole: Panel, look: int, stations: Sequence[str]) -> dict[str, Any]:
    """By regime (rows,) the chances of all stations' rows, by a model without some of them."""
    days = fitting.Span(whole.first, date(look - 1, 12, 31))
    made = fitting.fit(without(whole, stations), days, PARAMS)
    network = whole.network.without_influence(stations)
    rows = examples.by_regime(replace(whole, network=network), *span(look))
    return fitting.chances(made, rows)


def kept(path: Path, whole: Panel, look: int, stations: Sequence[str]) -> dict[str, Any]:
    if not path.exists():
        save(path, chances(whole, look, stations))
    return dict(np.load(path))


def save(path: Path, told: dict[str, Any]) -> None:
    """Keeps the chances of each regime."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        np.savez(out, **told)


def gathered(
    whole: Panel, look: int, groups: Sequence[Sequence[str]], told: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """By regime (rows,) each station's chances, from those that are told for its group."""
    rows = examples.by_regime(whole, *span(look))
    found = {regime: np.full(len(part), np.nan) for regime, part in rows.items()}
    for group, chance in zip(groups, told, strict=True):
        own = np.array([s in group for s in whole.network.locations])
        for regime, part in rows.items():
            mine = own[part.station]
            found[regime][mine] = chance[regime][mine]
    return found


def unseen(
    whole: Panel, look: int, groups: list[list[str]], folder: Path, name: str
) -> dict[str, Any]:
    """By regime (rows,) each station's chances by the model that was fitted without it."""
    told = [
        kept(folder / f"{name}_{look}_{n}.npz", whole, look, group)
        for n, group in enumerate(tqdm(groups, name, disable=None))
    ]
    return gathered(whole, look, groups, told)


def beside(part: examples.Examples, known: Any, new: Any) -> dict[str, Any]:
    """Both on the same rows, and what the unseen lose, with 95 % intervals over days."""
    names, day = np.unique(part.day, return_inverse=True)
    drawn = resampling.drawn_days(np.random.default_rng(SEED), len(names), DRAWS)
    loss = [
        roc_auc_score(part.y, known, sample_weight=one[day])
        - roc_auc_score(part.y, new, sample_weight=one[day])
        for one in drawn
    ]
    brier = (new - part.y) ** 2 - (known - part.y) ** 2
    return {
        "rows": len(part),
        "roc_auc_known": float(roc_auc_score(part.y, known)),
        "roc_auc_unseen": float(roc_auc_score(part.y, new)),
        "roc_auc_loss": float(roc_auc_score(part.y, known) - roc_auc_score(part.y, new)),
        "roc_auc_loss_interval": scoring.interval(np.array(loss), len(names)),
        "brier_loss": float(brier.mean()),
        "brier_loss_interval": comparison.mean_interval(brier, part.day),
    }


def by_station(whole: Panel, part: examples.Examples, known: Any, new: Any) -> Iterator[Any]:
    """Each station's ROC AUC by both, the greatest loss first."""
    found: list[tuple[float, str, float, float]] = []
    for i, name in enumerate(whole.network.locations):
        mine = part.station == i
        if mine.any() and 0 < part.y[mine].mean() < 1:
            old, fresh = (float(roc_auc_score(part.y[mine], p[mine])) for p in (known, new))
            found.append((old - fresh, name, old, fresh))
    for _, name, old, fresh in sorted(found, reverse=True):
        yield {"location": name, "roc_auc_known": old, "roc_auc_unseen": fresh}


def report(whole: Panel, look: int, folder: Path) -> dict[str, Any]:
    rows = examples.by_regime(whole, *span(look))
    known, found = kept(folder / f"known_{look}.npz", whole, look, []), {}
    for name, groups in (("random", at_random()), ("region", by_region())):
        new = unseen(whole, look, groups, folder, name)
        found[name] = {
            "groups": groups,
            "regimes": {r: beside(rows[r], known[r], new[r]) for r in REGIMES},
            "stations_3pm": list(by_station(whole, rows["3pm"], known["3pm"], new["3pm"])),
        }
    first, last = span(look)
    return {"first": str(first), "last": str(last), "params": PARAMS, **found}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("history", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--look", type=int, nargs="+", default=[2015])
    parser.add_argument("--kept", type=Path, default=Path("build/unseen"))
    asked = parser.parse_args()
    found = {}
    for look in asked.look:
        whole = read(asked.history, look + (look == TEST_END.year - 1))
        found[str(look)] = report(whole, look, asked.kept)
        asked.out.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
