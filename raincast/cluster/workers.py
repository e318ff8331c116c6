"""Who does the work of a root in pieces: this process, or a cluster where `DASK_ADDRESS` says so.
Chosen here, and nowhere else.
"""

from raincast.pieces import HERE, Workers
from raincast.settings import Settings


def of(settings: Settings) -> Workers:
    """The workers that the settings name."""
    if not settings.cluster:
        return HERE
    from raincast.cluster.dask import Cluster  # its library is an extra

    return Cluster(settings.cluster)
