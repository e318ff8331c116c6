"""The chance of rain tomorrow at 49 Australian weather stations, from a loop that knows what it
knew.
"""

__version__ = "0.2.0"
