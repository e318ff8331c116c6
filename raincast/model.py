"""The former place of the blend: pickled models name their classes here, and go on loading."""

from raincast.learning.blend import Blend, Recalibrated

__all__ = ["Blend", "Recalibrated"]
