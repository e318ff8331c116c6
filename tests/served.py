"""A small simulated world for the tests of the API: observations, two models, a moment, and a
Bureau that publishes.
"""

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import uvicorn

from raincast.learning import amounts, fitting
from raincast.learning.metadata import AmountStep, ModelDescription
from raincast.observations import panel
from raincast.observations.availability import REGIMES
from raincast.serving.server import config
from raincast.simulator import simulate
from raincast.simulator.files import write_bureau_files
from raincast.sources import history
from raincast.store.archive import Archive
from raincast.store.registry import Registry
from tests.places import LOCATIONS
from tests.trusting import trusted
from tests.web_servers import Answer, Server, says, serving

NOW = datetime(2024, 5, 20, 8, tzinfo=UTC)
"""3 pm is over everywhere, and the day at no station."""

TODAY = date(2024, 5, 20)
FIRST, LAST = date(2024, 1, 1), date(2024, 5, 31)
TINY = {
    "n_estimators": 20,
    "learning_rate": 0.3,
    "max_depth": 3,
    "epochs": 1,
    "perceptrons": 1,
    "networks": 1,
    "network_epochs": 1,
}
UNTRAINED = "Woomera"
"""The station that the models were not trained on."""

OBSERVATION: dict[str, Any] = {
    "Date": "2024-05-19",
    "Location": "Albury",
    "MinTemp": 9.5,
    "MaxTemp": 17.25,
    "Rainfall": 2.4,
    "Evaporation": 1.5,
    "Sunshine": 3.0,
    "WindGustDir": "WNW",
    "WindGustSpeed": 41,
    "WindDir9am": "N",
    "WindDir3pm": "nnw",
    "WindSpeed9am": 13,
    "WindSpeed3pm": 20,
    "Humidity9am": 88,
    "Humidity3pm": 74,
    "Pressure9am": 1009.5,
    "Pressure3pm": 1006.0,
    "Cloud9am": 7,
    "Cloud3pm": 8,
    "Temp9am": 11.5,
    "Temp3pm": 16.0,
    "RainToday": "Yes",
}
MORNING = (
    "MinTemp",
    "Rainfall",
    "Evaporation",
    "WindDir9am",
    "WindSpeed9am",
    "Humidity9am",
    "Pressure9am",
    "Cloud9am",
    "Temp9am",
)


def observation(**changes: Any) -> dict[str, Any]:
    """The observation with fields changed; `...` leaves one out."""
    return {name: value for name, value in (OBSERVATION | changes).items() if value is not ...}


def morning(**changes: Any) -> dict[str, Any]:
    """What is known of it at 9 am."""
    return {name: OBSERVATION[name] for name in ("Date", "Location", *MORNING)} | changes


def weather() -> pd.DataFrame:
    return simulate(FIRST, LAST, 3)


def build(
    root: Path, untrained: Sequence[str] = (UNTRAINED,), params: dict[str, Any] = TINY
) -> None:
    """Fills a folder: the archive up to yesterday's row, and two model versions of which the first
    serves, for all stations but the untrained.
    """
    frame = weather()
    past = frame[frame["Date"] < pd.Timestamp(TODAY)]
    Archive(root / "data/archive.sqlite").append(past, history.known_at(past), "historical")
    whole, span = panel.from_frame(past), fitting.Span(date(2024, 2, 1), date(2024, 4, 30))
    said = fitting.description(whole, span, params).given()
    said |= {"stations": [name for name in LOCATIONS if name not in untrained]}
    if untrained:  # as a former model, which says nothing of a station that it has not seen
        said.pop("network")
    said["thresholds"] = {"9am": 0.3, "3pm": 0.4, "complete": 0.5}
    of_climate = dict.fromkeys(REGIMES, amounts.OF_THE_CLIMATE)
    said["exceedance"] = [
        AmountStep(mm=b, beyond_mm=a, regimes=of_climate) for b, a in amounts.steps_from(1.0)
    ]
    about = ModelDescription(**said, threshold=0.4)
    for seed in range(2):
        pipeline = fitting.fit(whole, span, params, seed)
        Registry(root / "models").save(pipeline, about, NOW + timedelta(seconds=seed))
    Registry(root / "models").promote(version(root, 0), NOW, "the first")


def version(root: Path, number: int) -> str:
    return str(Registry(root / "models").versions()[number].version)


def _file(folder: Path) -> Answer:
    """Answers with the folder's file of that name."""

    def answer(asked: BaseHTTPRequestHandler) -> None:
        month, _, name = asked.path.removeprefix("/climate/dwo/").split("/")
        path = folder / month / name
        (says(200, path.read_bytes()) if path.exists() else says(404))(asked)

    return answer


@contextmanager
def bureau(folder: Path, at: datetime = NOW) -> Iterator[Server]:
    """A Bureau that has published what was known at the moment."""
    frame = weather()
    write_bureau_files(folder, frame[frame["Date"] >= pd.Timestamp(at.date().replace(day=1))], at)
    with serving(_file(folder)) as server:
        yield server


@contextmanager
def listening(app: Any, token: str) -> Iterator[httpx.Client]:
    """The app behind a real server on loopback, and a client that has the token."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        settings = config(app)
        server = uvicorn.Server(settings)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive()
                time.sleep(0.005)
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            with httpx.Client(
                base_url=url,
                headers={"Authorization": f"Bearer {token}"},
                timeout=300,
                verify=trusted(),
            ) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join()


def files_of(folder: Path, spoilt: dict[str, Answer]) -> Answer:
    """A Bureau that answers as `spoilt` says for some products, and with its files for the rest."""

    def answer(asked: BaseHTTPRequestHandler) -> None:
        month, _, name = asked.path.removeprefix("/climate/dwo/").split("/")
        path = folder / month / name
        whole = says(200, path.read_bytes()) if path.exists() else says(404)
        (spoilt.get(name.partition(".")[0]) or whole)(asked)

    return answer
