"""The front between average precision and Brier score: parameters that none other beats in both, on
2015.

    python optimisations/research/optuna_search.py [--rows N] [--seconds S]

Its study is kept nowhere; the loop's search is `optimisations/prod/optuna_search_recall_small.py`.
"""

import argparse

import optuna
from tqdm import tqdm

from raincast import console
from raincast.learning import blend, fitting, studies, tuning
from raincast.learning.tuning import Fold
from raincast.loop import history, retrain_set


def search(fold: Fold, seconds: float, recall: float) -> optuna.Study:
    """Both goals at once, the default parameters first."""
    score = tuning.scorer(recall)

    def value(trial: optuna.Trial) -> tuple[float, float]:
        figures = score(fold, tuning.suggest(trial))
        trial.set_user_attr("figures", figures)
        return figures[studies.OBJECTIVE], figures["brier"]

    study = optuna.create_study(directions=["maximize", "minimize"], sampler=studies.sampler(0))
    study.enqueue_trial(tuning.searched(blend.DEFAULT_PARAMS))
    with tqdm(desc="trials", unit="trial", disable=None) as bar:

        def show(*_: object) -> None:
            bar.update()

        study.optimize(value, timeout=seconds, callbacks=[show])
    return study


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Search two goals at once, fitted before 2015, on 2015."
    )
    parser.add_argument("--rows", type=int, default=studies.FIT_ROWS, help="rows to fit to")
    parser.add_argument(
        "--seconds", type=float, default=300, help="no trial is begun after so long"
    )
    asked = parser.parse_args()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    settings, _ = console.ready()
    panel = history.read(retrain_set.history_file(settings) or settings.raw_history)
    fold = tuning.fold(panel, fitting.tuning_span(panel, settings.tuning_year), asked.rows)
    study = search(fold, asked.seconds, settings.target_recall)
    console.put(
        [
            {"number": t.number, "params": t.params} | t.user_attrs["figures"]
            for t in study.best_trials
        ]
    )


if __name__ == "__main__":
    console.guarded(main)
