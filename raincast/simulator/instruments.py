"""Which station reports what, and since when: percent of its days on which a group of fields is
missing.

100 is an instrument that the station does not have. The groups are those of `gaps.FIELDS_OF`.
"""

from io import StringIO
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.observations.network import shipped

_TABLE = """
location            since rain air humid press evap sun gust wind cloud noon   row
Adelaide          2008-07    3   0     0     0   47  45    1    0   100    0   0.4
Albany            2008-12    1   1     2     1   10  17  100    2     1   22   0.4
Albury            2008-12    1   0     0     0  100 100    1    0    58    0   0.4
AliceSprings      2008-12    0   0     0     0    7  17    2    0    11    0   0.4
BadgerysCreek     2009-01    3   1     2     6  100 100    3    2   100    0   0.4
Ballarat          2008-12    0   0     1     1  100 100    1    0    18    0   0.4
Bendigo           2008-12    0   0     0     0   61 100    1    0    32    0   0.4
Brisbane          2008-07    1   0     0     0    1   2    1    0     0    0   0.4
Cairns            2008-12    2   0     0     0   12  16    1    0     7    0   0.4
Canberra          2007-11    1   1     2     7   47  56   10    7    31    0   0.4
Cobar             2009-01    1   0     4     1   11  82    1    1    13    0   0.4
CoffsHarbour      2009-01    2   0     1    10   41  50   12   10    27    0   0.4
Dartmoor          2009-01    2   2     8     2   14  15    2    2   100    0   0.4
Darwin            2008-07    0   0     0     0    2   0    1    0     0    0   0.4
GoldCoast         2008-12    2   0     0     0  100 100    4    1   100    0   0.4
Hobart            2008-07    0   0     0     0    0   0    1    0    36    0   0.4
Katherine         2013-03    1   3     5     0    6 100    2    0     3   43   0.4
Launceston        2008-12    0   0     0    38   95 100    1    0    76    0   0.4
Melbourne         2008-07   24  15    15    15    0   0    0    0    32    0   0.4
MelbourneAirport  2009-01    0   0     0     0    0   0    0    0     0    0   0.4
Mildura           2009-01    0   0     0     0    4   4    0    0     3    0   0.4
Moree             2009-01    5   0     0     0   24  32    3    1    18    0   0.4
MountGambier      2008-12    0   0     0     0   13  15    2    0     4    0   0.4
MountGinini       2008-12    4  14    14   100  100 100   10    7   100    0   0.4
Newcastle         2008-12    3   8     8   100  100 100  100    8     8   23   0.4
Nhil              2013-03    1   0     0     0  100 100    1    0   100    0   0.4
NorahHead         2009-01    2   1     1     1  100 100    2    1   100    0   0.4
NorfolkIsland     2009-01    1   0     0     0    8  15    1    0     2    0   0.4
Nuriootpa         2009-01    0   0     0     0    4   5    1    1     4    0   0.4
PearceRAAF        2009-01    8   1     1     1  100   0    5    1    35    0   0.4
Penrith           2008-12    2   1     3   100  100 100    2    1   100    0   0.4
Perth             2008-07    0   0     0     0    0   0    0    0     0    0   0.4
PerthAirport      2009-01    0   0     0     0    0   0    2    0     0    0   0.4
Portland          2009-01    0   2     2     0   14  15    1    0    14    0   0.4
Richmond          2009-01    2   1     2     1   46 100    2    1    80    0   0.4
Sale              2009-01    0   0     1     0   39  40    5    0    12    0   0.4
SalmonGums        2009-01    2   1     1   100  100 100    3    2   100    0   0.4
Sydney            2008-02    0   0     0     1    2   0   31    1    17    0   0.4
SydneyAirport     2009-01    0   0     0     0    2   1    2    0     0    0   0.4
Townsville        2008-12    0   0     0     0    3  14    1    0     6    0   0.4
Tuggeranong       2008-12    1   1     1     0  100 100    1    1   100    0   0.4
Uluru             2013-03    4   1     1     1  100 100    3    2    78    0   0.4
WaggaWagga        2009-01    1   0     0     0    5  14    1    0     7    0   0.4
Walpole           2009-01    6   1     2     1  100 100    3    1   100    0   0.4
Watsonia          2009-01    0   0     0     0    0   0    1    0     0    0   0.4
Williamtown       2009-01   15   0     0     0   35  55    4    1    20    0   0.4
Witchcliffe       2009-01    2   0     8     4  100 100    1    0   100    0   0.4
Wollongong        2008-12    2   1     1     2  100 100    2    1    56    0   0.4
Woomera           2009-01    1   0     0     0   15  33    1    0    12    0   0.4
"""

INSTRUMENTS: pd.DataFrame = pd.read_csv(StringIO(_TABLE), sep=r"\s+", index_col="location").loc[
    list(shipped().locations)
]
"""One row per station in the order of the shipped network."""

SINCE: npt.NDArray[Any] = np.array(INSTRUMENTS["since"].tolist(), dtype="datetime64[D]")
"""(stations,) the first day on which each reports."""
