"""Models side by side on the same rows: what each decision rested on, and what was asked for."""

from datetime import date

from raincast.app import loop_files, sheet
from raincast.app.charts.differences import differences
from raincast.app.here import Here, note, section
from raincast.app.matches import Match
from raincast.app.tables import table
from raincast.app.words import Words
from raincast.verification.records import Interval, SideBySide, SideScores


def draw(here: Here) -> None:
    """The matches of the history, then what `raincast compare` wrote."""
    t, found = here.words, loop_files.matched(here.settings)
    section(t("models.matches"), t("models.matches_about"))
    known = [
        (_named(t, m), m.difference, *_ends(m.interval)) for m in found if m.difference is not None
    ]
    if known:
        sheet.chart(differences(known, t("models.matches"), t("replay.pays_axis"), t), "matches")
    if found:
        sheet.write(_matches(t, found))
    else:
        note(t("models.matches_none"))
    _asked(here)


def _named(t: Words, match: Match) -> str:
    """A match in two lines, for the axis; the moment tells two of the same version apart."""
    return f"{match.version}\n{t(f'models.did_{match.action}')}"


def _ends(interval: Interval | None) -> tuple[float | None, float | None]:
    return interval or (None, None)


_HEADS = ("version", "champion", "action", "compared", "brier", "difference", "reason")


def _matches(t: Words, found: list[Match]) -> str:
    heads = [t(f"models.col_{name}") for name in _HEADS]
    return table("cards", heads, [_match(t, one) for one in found], numbers=(4, 5))


def _match(t: Words, m: Match) -> tuple[str, ...]:
    own, other = (t.number(brier, 4) for brier in m.briers)
    return (
        m.version,
        m.champion or "–",
        t(f"models.did_{m.action}"),
        _rows(t, m),
        f"{own} ({other})",
        _difference(t, m.difference, m.interval),
        m.reason,
    )


def _rows(t: Words, m: Match) -> str:
    if m.n is None:
        return "–"
    n = t.number(m.n)
    if not m.first:
        return t("models.compared_n", n=n)
    return t("models.compared", n=n, first=t.iso(m.first), last=t.iso(m.last))


def _difference(t: Words, mean: float | None, interval: Interval | None) -> str:
    """Times 1000, so that three digits say it."""
    if mean is None:
        return "–"
    shown = t.signed(1000 * mean, 1)
    if not interval:
        return shown
    low, high = (t.signed(1000 * end, 1) for end in interval)
    return f"{shown} ({t('shared.between', low=low, high=high)})"


def _asked(here: Here) -> None:
    t, found = here.words, loop_files.side_by_side(here.settings)
    if found is None:
        note(t("models.beside_none"))
        return
    first, last = (t.day(date.fromisoformat(day)) for day in (found.span.first, found.span.last))
    section(t("models.beside"), t("models.beside_about", first=first, last=last))
    rows = [
        (f"{t.regime(regime)}\n{name}", s.brier_difference, *_ends(s.brier_difference_interval))
        for regime, models in found.regimes.items()
        for name, s in list(models.items())[1:]
    ]
    if rows:
        sheet.chart(differences(rows, t("models.beside"), t("replay.pays_axis"), t), "beside")
    sheet.write(_beside(t, found))


def _beside(t: Words, found: SideBySide) -> str:
    heads = (
        t("quality.regime"),
        t("models.col_version"),
        *(t(f"figures.{name}") for name in ("n", "roc_auc", "brier")),
        t("models.col_skill"),
        t("models.col_difference"),
    )
    rows = [
        _side(t, regime, name, scores, yardstick=not i)
        for regime, models in found.regimes.items()
        for i, (name, scores) in enumerate(models.items())
    ]
    return table("cards", heads, rows, numbers=range(2, 7))


def _side(t: Words, regime: str, name: str, s: SideScores, yardstick: bool) -> tuple[str, ...]:
    gap = _difference(t, s.brier_difference, s.brier_difference_interval)
    return (
        t.regime(regime),
        name,
        t.number(s.n),
        t.number(s.roc_auc, 3),
        t.number(s.brier, 4),
        t.percent(s.brier_skill),
        t("models.yardstick") if yardstick else gap,
    )
