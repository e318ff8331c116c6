"""Commands of the live loop: forecasts, their truth, the verdict."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from raincast import console
from raincast.errors import PARTLY, BadFile, BadInput, NotEnoughData, NotPublished
from raincast.observations.availability import REGIMES
from raincast.settings import secret

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
    from raincast.loop import ingest, latest
    from raincast.loop.contexts import Contexts
    from raincast.loop.forecast import Desk, wanted
    from raincast.loop.latest import with_nearest
    from raincast.loop.outcomes import grouped
    from raincast.observations.network import find, in_force
    from raincast.store.archive import Archive
    from raincast.store.journal import Journal
    from raincast.store.registry import Registry

    settings, now = console.ready()
    if bool(stations) == every:
        raise typer.BadParameter("name stations, or --all, one of the two")
    chosen = [find(name) for name in stations or in_force().locations]
    why = latest.NOT_ASKED
    if use_latest:
        fetched = ingest.ingest_bureau(settings, with_nearest(chosen), now)
        found = latest.LATE if fetched.files else latest.NO_FILE
        why = latest.AWAY if fetched.unreachable else found
        for line in grouped(fetched.errors):
            console.say(line)
    forecaster, archive = Registry(settings.models).load_active(), Archive(settings.archive)
    asked = [latest.due(name, now) for name in stations or wanted(forecaster.metadata)]
    desk = Desk(Contexts(archive), Journal(settings.journal), lambda: forecaster, lambda: now)
    made = desk.forecast(asked)
    weaker = [r for r, f in zip(asked, made, strict=True) if not basis.has_own_row(f.basis)]
    for r in weaker:
        console.say(latest.lack(r, why))
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
    from raincast.store.registry import Registry
    from raincast.verification import tables

    settings, now = console.ready()
    only = [find(name).location for name in station or ()]
    if regime not in REGIMES:
        raise BadInput(f"--regime: found {regime!r}, expected one of {', '.join(REGIMES)}")
    console.require_order(start, end)
    first = start.date()
    if model:
        chosen = Registry(settings.models).load(model)
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
            f"apart, asked by callers with observations of their own: {callers.rows} rows, recall"
            f" {tables.three(callers.recall)} over {callers.n} with truth"
        )


def watch(as_json: Json = False) -> None:
    """Say what has changed about the inputs, the chances and the quality: where, since when, how
    sure, and what to do.
    """
    from raincast.loop import alerts
    from raincast.loop import watch as watching

    settings, now = console.ready()
    with alerts.watched(settings, now, "watch"):
        report = watching.watch(settings, now)
    alerts.changed(settings, now, report)
    if as_json:
        console.put(report)
        return
    state = "ALARM" if report.alarm else "no alarm"
    typer.echo(
        f"{state}: level {report.level_days:.3g} days of {report.run_length_days:g},"
        f" {report.first_day} to {report.last_day}"
    )
    for one in report.findings:
        sure = f"by chance once in {one.level_days:.3g} days" if one.level_days else "seen"
        typer.echo(f"  since {one.since}: {one.sentence} ({sure}); {one.remedy}")


def shadow(as_json: Json = False) -> None:
    """Make the forecasts of the challenger in the shadow, compare them with the champion's, and
    promote or refuse it where that is sure, or its days are over.
    """
    from raincast.loop import announced

    settings, now = console.ready()
    report = announced.shadowed(settings, now)
    if as_json:
        console.put(report)
    else:
        typer.echo(
            f"{report.verdict} {report.version}: {report.reason}"
            if report
            else "no challenger is in the shadow"
        )


def value(
    cost: Annotated[float, typer.Option(help="What protecting costs.")],
    loss: Annotated[float, typer.Option(help="What rain costs where nobody protects.")],
    station: Annotated[str, typer.Option(help="One station; all if none.")] = "",
    as_json: Json = False,
) -> None:
    """Say from which chance on protecting pays, and what the forecasts with truth were worth
    against climatology.
    """
    import numpy as np

    from raincast.observations.network import find
    from raincast.store import scored
    from raincast.verification import value as worth

    settings, _ = console.ready()
    if not 0 < cost < loss:
        raise BadInput(
            f"--cost {cost:g}, --loss {loss:g}: expected a cost above 0 and below the loss"
        )
    rows = scored.read(settings.scored_journal)
    rows = rows[rows["truth_available"]]
    rows = rows[rows["location"] == find(station).location] if station else rows
    if rows.empty:
        raise NotEnoughData("no forecast has its truth yet; `raincast score` joins it")
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


COMMANDS = (predict, serve, hindcast, export, score, watch, shadow, value, decide)
