"""Commands of days gone by: hindcasts, and their export for other tools."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from raincast import console
from raincast.errors import BadFile, BadInput
from raincast.observations.availability import REGIMES
from raincast.store import stores


def hindcast(
    start: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="First feature date.")],
    end: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Last feature date.")],
    out: Annotated[Path, typer.Option(help="CSV file to write.")],
    regime: Annotated[str, typer.Option(help=f"What was known: {', '.join(REGIMES)}.")] = "3pm",
    model: Annotated[
        str | None,
        typer.Option(
            help="A model version; if none, the one that serves, or the one that is judged in its"
            " stead where that has seen the days."
        ),
    ] = None,
    in_sample: Annotated[
        bool,
        typer.Option("--in-sample", help="Take days that the model has seen, and mark them."),
    ] = False,
    station: Annotated[
        list[str] | None, typer.Option(help="Only this station. Can be repeated.")
    ] = None,
    truth: Annotated[
        bool,
        typer.Option(
            "--truth",
            help="Add the reading of the target date, whether it is truth, and why not"
            " (accumulated, missing, not yet); print the scores.",
        ),
    ] = False,
) -> None:
    """Forecast days gone by as if issued then: one row per station-day that had observations."""
    from raincast.learning import knowledge
    from raincast.loop import hindcast as hindcasting
    from raincast.observations.network import find
    from raincast.verification import tables

    settings, now = console.ready()
    only = [find(name).location for name in station or ()]
    if regime not in REGIMES:
        raise BadInput(f"--regime: found {regime!r}, expected one of {', '.join(REGIMES)}")
    console.require_order(start, end)
    first = start.date()
    if model:
        chosen = stores.of(settings).registry().load(model)
        knowledge.has_seen(chosen, first, in_sample)
    else:
        chosen = hindcasting.honest(settings, first, in_sample)
    wish = hindcasting.Wish(first, end.date(), regime, only, truth)
    rows = hindcasting.hindcast(settings, chosen, wish, now, out)
    typer.echo(f"{len(rows)} forecasts by model {chosen.version} in {out}")
    if truth:
        counts = rows["why_not"].replace("", "truth").value_counts()
        typer.echo(", ".join(f"{what}: {n}" for what, n in counts.items()))
        found = hindcasting.scores(rows, chosen)
        typer.echo(tables.of_scores({regime: {"raincast": found}}) if found else "nothing to score")
    if "in_sample" in rows:
        typer.echo(console.IN_SAMPLE)


def export(
    forecasts: Annotated[Path, typer.Argument(help="What `raincast hindcast --truth` wrote.")],
    out: Annotated[
        Path, typer.Argument(help="File to write: .nc is NetCDF (CF), .txt the text of `verif`.")
    ],
) -> None:
    """Write forecasts and readings in a form that other verification tools read."""
    import pandas as pd

    from raincast.forecasts import exchange
    from raincast.observations.network import in_force
    from raincast.store import files

    console.ready()
    if out.suffix not in (".nc", ".txt"):
        raise BadInput(f"OUT: found {out}, expected a name that ends in .nc or .txt")
    if not forecasts.exists():
        raise BadFile(str(forecasts), "no file", "what `raincast hindcast --truth` wrote")
    network = in_force()
    rows = exchange.checked(pd.read_csv(forecasts), network, str(forecasts))
    if out.suffix == ".txt":
        files.write_text(out, exchange.verif_text(rows, network))
    else:
        with files.replacing(out) as part:
            exchange.dataset(rows, network).to_netcdf(part, engine="scipy")
    typer.echo(f"{len(rows)} forecasts in {out}")


COMMANDS = (hindcast, export)
