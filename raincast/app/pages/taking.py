"""What a visitor takes along from the map: the forecasts, the picture, the call of a program."""

import html
from datetime import datetime
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from raincast.app import picture
from raincast.app.here import Here, note
from raincast.app.views import View
from raincast.observations.network import in_force

COLUMNS = (
    "location",
    "feature_date",
    "target_date",
    "issued_at_utc",
    "rain_probability",
    "predicted_rain",
    "threshold",
    "regime",
    "basis",
    "model_version",
)


def csv(view: View, rows: pd.DataFrame) -> bytes:
    """The forecasts that are shown, and what the view makes of them."""
    frame = rows[list(COLUMNS)].merge(view.marks, on="location", how="left", sort=False)
    for name in ("feature_date", "target_date"):
        frame[name] = frame[name].dt.strftime("%Y-%m-%d")
    names = {"value": view.name, "kind": f"{view.name}_kind"}
    text: str = frame.rename(columns=names).to_csv(index=False, lineterminator="\n")
    return text.encode()


def snippet(address: str, location: str) -> str:
    """The call that answers the same for one station."""
    return (
        f'curl -X POST "{address}/predict?use_latest=true&station_name={location}" \\\n'
        '  -H "Authorization: Bearer $API_KEY"'
    )


def draw(here: Here, view: View, rows: pd.DataFrame, moment: datetime, place: str | None) -> None:
    """The two downloads and the address to share; the call, where it is asked for."""
    t, name = here.words, f"raincast-{view.name}-{moment:%Y%m%dT%H}"
    with st.container(horizontal=True, key="taking"):
        st.download_button(
            t("map.csv"), partial(csv, view, rows), f"{name}.csv", "text/csv", on_click="ignore"
        )
        st.download_button(
            t("map.png"),
            partial(picture.png, view, t, t.moment(moment)),
            f"{name}.png",
            "image/png",
            on_click="ignore",
        )
        said, done = html.escape(t("shared.share")), html.escape(t("shared.shared_link"))
        button = f'<button type="button" class="share" data-done="{done}">{said}</button>'
        st.html(button, width="content")
    same = st.expander(t("map.same"), on_change="rerun", key="same")
    if same.open:  # what colours program text is large: only for whoever wants to see some
        _same(here, place, same)


def _same(here: Here, place: str | None, inside: DeltaGenerator) -> None:
    t = here.words
    with inside:
        location = place or in_force().locations[0]
        st.code(snippet(here.settings.api_url, location), language="bash")
        note(t("map.same_about"))
