"""The figures of the slides, drawn with Matplotlib: the same on the screen and in the PDF.

Each draws into an empty figure or part of one: about twice as wide as it is high, or as high as it
is wide, for a telephone.
"""

from raincast.app.slide_figures.boxes import chain, service
from raincast.app.slide_figures.forecasts import baselines, chance_map
from raincast.app.slide_figures.loop import consumed, quadrants, recall, trials
from raincast.app.slide_figures.parts import STYLE

__all__ = [
    "STYLE",
    "baselines",
    "chain",
    "chance_map",
    "consumed",
    "quadrants",
    "recall",
    "service",
    "trials",
]
