"""The shipped stations, as tests name them."""

from raincast.observations import sphere
from raincast.observations.network import shipped

NETWORK = shipped()
SMALL = NETWORK.only(("Canberra", "Melbourne", "Sydney", "Wollongong"))
"""The network of the small worlds."""
STATIONS, LOCATIONS, INDEX = NETWORK.stations, NETWORK.locations, NETWORK.index
DISTANCES_KM = sphere.distances(NETWORK.places, NETWORK.places)
find, of_product, of_gauge = NETWORK.find, NETWORK.of_product, NETWORK.of_gauge
