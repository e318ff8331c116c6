"""A file of Albury's as the reader has it."""

import pandas as pd

from raincast.sources import dwo
from tests.dwo_files import ALBURY, PREAMBLE, written

NAME = f"{ALBURY}.csv"


def read(**parts) -> pd.DataFrame:
    return dwo.parse(written(**parts), NAME).frame


def prose(old: str, new: str) -> bytes:
    return written(tuple(line.replace(old, new) for line in PREAMBLE))
