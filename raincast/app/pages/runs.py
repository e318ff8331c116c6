"""The DAGs' runs, where Airflow can be reached, and what each task wrote."""

import streamlit as st

from raincast.app import airflow, outputs, sheet
from raincast.app.airflow import AirflowAway, Run
from raincast.app.here import Here, again, heading, nothing_yet, notice, section
from raincast.app.outputs import OUTPUTS, Output
from raincast.app.tables import table
from raincast.app.words import Words
from raincast.errors import MissingSetting
from raincast.settings import Settings, secret


def show(here: Here) -> None:
    """Runs first, then the tables."""
    t, found = here.words, _asked(here.settings)
    with sheet.sheet("runs"):
        heading(here, "runs")
        section(t("runs.runs"), t("runs.runs_about", address=here.settings.airflow_url))
        _runs(here, found)
    if isinstance(found, str):
        again(here)
    with sheet.sheet("outputs"):
        for dag in airflow.DAGS:
            section(t(f"runs.{dag}"), t("runs.outputs_about", dag=dag))
            sheet.write(_outputs(here, dag))


def _secret(name: str) -> str | None:
    try:
        return secret(name)
    except MissingSetting:
        return None


@st.cache_data(ttl=10, show_spinner=False)
def _asked(settings: Settings) -> list[Run] | str:
    """The runs, or why there are none: asked at most every ten seconds."""
    try:
        return airflow.runs(
            settings.airflow_url, _secret("AIRFLOW_USERNAME"), _secret("AIRFLOW_PASSWORD")
        )
    except AirflowAway as error:
        return str(error)


def _runs(here: Here, found: list[Run] | str) -> None:
    t = here.words
    if isinstance(found, str):
        notice(t("runs.away", address=here.settings.airflow_url, detail=found))
    elif not found:
        nothing_yet(here, "runs.none")
    else:
        heads = [
            t(f"runs.col_{name}") for name in ("dag", "run", "state", "began", "ended", "tasks")
        ]
        sheet.write(table("cards", heads, [_run(t, run) for run in found]))


def _run(t: Words, run: Run) -> tuple[str, ...]:
    tasks = ", ".join(f"{task}: {state}" for task, state in run.tasks.items())
    return run.dag, run.run, run.state, t.moment(run.began), t.moment(run.ended), tasks


def _outputs(here: Here, dag: str) -> str:
    heads = [
        here.words(f"runs.col_{name}") for name in ("task", "output", "readers", "why", "there")
    ]
    return table("cards", heads, [_output(here, output) for output in OUTPUTS if output.dag == dag])


def _output(here: Here, output: Output) -> tuple[str, ...]:
    why = here.words(f"outputs.{output.key}")
    return output.task, output.path or "XCom", output.readers, why, _there(here, output)


def _there(here: Here, output: Output) -> str:
    t, seen = here.words, outputs.found(here.settings, output)
    if not output.path:
        return t("runs.handed_on")
    return (
        t("runs.not_there")
        if seen is None
        else t("runs.there", size=t.number(seen.size / 1000, 1), when=t.moment(seen.written))
    )
