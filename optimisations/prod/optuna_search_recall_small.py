"""The search that the loop starts: best parameters for the retraining set, within TUNE_SECONDS.

    python optimisations/prod/optuna_search_recall_small.py [--save-best]

Its study lies in `optimisations/optuna_xgb_recall_small.db`, or where OPTUNA_STORAGE says; killed, it goes on where it was.
"""

import argparse

from raincast import console
from raincast.loop import search


def main() -> None:
    parser = argparse.ArgumentParser(description="Search parameters on the retraining set.")
    parser.add_argument("--save-best", action="store_true", help="also write models/best_params.json")
    save = parser.parse_args().save_best
    settings, _ = console.ready()
    found = console.guarded(lambda: search.run(settings))
    console.put(found | (console.guarded(lambda: search.save_best(settings)) if save else {}))


if __name__ == "__main__":
    main()
