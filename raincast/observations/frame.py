"""The observations frame: how rows are typed, ordered and checked (see `schema`)."""

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.errors import BadInput
from raincast.observations.schema import (
    COLUMNS,
    COMPASS,
    DEGREES,
    DIRECTIONS,
    FIELDS,
    KEY,
    NUMERIC,
    Field,
)

if TYPE_CHECKING:
    import pandera.pandas as pa


def _column(field: Field) -> "pa.Column":
    import pandera.pandas as pa

    if field.name in DIRECTIONS:
        return pa.Column(object, pa.Check.isin(COMPASS), nullable=True)
    return pa.Column("float64", pa.Check.in_range(field.low, field.high), nullable=True)


@cache
def _schema() -> "pa.DataFrameSchema":
    """What an observations frame is. Made when it is first asked for: commands that take no
    observations in start without pandera.
    """
    import pandera.pandas as pa

    columns = {f.name: _column(f) for f in FIELDS.values()}
    keys = {"Location": pa.Column(object), "Date": pa.Column("datetime64[s]")}
    return pa.DataFrameSchema(keys | columns, strict=True, ordered=True, unique=list(KEY))


def validate(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame itself when it is an observations frame.

    Raises:
        BadInput: names the first column and value that are not as the schema has them.
    """
    from pandera.errors import SchemaError

    try:
        return _schema().validate(frame)
    except SchemaError as error:
        raise BadInput(f"not an observations frame: {error}") from error


def conform(frame: pd.DataFrame) -> pd.DataFrame:
    """A validated observations frame from one that has at least the key columns: orders, adds and
    types the rest.
    """
    out = pd.DataFrame(
        {name: frame[name] if name in frame else np.nan for name in COLUMNS}, index=frame.index
    )
    out["Location"] = out["Location"].astype(object)
    out["Date"] = pd.to_datetime(out["Date"]).astype("datetime64[s]")
    for name in DIRECTIONS:
        text = out[name].astype(object)
        out[name] = text.where(text.notna(), None)
    return validate(out.astype(dict.fromkeys(NUMERIC, "float64")).reset_index(drop=True))


def degrees(points: Iterable[Any]) -> npt.NDArray[Any]:
    """Compass points as degrees clockwise from north (float32), NaN where missing."""
    return np.array([DEGREES.get(point, np.nan) for point in points], dtype=np.float32)
