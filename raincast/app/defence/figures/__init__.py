"""The figures of the slides, drawn with Matplotlib: the same on the screen and in the PDF.

Each draws into an empty figure or part of one: about twice as wide as it is high, or as high as it
is wide, for a telephone.
"""

from raincast.app.defence.figures.boxes import chain, service
from raincast.app.defence.figures.forecasts import baselines, chance_map, stations
from raincast.app.defence.figures.graphs import dags, graph
from raincast.app.defence.figures.lessons import cards, policies, twice, verdicts
from raincast.app.defence.figures.loop import consumed, quadrants, recall, trials
from raincast.app.defence.figures.parts import STYLE

__all__ = [
    "STYLE",
    "baselines",
    "cards",
    "chain",
    "chance_map",
    "consumed",
    "dags",
    "graph",
    "policies",
    "quadrants",
    "recall",
    "service",
    "stations",
    "trials",
    "twice",
    "verdicts",
]
