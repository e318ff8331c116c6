"""Commands that bring observations in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from tqdm import tqdm

from raincast import console
from raincast.errors import PARTLY, BadInput, SourceUnavailable

if TYPE_CHECKING:
    from raincast.loop.batch import IngestReport
    from raincast.store.prepared import PreparedHistory

THIN = 0.8
"""Of the edition of 2017, 98 % of the test span is there."""

NAMED_STATIONS = 3
"""So many stations at most are named in a line; more are counted."""

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def fetch_history() -> None:
    """Fetch the historical file from its public address to data/raw, and check it."""
    from raincast.sources import bureau

    settings, _ = console.ready()
    console.say(
        f"{bureau.fetch_history(settings)} is there; next: raincast prepare, raincast train"
    )


def prepare(
    from_archive: Annotated[
        bool,
        typer.Option(
            "--from-archive", help="First write the historical file from what was ingested."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Check the historical file, archive its rows, and write them prepared for training."""
    from raincast.loop import history
    from raincast.store import params

    settings, now = console.ready()
    if from_archive:
        count = history.write_from_archive(settings)
        console.say(f"{settings.raw_history}: {count} station-days of the archive")
    done = history.prepare(settings, now, params.read(settings.params).first_date)
    if as_json:
        console.put(done)
    else:
        typer.echo(
            f"{done.rows} station-days from {done.first_date} to {done.last_date};"
            f" {done.labelled} with a known truth"
        )
        _tell_coverage(done)


def _tell_coverage(done: PreparedHistory) -> None:
    """The edition, its days per year, its holes, and what they mean for the test."""
    typer.echo(f"this is {done.edition}")
    typer.echo(
        "station-days a year: "
        + ", ".join(f"{y} {n}" for y, n in (done.days_per_year or {}).items())
    )
    for line in done.set_aside or ():
        console.say(f"set aside: {line}")
    if done.holes:
        console.say(f"months with less than half of their station-days: {', '.join(done.holes)}")
    if (done.test_span_covered or 0) < THIN:
        console.say(
            f"warning: of the test span, {done.test_span}, only {done.test_span_covered:.0%}"
            " of the station-days are there: figures of `raincast evaluate` are not comparable with"
            " those of another edition"
        )


def ingest(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files, or folders of them at any depth.")
    ] = None,
    bureau_: Annotated[
        bool, typer.Option("--bureau", help="Fetch the newest files from the Bureau.")
    ] = False,
    station: Annotated[
        list[str] | None, typer.Option(help="With --bureau: only this station. Can be repeated.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Take observations into the archive: files, folders, or the Bureau's newest. Read are Daily
    Weather Observations, the historical file, the half-hourly feed (JSON, AXF, XML), and daily rain
    of Climate Data Online, of the FTP server's tables and of GHCN-Daily. Ends with 0 where all came
    in, 7 where some did, else with 2 (files) or 4 (the Bureau).
    """
    from raincast.loop import ingest as ingestion
    from raincast.observations.network import find, in_force

    settings, now = console.ready()
    if bool(paths) == bureau_:
        raise typer.BadParameter("name files or folders, or --bureau, one of the two")
    if bureau_:
        every = [s for s in in_force().stations if s.product]
        chosen = [find(name) for name in station] if station else every
        report = ingestion.ingest_bureau(settings, chosen, now, progress=_bar)
    else:
        report = ingestion.ingest_paths(settings, paths or [], now, progress=_bar)
    _show(report, as_json)


def _bar(things):  # type: ignore[no-untyped-def]
    return tqdm(things, "ingest", unit="file", leave=False, disable=None)


def _show(report: IngestReport, as_json: bool) -> None:
    from raincast.loop.outcomes import grouped

    told = {"refused": [*report.errors, *report.not_published], "set aside": report.set_aside}
    for what, lines in told.items():
        for line in grouped(lines):
            console.say(f"{what}: {line}")
    for line in report.warnings:
        console.warn(line)
    if as_json:
        console.put(report.__dict__)
    else:
        typer.echo(_summary(report))
    code = _exit_code(report)
    if code:
        raise typer.Exit(code)


def _summary(report: IngestReport) -> str:
    said = (
        f"{_counted(report.files, 'file')}, {_counted(report.station_days, 'station-day')}"
        f"{_whose(report)}, {_counted(report.versions, 'new version')}"
    )
    counts = {
        "refused": len(report.errors) + len(report.not_published),
        "set aside, cells or rows": len(report.set_aside),
        "read as a value": report.read_as,
    }
    return "; ".join([said, *(f"{n} {what}" for what, n in counts.items() if n)])


def _counted(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _whose(report: IngestReport) -> str:
    """The station that a file turned out to be of, since its name has only the Bureau's number."""
    if not report.stations:
        return ""
    names = report.stations
    whose = " and ".join(names) if len(names) <= NAMED_STATIONS else f"{len(names)} stations"
    return f" of {whose} from {report.first_date} to {report.last_date}"


def _exit_code(report: IngestReport) -> int:
    """0 where all files, or all stations that were asked for, came in; `PARTLY` where some did."""
    if not (report.failed if report.asked else report.errors):
        return 0
    if report.files:
        return PARTLY
    return SourceUnavailable.exit_code if report.asked else BadInput.exit_code


def simulate(
    out: Annotated[Path, typer.Option(help="Folder to write to.")],
    start: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])] = datetime(
        2007, 11, 1, tzinfo=UTC
    ),
    end: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])] = datetime(
        2017, 6, 25, tzinfo=UTC
    ),
    seed: Annotated[int, typer.Option(help="The same seed gives the same weather.")] = 1,
    bureau_files: Annotated[
        bool, typer.Option("--bureau-files", help="Write the Bureau's file form too.")
    ] = False,
) -> None:
    """Write simulated weather of every station: the historical form, and the Bureau's if asked for,
    of those that have a product.
    """
    from raincast.observations.network import in_force
    from raincast.simulator import simulate as simulated
    from raincast.simulator.files import write_bureau_files, write_history

    console.require_order(start, end)
    console.established()
    frame = simulated(start.date(), end.date(), seed, network=in_force())
    write_history(out / "weatherAUS.csv", frame)
    typer.echo(f"{len(frame)} simulated station-days in {out / 'weatherAUS.csv'}")
    if bureau_files:
        prepared = datetime.combine(end.date(), datetime.max.time(), UTC)
        typer.echo(f"{write_bureau_files(out / 'dwo', frame, prepared)} files in {out / 'dwo'}")


COMMANDS = (fetch_history, prepare, ingest, simulate)
