"""What the slides tell of the project, and how the DAGs are read from their files."""

import re
import textwrap
from datetime import UTC, datetime

import pytest
from matplotlib.figure import Figure

from raincast.app.defence import NARROW, SIZE, figures, pages, slides, stories, svg
from raincast.app.defence.facts import facts
from raincast.app.defence.figures.graphs import places
from raincast.app.defence.slide import slide
from raincast.app.words import LANGUAGES, Words
from raincast.settings import Settings
from scripts import defence_facts


def test_what_the_slides_tell_is_what_the_figures_and_the_dag_files_say() -> None:
    assert defence_facts.FILE.read_text("utf-8") == defence_facts.text()


def test_tasks_stand_behind_all_that_they_wait_for() -> None:
    dag = facts().dags["weather_main_dag"]
    at = places(dag)
    assert all(at[before][0] < at[after][0] for before, after in dag.edges)
    assert at["trigger_optuna"][0] == at["skip_optuna"][0]
    assert len(set(at.values())) == len(dag.tasks)


def test_a_chain_a_list_and_a_task_that_is_given_a_result_are_edges() -> None:
    found = defence_facts.dag(
        """
@task
def first(): ...
def fourth():
    return Operator(task_id="fourth")
@dag(schedule=None)
def one():
    @task.branch
    def second(given): ...
    third = Operator(task_id="last")
    made = first()
    second(made) >> [third] >> fourth()
"""
    )
    assert found["tasks"] == ["first", "fourth", "second", "last"]
    assert found["edges"] == [("second", "last"), ("last", "fourth"), ("first", "second")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [SIZE, NARROW])
def test_what_became_of_challengers_is_told_in_letters_that_are_read_from_afar(
    language, size
) -> None:
    drawn = svg(slide("refused", Words(language), stories.refused(Words(language))), size)
    assert min(float(letters) for letters in re.findall(r"font-size: ([\d.]+)px", drawn)) >= 14
    watch = facts().retraining["watch"].policies["watch"]
    assert f">{watch.promoted} + {watch.refused}<" in drawn


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_has_room_above_the_figure_of_its_page(language, tmp_path) -> None:
    t = Words(language)
    for shown in slides(Settings(root=tmp_path), t, datetime(2016, 2, 11, tzinfo=UTC)):
        said = textwrap.wrap(t(f"slides.{shown.name}_message"), pages.LINE_OF_MESSAGE)
        assert len(said) <= 2, shown.name


@pytest.mark.parametrize("size", [SIZE, NARROW])
def test_no_two_marks_of_the_axis_of_policies_have_the_same_number(size) -> None:
    figure = Figure(figsize=size)
    figures.policies(figure, facts().retraining, Words("fr"))
    figure.canvas.draw()
    told = [tick.get_text() for tick in figure.axes[0].get_xticklabels()]
    assert len(told) >= 3
    assert len(set(told)) == len(told)


def test_the_replays_that_differ_by_their_rows_are_of_the_same_days() -> None:
    found = facts().retraining
    assert found["real"].span == found["watch"].span
