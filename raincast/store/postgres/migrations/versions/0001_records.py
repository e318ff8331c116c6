"""Archive, journals and ledgers."""

from alembic import op

revision = "0001"
down_revision = None

TEXT = 'TEXT COLLATE "C"'  # as SQLite and Python sort
DIRECTIONS = {"WindGustDir", "WindDir9am", "WindDir3pm"}
OBSERVATIONS = (
    "MinTemp",
    "MaxTemp",
    "Rainfall",
    "Evaporation",
    "Sunshine",
    "WindGustDir",
    "WindGustSpeed",
    "WindDir9am",
    "WindDir3pm",
    "WindSpeed9am",
    "WindSpeed3pm",
    "Humidity9am",
    "Humidity3pm",
    "Pressure9am",
    "Pressure3pm",
    "Cloud9am",
    "Cloud3pm",
    "Temp9am",
    "Temp3pm",
)
FORECAST = (
    "logged_at_utc",
    "feature_date",
    "target_date",
    "location",
    "use_latest",
    "station_name",
    "rain_probability",
    "predicted_rain",
    "issued_at_utc",
    "regime",
    "threshold",
    "model_version",
    "missing",
    "exceedance",
    "forecast_id",
    "basis",
)
SCORED = (*FORECAST, "observed_rainfall_mm", "truth_available", "y_true")
VALUES = ", ".join(
    f'"{name}" {"TEXT" if name in DIRECTIONS else "DOUBLE PRECISION"}' for name in OBSERVATIONS
)


def upgrade() -> None:
    for statement in (*_archive(), *_journals(), *_views()):
        op.execute(statement)


def _archive() -> tuple[str, ...]:
    grows = ("contents", "sightings", "supplements", "appends", "files", "withdrawals")
    return (
        f"CREATE TABLE contents (location {TEXT}, day {TEXT}, digest BYTEA, {VALUES},"
        " PRIMARY KEY (location, day, digest))",
        "CREATE INDEX contents_day ON contents (day)",
        f"CREATE TABLE sightings (location {TEXT}, day {TEXT}, known_at BIGINT, digest BYTEA,"
        f" source {TEXT}, PRIMARY KEY (location, day, known_at, digest, source))",
        f"CREATE TABLE supplements (location {TEXT}, day {TEXT}, known_at BIGINT, digest BYTEA,"
        f" source {TEXT}, channel {TEXT}, covers BIGINT,"
        " PRIMARY KEY (location, day, known_at, digest, source, channel, covers))",
        "CREATE TABLE appends (revision BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
        " sightings BIGINT)",
        f"CREATE TABLE files (name {TEXT}, sha256 {TEXT}, seen_at BIGINT, station {TEXT},"
        f" month {TEXT}, state {TEXT}, reason {TEXT}, remarks {TEXT}, content BYTEA,"
        " PRIMARY KEY (name, sha256, state))",
        "CREATE TABLE withdrawals (number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
        f" at BIGINT, location {TEXT}, day {TEXT}, digest BYTEA, reason {TEXT},"
        " withdrawn INTEGER)",
        "CREATE INDEX withdrawn_rows ON withdrawals (location, day, digest)",
        "CREATE FUNCTION archive_only_grows() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the archive only grows'; END $$",
        *(
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " EXECUTE FUNCTION archive_only_grows()"
            for table in grows
        ),
    )


def _journals() -> tuple[str, ...]:
    return (
        "CREATE TABLE journal_headers (book TEXT PRIMARY KEY, header TEXT NOT NULL)",
        "CREATE TABLE journal_lines (book TEXT NOT NULL,"
        " number BIGINT GENERATED ALWAYS AS IDENTITY,"
        " written_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(), line TEXT NOT NULL,"
        " PRIMARY KEY (book, number))",
        "CREATE TABLE ledger_entries (ledger TEXT NOT NULL,"
        " number BIGINT GENERATED ALWAYS AS IDENTITY, entry TEXT NOT NULL,"
        " PRIMARY KEY (ledger, number))",
    )


def _views() -> tuple[str, ...]:
    books = {
        "forecasts": ("journal", FORECAST),
        "shadow_forecasts": ("shadow", FORECAST),
        "scored_forecasts": ("scored", SCORED),
    }
    return tuple(
        f"CREATE VIEW {name} AS SELECT number, "  # noqa: S608
        + ", ".join(f"split_part(line, ',', {n}) AS {c}" for n, c in enumerate(columns, start=1))
        + f" FROM journal_lines WHERE book = '{book}'"
        for name, (book, columns) in books.items()
    )
