"""The climate of each station, in round figures: what a year at the place is like.

Seasonal cycles are one harmonic: a figure's yearly mean and how far it swings.
"""

from io import StringIO

import pandas as pd

from raincast.observations.network import shipped

# temp, swing: yearly mean temperature and how much warmer mid January is, °C
# range, more: mean diurnal range and how much wider it is in mid January, °C
# wettest, driest, peak: chance of a wet day in the wettest and in the driest month, and which month
# (1-12) is wettest mm: mean rain of a wet day rh9, rh3: mean relative humidity at 9 am and 3 pm, %;
# sway, top: its rise in the dampest month, and which that is w9, w3, gust: mean wind speed at 9 am
# and 3 pm and mean strongest gust, km/h
_TABLE = """
location         zone      temp swing range more wettest driest peak  mm rh9 rh3 sway  top  w9  w3 gust
Adelaide         south     17.8   6.3  10.3  2.5    0.39  0.089    7   7  60  45   13    7  10  15   36
Albany           west      16.5   3.6   7.1 -0.8    0.50  0.131    7   7  75  67    2    1  13  19   42
Albury           slopes    16.1   8.3  13.1  2.6    0.29  0.130    7   9  74  48   18    7   8  14   33
AliceSprings     interior  21.2   8.6  16.1 -1.0    0.14  0.038    1  11  40  24    5    4  15  18   41
BadgerysCreek    east      17.6   6.5  12.9 -0.5    0.27  0.140    2  11  77  51    6    4   8  14   34
Ballarat         south     12.8   6.2  10.9  3.7    0.40  0.141    8   6  82  59   20    7  20  23   45
Bendigo          slopes    15.1   7.5  13.0  3.0    0.28  0.107    8   8  71  46   19    7  13  17   39
Brisbane         east      21.5   5.0  10.0 -1.3    0.33  0.135    2  14  64  54    6    2   7  11   28
Cairns           coral     25.4   3.0   8.4 -0.6    0.53  0.135    2  18  70  62    8    2  16  22   38
Canberra         slopes    13.8   7.7  14.1  1.2    0.22  0.148   11   9  73  46   10    6  10  19   40
Cobar            interior  19.6   8.7  12.8  1.5    0.13  0.126    6   8  54  33   12    6  15  15   37
CoffsHarbour     east      19.2   5.0   9.5 -1.9    0.42  0.185    2  17  68  62    7    1  15  21   39
Dartmoor         south     14.3   5.0  11.2  3.2    0.50  0.144    7   7  85  63   16    7  11  18   39
Darwin           north     27.9   1.7   9.3 -2.7    0.68  0.021    1  19  69  52   19    1  15  21   41
GoldCoast        east      21.5   4.5   8.4 -1.0    0.38  0.154    2  14  66  63    7    1  19  26   42
Hobart           tasman    13.5   4.4   8.8  1.0    0.29  0.191    8   6  66  53    4    6  16  20   48
Katherine        north     27.9   4.0  14.3 -3.7    0.55  0.005    1  19  63  42   18    2  12  16   39
Launceston       tasman    13.4   5.5  11.1  1.0    0.34  0.142    8   8  79  57   12    7   8  16   36
Melbourne        south     16.5   5.3   9.1  1.9    0.34  0.187    8   7  67  51    7    6  19  22   46
MelbourneAirport south     15.2   5.7  10.6  2.7    0.29  0.155    8   6  70  51   11    7  20  23   47
Mildura          interior  17.8   7.7  14.2  2.3    0.15  0.073    8   8  64  35   14    6  14  17   37
Moree            interior  20.0   8.2  14.1 -0.0    0.17  0.106    1  12  61  36    6    6  18  17   40
MountGambier     south     14.3   4.9  11.0  3.4    0.50  0.142    7   7  75  57   15    7  18  22   43
MountGinini      alps       7.5   7.2   8.1  2.7    0.34  0.226    8  11  77  70   13    6  16  15   46
Newcastle        east      18.9   5.7  10.4 -0.4    0.29  0.209    4  13  74  57    5    3   6  11   36
Nhil             south     15.8   6.8  13.5  4.2    0.27  0.065    7   6  72  44   20    7  16  21   43
NorahHead        east      19.0   4.8   7.2 -0.6    0.32  0.228    4  12  74  68    6    2  14  21   42
NorfolkIsland    norfolk   19.3   3.3   5.0  0.3    0.40  0.218    6  10  71  68    2    2  20  22   43
Nuriootpa        south     15.6   6.7  12.4  3.5    0.34  0.086    7   7  67  45   18    7  14  18   41
PearceRAAF       west      19.2   6.7  13.7  2.9    0.41  0.041    7   9  61  42   14    7  16  20   44
Penrith          east      18.7   6.6  12.2 -0.3    0.28  0.132    1  11  76  49    7    4   6  12   32
Perth            west      19.1   6.2  12.1  1.3    0.41  0.051    7   9  62  47    9    7  11  15   35
PerthAirport     west      19.1   6.3  13.0  2.1    0.39  0.050    7   9  59  42   10    7  18  21   44
Portland         south     13.8   3.9   8.5  1.7    0.58  0.175    7   7  79  66    7    7  16  21   42
Richmond         east      17.9   6.7  13.1 -1.0    0.27  0.120    2  11  77  49    6    4   7  15   35
Sale             south     14.4   5.6  11.7  0.9    0.25  0.183    8   7  79  56    6    6  14  22   42
SalmonGums       west      16.7   6.1  15.0  2.3    0.22  0.107    8   6  63  41   11    6  16  17   40
Sydney           east      19.0   5.0   8.1 -1.1    0.30  0.218    3  13  68  55    6    2  15  19   42
SydneyAirport    east      19.2   5.3   8.5 -0.8    0.29  0.222    3  12  65  54    6    3  19  26   47
Townsville       coral     24.9   4.2   9.0 -2.2    0.39  0.030    2  20  64  57    7    2  15  24   39
Tuggeranong      slopes    14.0   7.8  13.5  1.1    0.23  0.157   11  11  73  47    9    6   8  15   35
Uluru            interior  22.6   9.1  16.0 -0.5    0.13  0.034    1  10  42  24    7    5  18  17   41
WaggaWagga       slopes    16.4   8.6  13.4  2.5    0.24  0.128    7   9  68  42   18    7  13  16   37
Walpole          west      16.1   3.8   8.7  1.5    0.57  0.152    7   8  76  66    5    7  14  17   40
Watsonia         south     15.5   5.8  10.8  2.8    0.33  0.168    8   7  78  55   12    7  10  15   38
Williamtown      east      18.4   5.8  11.3 -0.3    0.31  0.235    4  13  72  54    6    3  16  22   42
Witchcliffe      west      16.2   4.4  10.9  2.4    0.60  0.071    7   9  72  58   11    7  14  19   40
Wollongong       east      18.2   4.2   6.5 -0.6    0.30  0.180    2  15  68  65    9    1  17  22   46
Woomera          interior  20.0   8.2  13.3  1.9    0.08  0.059    7   7  53  28   12    6  20  21   44
"""

NORMALS: pd.DataFrame = pd.read_csv(StringIO(_TABLE), sep=r"\s+", index_col="location").loc[
    list(shipped().locations)
]
"""One row per station in the order of the shipped network."""
