"""What the loop did: rows consumed, trials, steps of a replay."""

from collections.abc import Iterator

import pandas as pd

from raincast.app.charts import strokes
from raincast.app.charts.axes import Axis, days, numbers, places
from raincast.app.charts.differences import differences
from raincast.app.charts.frame import Key, chart, key_bar, key_line, key_symbol
from raincast.app.colours import BLUE, GOLD, GREEN, GREY, INK, MUTED, ORANGE, PURPLE
from raincast.app.paying import label
from raincast.app.replaying import POLICIES
from raincast.app.words import Words
from raincast.replay.summary.records import ReplaySummary

LINES = dict(
    zip(
        POLICIES,
        (
            (GREY, "dot"),
            (ORANGE, "dash"),
            (BLUE, "solid"),
            (INK, "dashdot"),
            (GREEN, "longdash"),
            (PURPLE, "longdashdot"),
            (GOLD, "solid"),
        ),
        strict=True,
    )
)
"""How each policy is drawn: by its colour, and by its dash for those who see fewer."""
THRESHOLD = MUTED, 1, "solid"
"""Of no policy, so that the line is taken for none."""
HALF = 0.4
"""Half of a bar's width, in days."""
ACTS = "promote|trigger|retrain"


def new_rows(rows: pd.DataFrame, t: Words) -> str:
    """Station-days with truth by feature date: consumed, and new on top of them."""
    counts = rows.pivot_table(
        index="feature_date", columns="new", values="rows", aggfunc="sum", fill_value=0
    )
    x = days(rows["feature_date"], t, free=0.6)
    y = numbers(
        0,
        1.05 * float(counts.sum(axis=1).max()),
        lambda v: t.plain(v),
        5,
        t("decision.rows_axis"),
    )
    kinds = (("decision.consumed", False, strokes.HATCHED), ("decision.new", True, BLUE))
    drawn, below = [strokes.hatching(GREY)], 0 * counts.sum(axis=1)
    for name, new, fill in kinds:
        if new in counts:
            drawn += _bars(below, counts[new], (x, y), (t(name), fill), t)
            below = below + counts[new]
    keys = [key_bar(t(name), fill) for name, _, fill in kinds]
    return chart(t("decision.rows_axis"), 300, x, y, drawn, keys)


def _bars(
    below: "pd.Series[float]",
    counts: "pd.Series[int]",
    axes: tuple[Axis, Axis],
    look: tuple[str, str],
    t: Words,
) -> Iterator[str]:
    (x, y), (name, fill) = axes, look
    for moment, day, count in zip(counts.index, places(counts.index), counts, strict=True):
        if count:
            low, high = (100 - y.at(v) for v in (below[moment], below[moment] + count))
            told = f"{t.short_year(moment)}\n{t.number(count)}\n{name}"
            yield strokes.bar((x.at(day - HALF), low), (x.at(day + HALF), high), fill, told)


def trials(found: pd.DataFrame, t: Words) -> str:
    """What each trial was worth, and the best so far."""
    last = int(found["number"].max())
    x = numbers(-0.5, last + 0.5, lambda v: t.plain(v), 10, t("search.number"))
    x = x._replace(ticks=[(v, said) for v, said in x.ticks if v == int(v)])
    values = found["value"].dropna()
    free = 0.06 * float(values.max() - values.min()) or 0.001
    y = numbers(
        values.min() - free, values.max() + free, lambda v: t.number(v, 3), 5, t("search.value")
    )
    best = [(x.at(n), 100 - y.at(v)) for n, v in zip(found["number"], found["best"], strict=True)]
    drawn = [strokes.line(strokes.steps(best), BLUE, 2.5)]
    for number, value in zip(found["number"], found["value"], strict=True):
        if value == value:
            told = f"{t('search.trial')} {number}\n{t.number(value, 4)}"
            at = x.at(number), 100 - y.at(value)
            drawn.append(strokes.symbol(at, "circle", 10, ORANGE, told, ORANGE))
    keys = [
        key_symbol(t("search.trial"), "circle", ORANGE, ORANGE),
        key_line(t("search.best"), BLUE, 2.5, "solid"),
    ]
    return chart(t("search.trials"), 360, x, y, drawn, keys)


def paying(found: ReplaySummary, t: Words) -> str:
    """By policy, the Brier score less that of the first, with its interval: left of the line is
    better.
    """
    rows = [(label(name, t), *of.brier) for name, of in found.against_first.items()]
    return differences(rows, t("replay.pays"), t("replay.pays_axis"), t)


def replay(steps: pd.DataFrame, threshold: float, t: Words) -> str:
    """Recall after each step of a replay, by policy, and where something was done."""
    x = days(steps["issued_at"], t)
    y = numbers(0, 1.02, lambda v: t.plain(v), 5, t("figures.recall"))
    height = 100 - y.at(threshold)
    drawn = [strokes.straight((0, height), (100, height), *THRESHOLD)]
    keys = []
    for policy, part in steps.groupby("policy"):
        drawn += _of_policy(str(policy), part, x, y, t)
        keys += _keys(str(policy), t)
    keys.append(key_line(t("quality.threshold", value=t.number(threshold, 2)), *THRESHOLD))
    return chart(t("replay.title"), 420, x, y, drawn, keys)


def _of_policy(policy: str, part: pd.DataFrame, x: Axis, y: Axis, t: Words) -> Iterator[str]:
    colour, dash = LINES[policy]
    points = [
        (x.at(at), 100 - y.at(v))
        for at, v in zip(places(part["issued_at"]), part["recall_live"], strict=True)
    ]
    yield strokes.line(points, colour, 2.5, dash)
    acted = part["action"].astype(str).str.contains(ACTS)
    for at, row, was in zip(points, part.to_dict("records"), acted, strict=True):
        if at[1] == at[1]:
            moment = f"{t.short_year(row['issued_at'])} {row['issued_at']:%H:%M}"
            told = f"{moment}\n{t.number(row['recall_live'], 3)}\n{t(POLICIES[policy])}"
            look = ("diamond", 12, colour) if was else ("circle", 5, "transparent")
            edge = INK if was else "transparent"
            yield strokes.symbol(at, *look, f"{told}\n{row['action']}" if was else told, edge)


def _keys(policy: str, t: Words) -> list[Key]:
    (colour, dash), name = LINES[policy], t(POLICIES[policy])
    acted = t("replay.acted", policy=name)
    return [key_line(name, colour, 2.5, dash), key_symbol(acted, "diamond", colour, INK)]
