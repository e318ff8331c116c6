"""After a search a model is compared on the days that no trial was judged by."""

from datetime import date, timedelta

import pytest

from raincast.decisions.retraining import Retrained
from raincast.errors import InSample
from raincast.learning import knowledge
from raincast.loop import evaluate, retrain
from raincast.settings import Settings
from raincast.store import best_parameters
from tests.retrained import NOW, better

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("four_stations")]

SEARCHED_TO = date(2016, 3, 20)


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Retrained]:
    """A folder in which a search has found the parameters by some of the new days."""
    settings = better(tmp_path_factory.mktemp("searched"))
    best = best_parameters.read(settings.best_params)
    assert best
    found = best.model_copy(update={"searched_to": SEARCHED_TO})
    best_parameters.write(settings.best_params, found)
    return settings, retrain.retrain(settings, NOW, "run 1")


class TestSearched:
    def test_models_are_compared_on_the_days_after_it(
        self, searched: tuple[Settings, Retrained]
    ) -> None:
        assert searched[1].comparison.span.first == str(SEARCHED_TO + timedelta(days=1))

    def test_what_came_of_it_has_seen_the_days_to_its_end(
        self, searched: tuple[Settings, Retrained]
    ) -> None:
        judged = evaluate.judged(searched[0], searched[1].version).metadata
        assert judged.rows.last < knowledge.last_seen(judged) == SEARCHED_TO

    def test_the_test_span_that_it_has_seen_is_refused(
        self, searched: tuple[Settings, Retrained]
    ) -> None:
        with pytest.raises(InSample, match=f"seen days up to {SEARCHED_TO}"):
            evaluate.evaluate(searched[0], NOW, with_baselines=False, version=searched[1].version)
