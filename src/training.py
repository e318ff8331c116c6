"""Stage: trains the judged model and one for serving, which serves if it is the first.

`python -m src.training`
"""

from datetime import datetime

from raincast import console
from raincast.loop import train
from raincast.settings import Settings
from raincast.store import params


def fit(settings: Settings, now: datetime) -> train.Trained:
    console.stand_back(settings)
    return train.train(settings, params.read(settings.params).model, now, console.say)


if __name__ == "__main__":
    console.stage(fit)
