"""Stage: tests the evaluation model of the newest training on the test span, baselines beside it.

`python -m src.evaluation`
"""

from datetime import datetime

from raincast import console
from raincast.documents import Json
from raincast.loop import evaluate
from raincast.settings import Settings
from raincast.store import params
from raincast.verification import evaluation, tables


def _five(settings: Settings, now: datetime) -> Json:
    against = params.read(settings.params).baselines
    found = evaluate.evaluate(settings, now, against, evaluate.trained(settings))
    console.say(tables.of_scores(evaluation.with_baselines(found)))
    return {name: getattr(found, name) for name in evaluation.FIVE}


if __name__ == "__main__":
    console.stage(_five)
