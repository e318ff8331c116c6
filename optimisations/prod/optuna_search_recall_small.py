"""The search that the loop starts: best parameters for the retraining set, within TUNE_SECONDS.

    python optimisations/prod/optuna_search_recall_small.py [--save-best] [--run-id ID] [--worker N]

Its study lies in `optimisations/optuna_xgb_recall_small.db`, or where OPTUNA_STORAGE says; killed,
it goes on where it was.
"""

import argparse

from raincast import console
from raincast.loop import announced, study_store


def main() -> None:
    parser = argparse.ArgumentParser(description="Search parameters on the retraining set.")
    parser.add_argument(
        "--save-best", action="store_true", help="also write models/best_params.json"
    )
    parser.add_argument(
        "--run-id",
        default="",
        help="build the retraining set once for this run; go on with its study",
    )
    parser.add_argument(
        "--worker",
        type=int,
        default=0,
        help="number among those that search the study side by side",
    )
    asked = parser.parse_args()
    settings, now = console.ready()
    console.stand_back(settings)
    found = announced.searched(settings, now, asked.run_id, asked.worker)
    best = study_store.save_best(settings) if asked.save_best else None
    console.put(found.to_json() | (best.to_json() if best else {}))


if __name__ == "__main__":
    console.guarded(main)
