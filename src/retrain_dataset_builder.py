"""Stage: the history and the live rows with truth, as one retraining set. `python -m
src.retrain_dataset_builder`
"""

from datetime import datetime

from raincast import console
from raincast.decisions.watermark import RetrainingSet
from raincast.loop import retrain_set
from raincast.settings import Settings


def build(settings: Settings, now: datetime) -> RetrainingSet:  # noqa: ARG001
    meta = retrain_set.build(settings)
    console.say(
        f"{settings.retrain_dataset}: {meta.historical_rows} historical rows and"
        f" {meta.added_rows} live ones, {meta.new_rows} of them new after"
        f" {meta.cutoff_date}, {meta.late_rows} late"
    )
    return meta


if __name__ == "__main__":
    console.stage(build)
