"""Stage: checks the historical file, archives its rows and writes them prepared. `python -m src.data_preparation`"""

from raincast import console
from raincast.loop import history

if __name__ == "__main__":
    console.stage(history.prepare)
