"""The archive's tables, and what is asked of them, in SQL."""

from raincast.observations.schema import DIRECTIONS, OBSERVATIONS

KINDS = {name: "O" if name in DIRECTIONS else "f8" for name in OBSERVATIONS}
_VALUES = ", ".join(f"{name} {'TEXT' if kind == 'O' else 'REAL'}" for name, kind in KINDS.items())
TABLES = f"""
CREATE TABLE IF NOT EXISTS contents (
    location TEXT, day TEXT, digest BLOB, {_VALUES}, PRIMARY KEY (location, day, digest)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sightings (
    location TEXT, day TEXT, known_at INTEGER, digest BLOB, source TEXT,
    PRIMARY KEY (location, day, known_at, digest, source)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS appends (revision INTEGER PRIMARY KEY, sightings INTEGER);
""" + "".join(
    f"CREATE TRIGGER IF NOT EXISTS {table}_no_{act} BEFORE {act} ON {table} BEGIN "
    "SELECT raise(ABORT, 'the archive only grows'); END;\n"
    for table in ("contents", "sightings", "appends")
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
VERSIONS = """
SELECT known_at, source, contents.* FROM (
    SELECT *, digest IS NOT lag(digest) OVER (ORDER BY known_at, digest, source) AS differs
    FROM sightings WHERE location = :location AND day = :day
) JOIN contents USING (location, day, digest) WHERE differs ORDER BY known_at, digest, source
"""
_IS_NEWEST = """
s.location IN (SELECT value FROM json_each(:locations)) AND s.day BETWEEN :first AND :last
  AND s.known_at <= :at AND NOT EXISTS (
    SELECT 1 FROM sightings later
    WHERE later.location = s.location AND later.day = s.day AND later.known_at <= :at
    AND (later.known_at, later.digest, later.source) > (s.known_at, s.digest, s.source))
"""
NEWEST = f"""
SELECT contents.* FROM sightings s JOIN contents USING (location, day, digest)
WHERE {_IS_NEWEST} ORDER BY s.location, s.day
"""  # noqa: S608
NEWEST_DIGESTS = f"SELECT s.location, s.day, s.digest FROM sightings s WHERE {_IS_NEWEST}"  # noqa: S608
