"""Commands that account for replays: their figures, simulated climates, and the page that shows
them.
"""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from raincast import console

FIGURES = Path("metrics/replay")


def replay_summary(
    folder: Annotated[Path, typer.Argument(help="A replay's folder (`raincast replay --out`).")],
    out: Annotated[Path, typer.Option(help="JSON file to write.")],
    policy: Annotated[
        list[str] | None, typer.Option(help="Its policies; the first one is looked at closely.")
    ] = None,
    baselines: Annotated[
        bool, typer.Option("--baselines", help="Fit the baselines and put them beside it.")
    ] = False,
    fits: Annotated[
        int, typer.Option(min=0, help="Fit its model so often again: how far does a fit's luck go?")
    ] = 0,
    test_set: Annotated[
        bool,
        typer.Option(
            "--test-set", help="Compare with the direct test set of the prepared history."
        ),
    ] = False,
) -> None:
    """Score a replay, and compare every forecast with the same computed directly."""
    from raincast.replay.summary import summary, testset
    from raincast.replay.walk import policy as policies
    from raincast.store import files

    settings, _ = console.ready()
    chosen = [policies.parse(name) for name in policy or ["never"]]
    found = summary.account(settings, folder, chosen, baselines, fits)
    if test_set:
        beside = testset.beside(settings, folder, chosen[0])
        found = found.model_copy(update={"test_set": beside})
    files.write_json(out, found.to_json())
    match = found.match
    typer.echo(
        f"{match.equal} of {match.rows} forecasts equal the direct ones to the last bit; of"
        f" the others {match.rebuilt} do from the observations as they were known then; {out}"
    )


def replay_climates(
    out: Annotated[Path, typer.Option(help="JSON file to write.")] = FIGURES / "watch.json",
    replays: Annotated[int, typer.Option(min=1, help="Replays of the stationary climate.")] = 200,
    changed: Annotated[int, typer.Option(min=1, help="Replays of each climate that changes.")] = 40,
    recall_replays: Annotated[
        int,
        typer.Option(min=1, help="The same for the rules on recall, which take ten times as long."),
    ] = 200,
    recall_changed: Annotated[int, typer.Option(min=1, help="And of each that changes.")] = 40,
    years: Annotated[
        int, typer.Option(min=0, help="Whole years of the stationary climate, by the watch.")
    ] = 0,
    runs: Annotated[
        Path, typer.Option(help="What each replay gave, line by line; run again, it goes on there.")
    ] = Path("build/climates.jsonl"),
) -> None:
    """How often each rule triggers in a simulated climate that stays, and how soon in one that
    changes.
    """
    from raincast.cluster import workers
    from raincast.loop.decide import limits
    from raincast.replay.climates import alarms, climates, worlds
    from raincast.replay.walk.runs import Runs
    from raincast.store import files

    settings, _ = console.ready()
    whole, by = worlds.history(), workers.of(settings)
    model = worlds.forecaster(whole, settings.target_recall)
    asked = climates.Asked(
        model,
        limits(settings),
        settings.live_window,
        settings.target_recall,
        worlds.memory(whole, model),
    )
    span = {
        "days": worlds.DAYS,
        "change_after": worlds.CHANGE_AFTER,
        "thresholds": model.metadata.thresholds,
    }
    about = span | asdict(asked.limits)
    about |= {"window": asked.window, "target_recall": asked.target_recall}

    read = {
        rules: Runs(runs, about | {"rules": rules.__name__})
        for rules in (alarms.watch, climates.recall)
    }

    def told_of(rules: Any, world: worlds.World, n: int) -> list[dict[str, Any]]:
        kept = read[rules]
        left = [seed for seed in range(n) if kept.get(world.name, seed) is None]
        made = by.each(rules, asked, [(world, seed) for seed in left], world.name[:40])
        for seed, one in zip(left, made, strict=True):
            kept.add(world.name, seed, one)
        return [one for seed in range(n) if (one := kept.get(world.name, seed)) is not None]

    found: dict[str, dict[str, Any]] = {}
    remedied: dict[str, dict[str, Any]] = {}
    for rules, (still, moving) in (
        (alarms.watch, (replays, changed)),
        (climates.recall, (recall_replays, recall_changed)),
    ):
        told = {
            world.name: told_of(rules, world, still if world is worlds.WORLDS[0] else moving)
            for world in worlds.WORLDS
        }
        if rules is alarms.watch:
            remedied = {w.name: alarms.summary(told[w.name], w.remedies) for w in worlds.WORLDS}
        triggers = {name: [one["triggers"] for one in row] for name, row in told.items()}
        for name, figures in climates.summary(triggers).items():
            found[name] = figures | found.get(name, {})
    whole_years = [one["triggers"]["watch"] for one in told_of(alarms.watch, worlds.YEAR, years)]
    if whole_years:
        span["years"] = climates.yearly(whole_years, worlds.YEAR.days)
    files.write_json(out, span | {"worlds": found, "remedies": remedied})
    typer.echo(
        f"{out}: {replays} replays of the stationary climate, {changed} of each that changes"
    )


def replay_page(
    figures: Annotated[Path, typer.Option(help="Folder of the accounts.")] = FIGURES,
    out: Annotated[
        Path, typer.Option(help="The page; plots and tables go into a folder of its name.")
    ] = Path("docs/replay.md"),
) -> None:
    """Make the page, its plots and its tables from the accounts."""
    from raincast.replay.page import page
    from raincast.replay.summary.records import ReplaySummary
    from raincast.store import files

    read = {path: files.read_json(path) for path in sorted(figures.glob("*.json"))}
    for path, value in read.items():
        if "policies" in value:
            ReplaySummary.from_json(value, str(path))
    found = {path.stem: value for path, value in read.items()}
    page.write(found, out)
    typer.echo(f"{out} from {', '.join(found)}")


COMMANDS = (replay_summary, replay_climates, replay_page)
