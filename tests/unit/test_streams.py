"""What lingers in the simulated weather, and the streams that it is drawn from."""

import numpy as np
import pytest

from raincast.simulator.streams import lingering, stream


def test_what_lingers_by_hand() -> None:
    fresh = np.array([[1.0, 0.0], [0.0, 2.0], [0.0, 0.0]])
    assert lingering(fresh, 0.5).tolist() == [[1, 0], [0.5, 2], [0.25, 1]]
    assert lingering(fresh, 0.0).tolist() == fresh.tolist()


def test_complex_numbers_linger_too() -> None:
    assert lingering(np.array([1j, 0, 2]), 0.5) == pytest.approx(np.array([1j, 0.5j, 2 + 0.25j]))


def test_a_longer_draw_begins_with_the_shorter_and_names_part_streams() -> None:
    short, long = (stream(7, "rain").random(n) for n in (3, 9))
    np.testing.assert_array_equal(short, long[:3])
    assert (stream(7, "wind").random(3) != short).all()
    assert (stream(8, "rain").random(3) != short).all()
