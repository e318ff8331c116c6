"""Commands that make and test models."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from raincast import console
from raincast.errors import BadFile
from raincast.settings import Settings

if TYPE_CHECKING:
    from raincast.loop.train import Trained

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


def train(
    quick: Annotated[
        bool,
        typer.Option(
            "--quick", help="Far fewer trees: weaker, in some eight minutes of processor time."
        ),
    ] = False,
    model: Annotated[
        str,
        typer.Option(
            help="module:function that makes an estimator of your own; the module lies in"
            " PROJECT_ROOT or is installed."
        ),
    ] = "",
    as_json: Json = False,
) -> None:
    """Fit before the tuning year, choose calibration and thresholds on it, fit again with it to be
    tested, and again on everything. The first model serves; any other is kept until it is promoted.
    """
    from raincast.learning import blend
    from raincast.loop import train as training
    from raincast.store import params

    settings, now = console.ready()
    console.stand_back(settings)
    given = params.read(settings.params).model
    # How large the blend is, is what --quick settles; whose model it is stands in the file.
    chosen = {**blend.QUICK_PARAMS, "model": given["model"]} if quick else given
    done = training.train(
        settings, {**chosen, "model": model} if model else chosen, now, console.say
    )
    if as_json:
        console.put(done)
    else:
        typer.echo(_trained(done))


def _trained(done: "Trained") -> str:
    made = f"model {done.version}, from {done.rows.count} station-days"
    if done.serves:
        return f"{made}, serves; next: raincast evaluate --out outputs/eval.json"
    return (
        f"{made}, is kept and does not serve; next: raincast evaluate --model {done.version} --out"
        f" outputs/eval.json, then raincast models promote {done.version} --reason TEXT"
    )


def evaluate(
    start: Day = None,
    end: Day = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Where to write the scores, in place of metrics/eval.json, which the repository"
            " keeps; needed with --start and --end."
        ),
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="A version's settings; of the one that serves if none.")
    ] = None,
    in_sample: Annotated[
        bool,
        typer.Option("--in-sample", help="Take days that the model has seen, and mark it."),
    ] = False,
    rolling: Annotated[
        bool,
        typer.Option(
            "--rolling",
            help="Every year by a model of its own that knew only what lay before; some minutes"
            " for each.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Test the judged model: on the test span, or on the archive's observations from --start to
    --end.
    """
    from raincast.loop import evaluate as evaluation
    from raincast.store import params
    from raincast.verification import amounts, tables
    from raincast.verification import evaluation as scores

    settings, now = console.ready()
    if rolling:
        _evaluate_rolling(settings, as_json)
        return
    if start and end and out:
        console.require_order(start, end)
        found = evaluation.evaluate_archived(
            settings, start.date(), end.date(), out, now, in_sample
        )
    elif start or end:
        raise typer.BadParameter(
            "give --start, --end and --out together, or none of --start, --end"
        )
    else:
        baselines = params.read(settings.params).baselines
        found = evaluation.evaluate(settings, now, baselines, model, in_sample, out)
    if as_json:
        console.put({name: getattr(found, name) for name in scores.FIVE})
    else:
        typer.echo(tables.of_scores(scores.with_baselines(found)))
        if of_amounts := amounts.table(found.regimes):
            typer.echo("\n" + of_amounts)
        if found.in_sample:
            typer.echo(console.IN_SAMPLE)


def compare(
    versions: Annotated[
        list[str],
        typer.Argument(help="Versions (`raincast models list`); the first is the yardstick."),
    ],
    start: Day = None,
    end: Day = None,
    out: Annotated[Path | None, typer.Option(help="Where to write the figures, as JSON.")] = None,
    as_json: Json = False,
) -> None:
    """Put models side by side on days of the history that none has seen, with the intervals of
    paired differences: each by the model that is judged in its stead.
    """
    from raincast.loop import compare as comparing
    from raincast.store import files
    from raincast.verification import beside

    settings, _ = console.ready()
    if (start is None) != (end is None):
        raise typer.BadParameter("give --start and --end together, or none of them")
    if start and end:
        console.require_order(start, end)
    span = (start.date(), end.date()) if start and end else None
    found = comparing.compare(settings, versions, span)
    if out:
        files.write_json(out, found.to_json())
    if as_json:
        console.put(found)
    else:
        typer.echo(beside.table(found))


def plot(
    evaluation: Annotated[
        Path | None,
        typer.Argument(help="What `raincast evaluate` wrote; metrics/eval.json if none."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder; metrics/plots if none.")] = None,
) -> None:
    """Draw an evaluation: reliability, ROC and skill by station, as PNG."""
    from raincast.store import files
    from raincast.verification import plots
    from raincast.verification.records import Evaluation

    settings, _ = console.ready()
    path, folder = evaluation or settings.metrics / "eval.json", out or settings.plots
    if not path.exists():
        raise BadFile(str(path), "no file", "an evaluation; `raincast evaluate` writes it")
    found = Evaluation.from_json(files.read_json(path), str(path))
    for name, figure in plots.of_evaluation(found).items():
        with files.replacing(folder / f"{name}.png") as part:
            figure.savefig(part, format="png", dpi=110, metadata={"Software": None})
        typer.echo(folder / f"{name}.png")


def _evaluate_rolling(settings: Settings, as_json: bool) -> None:
    from raincast.loop import rolling
    from raincast.store import params

    console.stand_back(settings)
    found = rolling.evaluate(settings, params.read(settings.params).model)
    if as_json:
        console.put(found)
    else:
        typer.echo(rolling.table(found))


COMMANDS = (train, evaluate, plot, compare)
