"""A small model of Australian weather: seeded, fast, and written down as the Bureau's observers
would.
"""

from raincast.simulator.climate import STATIONARY, Climate
from raincast.simulator.weather import simulate

__all__ = ["STATIONARY", "Climate", "simulate"]
