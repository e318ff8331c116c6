"""How a network is built and fitted; the numbers were chosen on 2015 after fits to 2008-2014.

`metrics/ablation.json` holds what its parts bring (`benchmarks/ablation.py`), and
`metrics/network_ablation.json` what those of an earlier form brought, and how it was made.
"""

from typing import NamedTuple

AMOUNTS_MM = (0.0, 0.2, 1.0, 5.0, 10.0, 25.0)
"""Amounts that tomorrow's rain is also asked to exceed while the network learns."""


class Recipe(NamedTuple):
    """Sizes, what is withheld while fitting, and the weights of the teaching losses.

    A share is between 0 and 1. Withholding is what keeps 2,600 days of 49 stations from being
    learned by heart.
    """

    width: int = 96
    hidden: int = 192
    layers: int = 2
    heads: int = 4
    epochs: int = 24
    batch_days: int = 32
    rate: float = 2e-3
    decay: float = 0.1
    averaging: float = 0.998
    input_dropout: float = 0.25
    dropout: float = 0.3
    station_withheld: float = 0.08
    field_withheld: float = 0.1
    embedding_withheld: float = 0.2
    around_withheld: float = 0.15
    past_withheld: float = 0.03
    mixed_times: float = 0.3
    scheduled_times: float = 0.15
    amounts_weight: float = 0.3
    tomorrow_weight: float = 1.5
    today_weight: float = 0.7
    rotated: bool = True
    anomalies: bool = True
    embedded: bool = True
    biased: bool = True
