"""A historical file with invented values."""

from raincast.observations.schema import HISTORICAL

HEADER = ",".join(HISTORICAL)
ROWS = (
    "2008-12-01,Albury,13.4,22.9,0.6,NA,NA,W,44,W,WNW,20,24,71,22,1007.7,1007.1,8,NA,16.9,21.8,No,Yes",
    "2008-12-02,Albury,-7.4,25,1.2,NA,0,NA,NA,NA,WSW,0,22,44,25,1010.6,NA,NA,0,17.2,24.3,Yes,NA",
    "2008-12-02,Alice Springs,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA",
)


def text(header: str = HEADER, rows: tuple[str, ...] = ROWS) -> bytes:
    return ("\n".join((header, *rows)) + "\n").encode()
