"""Commands of the live loop: forecasts, their truth, the verdict."""

from __future__ import annotations

from typing import Annotated

import typer

from raincast import console
from raincast.errors import PARTLY, BadInput, NotEnoughData, NotPublished
from raincast.settings import secret
from raincast.store import stores

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def predict(
    stations: Annotated[
        list[str] | None, typer.Argument(help="Stations; every one with --all.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every station that the model knows or that was added.")
    ] = False,
    use_latest: Annotated[
        bool,
        typer.Option(
            "--use-latest", help="Fetch the newest files first, the nearest stations' too."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Forecast rain tomorrow from the newest observations of the archive, and write it to the
    journal. A station whose newest row is not there is forecast from what else is known, and
    marked. Ends with 0 where every station's row was there, 7 where some were, 4 where none was.
    """
    from raincast.forecasts import basis, sentence
    from raincast.learning.knowledge import is_unseen
    from raincast.learning.served import wanted
    from raincast.loop import ingest, lacking, latest
    from raincast.loop.contexts import Contexts
    from raincast.loop.forecast import Desk
    from raincast.loop.latest import with_nearest
    from raincast.loop.outcomes import grouped
    from raincast.observations.network import find, in_force

    settings, now = console.ready()
    if bool(stations) == every:
        raise typer.BadParameter("name stations, or --all, one of the two")
    chosen = [find(name) for name in stations or in_force().locations]
    fetched = None
    if use_latest:
        near = with_nearest(chosen)
        # A server that hangs takes its time.
        console.say(f"fetch {len(near)} of {len(in_force().stations)} stations …")
        fetched = ingest.ingest_bureau(settings, near, now)
        for line in grouped(fetched.errors):
            console.say(line)
    held = stores.of(settings)
    forecaster, archive = held.registry().load_active(), held.archive()
    asked = [latest.due(name, now) for name in stations or wanted(forecaster.metadata)]
    desk = Desk(Contexts(archive), held.journal(), lambda: forecaster, lambda: now)
    made = desk.forecast(asked)
    weaker = [r for r, f in zip(asked, made, strict=True) if not basis.has_own_row(f.basis)]
    for r in weaker:
        location = in_force().locations[r.station]
        why = lacking.after(fetched, location) if fetched else lacking.NOT_ASKED
        console.say(lacking.lack(archive, r, why))
    newest = [archive.newest_row(f.location, f.feature_date) for f in made]
    if as_json:
        console.put(
            [f._asdict() | {"newest_row": day} for f, day in zip(made, newest, strict=True)]
        )
    else:
        for f, day in zip(made, newest, strict=True):
            typer.echo(sentence.of(f, is_unseen(forecaster, f.location), day))
    if weaker:
        raise typer.Exit(PARTLY if len(weaker) < len(made) else NotPublished.exit_code)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
) -> None:
    """Serve forecasts over HTTP; API_KEY must be set."""
    settings, _ = console.ready()
    secret("API_KEY")
    console.say(f"the API starts on http://{host}:{port} …")  # its libraries take a while

    from raincast.serving.server import run as run_server

    run_server(settings, host, port)


def score(as_json: Json = False) -> None:
    """Join the journal with what was observed, and score it."""
    from raincast.loop import alerts, monitor
    from raincast.verification import tables

    settings, now = console.ready()
    with alerts.watched(settings, now, "score"):
        report = monitor.score(settings)
    if as_json:
        console.put(report)
        return
    names = ("recall_live", "precision_live", "roc_auc_live")
    scores = ", ".join(f"{name} {tables.three(getattr(report, name))}" for name in names)
    rows = f"scored_rows {report.scored_rows}, open_rows {report.open_rows}"
    typer.echo(f"{report.status}: {scores}, {rows}")
    if report.climatology_rows:
        typer.echo(
            f"apart, resting on the climate alone: forecasts {report.climatology_rows}, in no score"
            " and no open rows"
        )
    callers = report.callers
    if callers.rows:
        typer.echo(
            f"apart, asked by callers with observations of their own: rows {callers.rows}, with"
            f" truth {callers.n}, recall {tables.three(callers.recall)}"
        )


def value(
    cost: Annotated[float, typer.Option(help="What protecting costs.")],
    loss: Annotated[float, typer.Option(help="What rain costs where nobody protects.")],
    station: Annotated[str, typer.Option(help="One station; all if none.")] = "",
    as_json: Json = False,
) -> None:
    """Say from which chance on protecting pays, and what the forecasts with truth were worth
    against climatology: those that the live scores count.
    """
    import numpy as np

    from raincast.forecasts import origin
    from raincast.observations.network import find
    from raincast.verification import value as worth

    settings, _ = console.ready()
    if not 0 < cost < loss:
        raise BadInput(
            f"--cost {cost:g}, --loss {loss:g}: expected a cost above 0 and below the loss"
        )
    rows = stores.of(settings).scored().read()
    rows = rows[rows["truth_available"] & origin.counted(rows)]
    whose = find(station).location if station else ""
    rows = rows[rows["location"] == whose] if whose else rows
    if rows.empty:
        named = f"no forecast of {whose}" if whose else "no forecast"
        raise NotEnoughData(f"{named} has its truth yet; `raincast score` joins it")
    found = worth.of_user(
        rows["y_true"].to_numpy(np.float64),
        rows["rain_probability"].to_numpy(np.float64),
        (rows["predicted_rain"] == 1).to_numpy(),
        rows["target_date"].to_numpy("datetime64[D]"),
        cost / loss,
    )
    if as_json:
        console.put(found)
        return
    own = _worth(found.value, found.interval)
    served = _worth(found.as_served, found.as_served_interval)
    typer.echo(
        f"protect from a chance of {found.threshold * 100:.0f} % on: worth {own} of a perfect"
        f" forecast, over {found.n} forecasts of {found.days} days; the warnings as given out:"
        f" {served}"
    )


def _worth(value: float | None, interval: tuple[float, float] | None) -> str:
    if value is None:
        return "an unknown share"
    between = f" ({interval[0]:.2f} to {interval[1]:.2f})" if interval else ""
    return f"{value:.2f}{between}"


def decide(as_json: Json = False) -> None:
    """Say whether quality has fallen so far that a search should start, and on what evidence."""
    from raincast.loop import alerts
    from raincast.loop import decide as deciding

    settings, now = console.ready()
    with alerts.watched(settings, now, "decide"):
        verdict = deciding.after_look(settings, now)
    alerts.decided(settings, now, verdict)
    if as_json:
        console.put(verdict)
    else:
        typer.echo(f"{verdict.decision} (case {verdict.case}): {verdict.reason}")


COMMANDS = (predict, serve, score, value, decide)
