"""Which stations a model answers for, by its metadata alone. Pure."""

from raincast.learning.metadata import ModelMetadata
from raincast.observations.network import in_force


def wanted(metadata: ModelMetadata) -> list[str]:
    """The stations of which the loop asks a forecast by that model: those that it was fitted to,
    and those that came to the network since.
    """
    seen, network = metadata.stations, in_force()
    there = [name for name in seen if name in network.index]
    if not forecasts_unseen(metadata):
        return there
    before = {entry[0] for entry in metadata.network or ()}
    return there + [name for name in network.locations if name not in before]


def forecasts_unseen(metadata: ModelMetadata) -> bool:
    """Whether a model has learned what to say of a station that it has not seen; former ones, which
    do not name their network, have not.
    """
    return bool(metadata.network)
