"""Commands of what a verdict leads to: remedies, the search, the retraining, the watermark."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from raincast import console
from raincast.settings import Settings

if TYPE_CHECKING:
    from raincast.decisions.watermark import Watermark

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
RunId = Annotated[str, typer.Option(help="Names the run; the same id again repeats nothing.")]
LeaveWatermark = Annotated[
    bool,
    typer.Option(
        "--leave-watermark", help="Leave it to `raincast advance-watermark` to move the watermark."
    ),
]


def tune(as_json: Json = False) -> None:
    """Search parameters on the retraining set within TUNE_SECONDS, and save the best; goes on where
    it was killed.
    """
    from raincast.loop import announced, study_store

    settings, now = console.ready()
    console.stand_back(settings)
    announced.searched(settings, now)
    best = study_store.save_best(settings)
    if as_json:
        console.put(best)
    else:
        typer.echo(
            f"{best.trials} trials, {best.objective}: {best.best_value:.3f}; next: raincast retrain"
        )


def remedy(
    run_id: RunId = "",
    leave_watermark: LeaveWatermark = False,
    as_json: Json = False,
) -> None:
    """With CHEAPEST_FIRST: try new thresholds, then a recalibration, on the journal, beginning with
    what the watch's finding asks for; the first that helps serves, and a search is not needed.
    """
    from raincast.loop import announced, consumption

    settings, now = console.ready()
    console.stand_back(settings)
    run = _run(settings, run_id, now)
    done = announced.treated(settings, now, run)
    if done.version and not leave_watermark:
        consumption.consume(settings, now, run)
    if as_json:
        console.put(done)
    else:
        typer.echo(f"{done.version} serves: {done.reason}" if done.version else done.reason)


def save_best(
    run_id: Annotated[
        str, typer.Option(help="The run; where it has decided already, nothing is saved.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Save the best parameters that the search has found on the retraining set; `tune` does so
    itself.
    """
    from raincast.loop import consumption, study_store

    settings, _ = console.ready()
    decided = consumption.decided(settings, run_id) if run_id else None
    if decided:
        console.put(decided) if as_json else typer.echo(f"nothing to save: {decided.reason}")
        return
    found = study_store.save_best(settings)
    if as_json:
        console.put(found)
    else:
        typer.echo(
            f"{settings.best_params}: {found.objective} {found.best_value:.3f} of"
            f" {found.study_name}"
        )


def retrain(
    run_id: RunId = "",
    leave_watermark: LeaveWatermark = False,
    as_json: Json = False,
) -> None:
    """Fit a challenger, compare it with the model that serves, promote or refuse it, and move the
    watermark. Without --run-id a run that was killed before the watermark moved goes on.
    """
    from raincast.loop import announced, consumption

    settings, now = console.ready()
    console.stand_back(settings)
    run = _run(settings, run_id, now)
    done = announced.retrained(settings, now, run)
    mark = None if leave_watermark else consumption.consume(settings, now, run)
    if as_json:
        console.put(done.to_json() | {"watermark": mark and mark.to_json()})
        return
    typer.echo(f"{'promoted' if done.promoted else 'refused'} {done.version}: {done.reason}")
    typer.echo(_consumed(mark) if mark else f"next: raincast advance-watermark --run-id {run}")


def advance_watermark(
    run_id: Annotated[str, typer.Option(help="The run that has promoted or refused a model.")],
    as_json: Json = False,
) -> None:
    """Move the watermark over the rows that a retraining had; `retrain` does so itself unless told
    to leave it.
    """
    from raincast.loop import consumption

    settings, now = console.ready()
    mark = consumption.consume(settings, now, run_id)
    if as_json:
        console.put(mark)
    else:
        typer.echo(_consumed(mark))


def _run(settings: Settings, run_id: str, now: datetime) -> str:
    """The run that was named, or was killed before the watermark moved, or a new one."""
    from raincast.loop import consumption

    return run_id or consumption.unfinished(settings) or f"manual-{now:%Y%m%dT%H%M%SZ}"


def _consumed(mark: "Watermark") -> str:
    return f"live rows to {mark.last_feature_date} count as consumed"


COMMANDS = (remedy, tune, save_best, retrain, advance_watermark)
