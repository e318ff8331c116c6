"""Stage: tests the judged model on the test span, opponents beside
it. `python -m src.evaluation`
"""

from datetime import datetime
from typing import Any

from raincast import console
from raincast.loop import evaluate
from raincast.settings import Settings
from raincast.store import params
from raincast.verification import evaluation


def _five(settings: Settings, now: datetime) -> dict[str, Any]:
    found = evaluate.evaluate(settings, now, params.read(settings.params).opponents)
    console.say(evaluation.table(found))
    return {name: found[name] for name in evaluation.FIVE}


if __name__ == "__main__":
    console.stage(_five)
