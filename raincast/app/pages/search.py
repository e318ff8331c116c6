"""The last search: its trials, the best parameters, and which parameters mattered."""

from raincast.app import searching, sheet
from raincast.app.charts import loop, reasons
from raincast.app.here import Here, facts, heading, nothing_yet, notice, section
from raincast.app.searching import FEWEST_TRIALS, Search
from raincast.app.tables import table
from raincast.app.words import Words
from raincast.learning import blend
from raincast.learning.studies import OBJECTIVE


def show(here: Here) -> None:
    """The study that the best parameters came from."""
    found = searching.last(here.settings)
    with sheet.sheet("search"):
        heading(here, "search")
        _found(here, found)


def _found(here: Here, found: Search | None) -> None:
    t = here.words
    if found is None or found.trials.empty:
        nothing_yet(here, "search.empty")
        return
    _facts(t, found)
    section(t("search.trials"), t("search.trials_about"))
    sheet.chart(loop.trials(found.trials, t), "trials")
    with sheet.collected() as left:
        section(t("search.params"), t(f"search.params_{_beside_defaults(found)}"))
        sheet.write(_params(t, found))
    with sheet.collected() as right:
        section(t("search.importance"), t("search.importance_about"))
        if found.importance:
            sheet.chart(reasons.shares(found.importance, t("search.importance_axis"), t), "shares")
        else:
            notice(t("search.too_few", n=FEWEST_TRIALS))
    sheet.beside(left, right)


def _facts(t: Words, found: Search) -> None:
    complete = int((found.trials["state"] == "COMPLETE").sum())
    facts(
        (
            (t("search.done"), str(complete), t("search.pruned", n=len(found.trials) - complete)),
            (t("search.best"), t.number(found.value, 4), _objective(t)),
            (
                t("search.seconds"),
                t.number(found.trials["seconds"].sum()) + " s",
                t("search.seconds_note"),
            ),
            (t("search.study"), found.name.rsplit("_", 2)[-2], found.name),
        )
    )


def _objective(t: Words) -> str:
    return t("search.objective", name=t(f"search.objective_{OBJECTIVE.replace(' ', '_')}"))


def _beside_defaults(found: Search) -> str:
    """The key of what is said of the best parameters."""
    defaults = {name: blend.DEFAULT_PARAMS.get(name) for name in found.params}
    return "same" if found.params == defaults else "about"


def _params(t: Words, found: Search) -> str:
    heads = [t(f"search.col_{name}") for name in ("param", "best", "default")]
    rows = (
        (name, _shown(t, value), _shown(t, blend.DEFAULT_PARAMS.get(name)))
        for name, value in found.params.items()
    )
    return table("", heads, rows)


def _shown(t: Words, value: object) -> str:
    return t.plain(value) if isinstance(value, float) else str(value)
