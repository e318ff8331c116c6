"""Stage: trains the judged and the serving model, and promotes the latter. `python -m src.training`"""

from functools import partial

from raincast import console
from raincast.loop.train import train
from raincast.model import DEFAULT_PARAMS

if __name__ == "__main__":
    console.stage(partial(train, params=DEFAULT_PARAMS))
