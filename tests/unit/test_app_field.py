"""The field between stations: what it says near them, far from them, and with too few of them."""

import base64
import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from raincast.app import field
from raincast.app.charts.outline import FAR
from raincast.app.colours import CHANCE, DIFFERENCE, LAND, along, rgb
from raincast.observations.network import in_force

NETWORK = in_force()


def marks(value: float | None = 0.8, count: int | None = None) -> pd.DataFrame:
    names = [name for name in NETWORK.locations if name not in FAR][:count]
    return pd.DataFrame({"location": names, "value": [value] * len(names)})


def picture(rows: pd.DataFrame) -> np.ndarray:
    address = field.drawn(rows, (0, 1), CHANCE, LAND, NETWORK)
    assert address.startswith("data:image/webp;base64,")
    raw = base64.b64decode(address.partition(",")[2])
    return np.asarray(Image.open(io.BytesIO(raw)).convert("RGBA"), int)


def pixel(shown: np.ndarray, lon: float, lat: float) -> np.ndarray:
    fine = field.PER_DEGREE * field.FINER
    return shown[int((field.NORTH - lat) * fine), int((lon - field.WEST) * fine)]


def test_at_a_station_the_field_is_what_is_known_there():
    found, trust = field.values(np.array([0.1, 0.9]), np.array([[0.0, 2000.0]]))
    assert found[0] == pytest.approx(0.1, abs=0.01)
    assert trust[0] == 1


def test_between_stations_it_lies_between():
    found, _ = field.values(np.array([0.1, 0.9]), np.array([[300.0, 300.0], [100.0, 500.0]]))
    assert found[0] == pytest.approx(0.5)
    assert 0.1 < found[1] < 0.5


def test_trust_falls_with_the_distance_from_the_nearest_station():
    _, trust = field.values(np.ones(2), np.array([[10.0, 900], [400, 900], [900, 900]]))
    assert trust[0] > trust[1] > trust[2]
    assert trust[2] < field.LEAST < trust[1]


def test_the_sea_is_left_free_and_the_land_is_not():
    shown = picture(marks())
    assert pixel(shown, 152.9, -43)[3] == 0
    assert pixel(shown, 148.0, -33)[3] == 255


def test_near_stations_the_colour_is_the_scales():
    near = pixel(picture(marks()), 151.0, -33.7)[:3]
    assert np.abs(near - along(CHANCE, np.array(0.8))).max() < 40


def test_far_from_every_station_nothing_of_the_scale_is_left():
    far = picture(marks())[..., :3]
    fine = field.PER_DEGREE * field.FINER
    desert = far[int((-10 + 23) * fine) :, int((124.5 - 112) * fine) :][:12, :12].reshape(-1, 3)
    ground = np.abs(desert - rgb(LAND)).max(axis=1)
    assert ground.min() < 12
    assert len(np.unique(desert, axis=0)) > 1  # hatched


def test_the_picture_is_small_enough_to_send_with_every_issue_time():
    rows = marks().assign(value=np.linspace(0, 1, len(marks())))
    assert len(field.drawn(rows, (0, 1), CHANCE, LAND, NETWORK)) < 60_000


def test_a_few_stations_make_no_field():
    assert field.drawn(marks(count=field.FEWEST - 1), (0, 1), CHANCE, LAND, NETWORK) is None
    assert field.drawn(marks(count=field.FEWEST), (0, 1), CHANCE, LAND, NETWORK) is not None


def test_stations_without_a_value_do_not_count():
    assert field.drawn(marks(value=np.nan), (0, 1), CHANCE, LAND, NETWORK) is None


def test_values_beyond_the_ends_take_the_colour_of_the_end():
    assert field.drawn(marks(value=7.0), (0, 1), CHANCE, LAND, NETWORK) == field.drawn(
        marks(value=1.0), (0, 1), CHANCE, LAND, NETWORK
    )


@pytest.mark.parametrize("scale", [CHANCE, DIFFERENCE])
def test_a_scale_begins_and_ends_with_its_colours(scale):
    ends = along(scale, np.array([0.0, 1.0])).round().astype(int).tolist()
    assert ends == [list(rgb(scale[0][1])), list(rgb(scale[-1][1]))]
