"""What others check us with: the text of `verif` and a NetCDF dataset, with the same scores."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scores.probability import brier_score

from raincast.errors import BadInput
from raincast.forecasts import exchange
from tests.places import NETWORK

ROWS = pd.DataFrame(
    {
        "location": ["Albury", "Sydney", "Albury", "Sydney"],
        "feature_date": ["2016-01-05", "2016-01-05", "2016-01-06", "2016-01-06"],
        "rain_probability": [0.25, 0.75, 0.1, 0.5],
        "observed_rainfall_mm": [0.0, 12.4, 27.0, np.nan],
        "truth_available": [1, 1, 0, 0],
    }
)


def checked(rows: pd.DataFrame = ROWS) -> pd.DataFrame:
    return exchange.checked(rows, NETWORK, "h.csv")


def text(rows: pd.DataFrame) -> pd.DataFrame:
    written = exchange.verif_text(rows, NETWORK)
    return pd.read_csv(io.StringIO(written), sep=" ", comment="#")


def test_a_reading_that_is_no_truth_is_no_observation() -> None:
    assert checked()["observed_rainfall_mm"].isna().tolist() == [False, False, True, True]


@pytest.mark.parametrize("missing", exchange.NEEDED)
def test_a_file_without_truth_is_refused_by_its_column(missing: str) -> None:
    with pytest.raises(BadInput, match=f"found no {missing}; expected .* --truth"):
        checked(ROWS.drop(columns=missing))


def test_an_unknown_station_is_refused() -> None:
    with pytest.raises(BadInput, match="'Atlantis', expected a known station"):
        checked(ROWS.replace("Sydney", "Atlantis"))


def test_the_text_has_a_line_for_each_forecast_and_numbers_alone() -> None:
    found = text(checked())
    assert list(found.columns) == [
        "date", "leadtime", "location", "lat", "lon", "altitude", "obs", "p1",
    ]  # fmt: skip
    assert found["date"].tolist() == [20160105, 20160105, 20160106, 20160106]
    assert set(found["leadtime"]) == {24}
    assert found["obs"].tolist() == [0.0, 12.4, -999.0, -999.0]
    assert all(np.issubdtype(kind, np.number) for kind in found.dtypes)


def test_p1_is_the_chance_of_at_most_one_millimetre() -> None:
    assert text(checked())["p1"].tolist() == pytest.approx([0.75, 0.25, 0.9, 0.5])


def test_a_station_has_one_number_and_its_place() -> None:
    found = text(checked())
    assert found.groupby("location")[["lat", "lon"]].nunique().to_numpy().tolist() == [[1, 1]] * 2
    sydney = NETWORK.find("Sydney")
    row = found[found["location"] == NETWORK.index["Sydney"]].iloc[0]
    assert (row["lat"], row["lon"]) == pytest.approx((sydney.latitude, sydney.longitude))


def test_the_dataset_comes_back_from_a_file_with_its_names(tmp_path: Path) -> None:
    exchange.dataset(checked(), NETWORK).to_netcdf(tmp_path / "h.nc", engine="scipy")
    with xr.open_dataset(tmp_path / "h.nc", engine="scipy") as found:
        assert found.attrs["Conventions"] == "CF-1.11"
        assert dict(found.sizes) == {"time": 2, "station": 2}
        assert found["rain"].attrs["standard_name"] == "lwe_thickness_of_precipitation_amount"
        assert found["rain"].attrs["units"] == "mm"
        assert float(found["threshold"]) == 1.0
        assert [str(name) for name in found["station_name"].astype(str).to_numpy()] == [
            "Albury",
            "Sydney",
        ]
        chances = found["rain_probability"].to_numpy()
        assert chances == pytest.approx(np.array([[0.25, 0.75], [0.1, 0.5]]))


def test_another_library_finds_the_brier_score_in_it() -> None:
    found = exchange.dataset(checked(), NETWORK)
    wet = (found["rain"] > found["threshold"]).where(found["rain"].notnull()).astype(float)
    theirs = float(brier_score(found["rain_probability"], wet))
    assert theirs == pytest.approx((0.25**2 + 0.25**2) / 2)
