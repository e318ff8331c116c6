"""The archive's tables, and what is asked of them, in SQL."""

from raincast.observations.schema import DIRECTIONS, OBSERVATIONS

KINDS = {name: "O" if name in DIRECTIONS else "f8" for name in OBSERVATIONS}
_VALUES = ", ".join(f"{name} {'TEXT' if kind == 'O' else 'REAL'}" for name, kind in KINDS.items())
_SUPPLEMENTS = """
CREATE {} IF NOT EXISTS supplements (
    location TEXT, day TEXT, known_at INTEGER, digest BLOB, source TEXT, channel TEXT,
    covers INTEGER, PRIMARY KEY (location, day, known_at, digest, source, channel, covers)
) WITHOUT ROWID;
"""
"""What sources beside the daily files say, in part: of a day, or of single readings."""
NO_SUPPLEMENTS = _SUPPLEMENTS.format("TEMP TABLE")
"""In place of the table, in an archive of before that may only be read."""
HAS_TABLE = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'supplements')"
TABLES = f"""
CREATE TABLE IF NOT EXISTS contents (
    location TEXT, day TEXT, digest BLOB, {_VALUES}, PRIMARY KEY (location, day, digest)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sightings (
    location TEXT, day TEXT, known_at INTEGER, digest BLOB, source TEXT,
    PRIMARY KEY (location, day, known_at, digest, source)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS appends (revision INTEGER PRIMARY KEY, sightings INTEGER);
CREATE TABLE IF NOT EXISTS files (
    name TEXT, sha256 TEXT, seen_at INTEGER, station TEXT, month TEXT, state TEXT, reason TEXT,
    remarks TEXT, content BLOB, PRIMARY KEY (name, sha256, state)
);
CREATE TABLE IF NOT EXISTS withdrawals (
    number INTEGER PRIMARY KEY, at INTEGER, location TEXT, day TEXT, digest BLOB, reason TEXT,
    withdrawn INTEGER
);
CREATE INDEX IF NOT EXISTS withdrawn_rows ON withdrawals (location, day, digest);
{_SUPPLEMENTS.format("TABLE")}
""" + "".join(
    f"CREATE TRIGGER IF NOT EXISTS {table}_no_{act} BEFORE {act} ON {table} BEGIN "
    "SELECT raise(ABORT, 'the archive only grows'); END;\n"
    for table in ("contents", "sightings", "supplements", "appends", "files", "withdrawals")
    for act in ("update", "delete")
)

_PLACES = ", ".join("?" * (len(("location", "day", "digest")) + len(KINDS)))
ADD_CONTENTS = f"INSERT OR IGNORE INTO contents VALUES ({_PLACES})"  # noqa: S608
COUNT_VERSIONS = """
SELECT count(*) FROM (
    SELECT digest IS NOT lag(digest) OVER (
        PARTITION BY location, day ORDER BY known_at, digest, source
    ) AS differs
    FROM sightings WHERE (location, day) IN (SELECT location, day FROM batch)
) WHERE differs
"""
OF_DAY = """
    SELECT location, day, known_at, digest, source FROM sightings
    WHERE location = :location AND day = :day
    UNION SELECT location, day, known_at, digest, source FROM supplements
    WHERE location = :location AND day = :day
"""
VERSIONS = f"""
SELECT known_at, source, contents.* FROM (
    SELECT *, digest IS NOT lag(digest) OVER (ORDER BY known_at, digest, source) AS differs
    FROM ({OF_DAY})
) JOIN contents USING (location, day, digest) WHERE differs ORDER BY known_at, digest, source
"""  # noqa: S608
_STANDS = """coalesce((SELECT NOT w.withdrawn FROM withdrawals w WHERE w.location = {0}.location
    AND w.day = {0}.day AND w.digest = {0}.digest ORDER BY w.number DESC LIMIT 1), 1)"""
"""Whether a sighting's content has not been taken back out; the last word on it counts."""
_IS_NEWEST = """
s.location IN (SELECT value FROM json_each(:locations)) AND s.day BETWEEN :first AND :last
  AND s.known_at <= :at {stands} AND NOT EXISTS (
    SELECT 1 FROM sightings later
    WHERE later.location = s.location AND later.day = s.day AND later.known_at <= :at
    AND (later.known_at, later.digest, later.source) > (s.known_at, s.digest, s.source)
    {later_stands})
"""
ANY_WITHDRAWN = "SELECT EXISTS (SELECT 1 FROM withdrawals)"


def _is_newest(withdrawn: bool) -> str:
    """The condition that a sighting is the newest that stands; shorter where nothing was ever
    withdrawn, because the longer one takes half as long again.
    """
    stands, later = (f"AND {_STANDS.format(name)}" for name in ("s", "later"))
    return (
        _IS_NEWEST.format(stands=stands, later_stands=later)
        if withdrawn
        else _IS_NEWEST.format(stands="", later_stands="")
    )


def newest(withdrawn: bool) -> str:
    """Each station-day's newest content. Whether anything was ever withdrawn is told."""
    return f"""
SELECT contents.* FROM sightings s JOIN contents USING (location, day, digest)
WHERE {_is_newest(withdrawn)} ORDER BY s.location, s.day
"""  # noqa: S608


def newest_digests(withdrawn: bool) -> str:
    """The same without the content."""
    return f"SELECT s.location, s.day, s.digest FROM sightings s WHERE {_is_newest(withdrawn)}"  # noqa: S608


EVERYTHING = {
    table: f"SELECT * FROM {table}"  # noqa: S608
    for table in ("contents", "sightings", "supplements", "files")
} | {
    "withdrawals": "SELECT at, location, day, digest, reason, withdrawn FROM withdrawals"
    " ORDER BY number"
}
REVISION = "SELECT coalesce(max(revision), 0) FROM appends"
SPAN = "SELECT min(day), max(day) FROM contents"
NEWEST_ROW = "SELECT max(day) FROM contents WHERE location = :location AND date(day) <= :until"
NEWEST_DAY = """
WITH RECURSIVE places (location) AS (
    SELECT min(location) FROM contents
    UNION ALL
    SELECT (SELECT min(location) FROM contents WHERE location > places.location) FROM places
    WHERE location IS NOT NULL
)
SELECT max(newest) FROM (
    SELECT (SELECT max(day) FROM contents WHERE contents.location = places.location) AS newest
    FROM places
)
"""
"""Steps from station to station by the key: reading all days would take a thousand times longer."""
ADD_FILE = "INSERT OR IGNORE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
FILES = """
SELECT name, sha256, seen_at, station, month, state, reason, remarks FROM files
ORDER BY seen_at, name
"""
REMARKS = """
SELECT remarks FROM files WHERE station = :station AND month = :month AND state = 'taken'
ORDER BY seen_at DESC, name
"""
CONTENTS_OF_DAY = f"""
SELECT s.digest, s.known_at, s.source, NOT {_STANDS.format("s")} AS withdrawn FROM ({OF_DAY}) s
ORDER BY s.known_at, s.digest, s.source
"""  # noqa: S608
WITHDRAW = (
    "INSERT INTO withdrawals (at, location, day, digest, reason, withdrawn) VALUES "
    "(?, ?, ?, ?, ?, ?)"
)
WITHDRAWALS = """
SELECT at, location, day, hex(digest), reason, withdrawn FROM withdrawals ORDER BY number
"""
ADD_SUPPLEMENT = "INSERT OR IGNORE INTO supplements VALUES (?, ?, ?, ?, ?, ?, ?)"
COUNT_SUPPLEMENTS = """
SELECT count(*) FROM (SELECT DISTINCT location, day, digest, channel, covers FROM supplements)
"""
NEWEST_SUPPLEMENTS = """
SELECT location, day, channel, covers, digest FROM supplements
WHERE day BETWEEN :first AND :last AND known_at <= :at ORDER BY known_at, digest
"""
ANY_SUPPLEMENT = "SELECT EXISTS (SELECT 1 FROM supplements)"
SUPPLEMENTS = f"""
SELECT max(s.known_at) AS newest, s.channel, s.covers, contents.*
FROM supplements s JOIN contents USING (location, day, digest)
WHERE s.location IN (SELECT value FROM json_each(:locations)) AND s.day BETWEEN :first AND :last
  AND s.known_at <= :at AND {_STANDS.format("s")}
GROUP BY s.location, s.day, s.channel, s.covers, s.digest
ORDER BY newest, s.digest
"""  # noqa: S608
"""Every content, by when it was last seen."""
