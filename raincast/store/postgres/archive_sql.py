"""What is asked of the archive's tables in PostgreSQL; `store.archive_sql` has the same names.

The tables are SQLite's, so that both engines hold the same rows and give the same answers.
"""

from raincast.store import archive_sql

REVISION, FILES, REMARKS = archive_sql.REVISION, archive_sql.FILES, archive_sql.REMARKS
ANY_WITHDRAWN, ANY_SUPPLEMENT = archive_sql.ANY_WITHDRAWN, archive_sql.ANY_SUPPLEMENT
COUNT_SUPPLEMENTS = """
SELECT count(*) FROM (
    SELECT DISTINCT location, day, digest, channel, covers FROM supplements
) told
"""
COUNT_VERSIONS = """
SELECT count(*) FROM (
    SELECT digest IS DISTINCT FROM lag(digest) OVER (
        PARTITION BY location, day ORDER BY known_at, digest, source
    ) AS differs
    FROM sightings WHERE (location, day) IN (SELECT DISTINCT location, day FROM batch)
) told WHERE differs
"""
VERSIONS = f"""
SELECT known_at, source, contents.* FROM (
    SELECT *, digest IS DISTINCT FROM lag(digest) OVER (ORDER BY known_at, digest, source)
        AS differs
    FROM ({archive_sql.OF_DAY}) seen
) told JOIN contents USING (location, day, digest) WHERE differs
ORDER BY known_at, digest, source
"""  # noqa: S608
_STANDS = """coalesce((SELECT w.withdrawn = 0 FROM withdrawals w WHERE w.location = s.location
    AND w.day = s.day AND w.digest = s.digest ORDER BY w.number DESC LIMIT 1), TRUE)"""
_ASKED = """s.location IN (SELECT jsonb_array_elements_text(CAST(:locations AS jsonb)))
  AND s.day BETWEEN :first AND :last AND s.known_at <= :at"""


def newest_digests(withdrawn: bool) -> str:
    """The digest of each station-day's newest content. Whether anything was ever withdrawn is told,
    because the longer question takes longer.
    """
    return f"""
SELECT DISTINCT ON (s.location, s.day) s.location, s.day, s.digest FROM sightings s
WHERE {_ASKED} {f"AND {_STANDS}" if withdrawn else ""}
ORDER BY s.location, s.day, s.known_at DESC, s.digest DESC, s.source DESC
"""  # noqa: S608


def newest(withdrawn: bool) -> str:
    """The same with the content."""
    return f"""
SELECT contents.* FROM ({newest_digests(withdrawn)}) newest
JOIN contents USING (location, day, digest) ORDER BY contents.location, contents.day
"""  # noqa: S608


NEWEST_DAY = "SELECT max(day) FROM contents"
SPAN, NEWEST_SUPPLEMENTS = archive_sql.SPAN, archive_sql.NEWEST_SUPPLEMENTS
NEWEST_ROW = "SELECT max(day) FROM contents WHERE location = :location AND day <= :until"
CONTENTS_OF_DAY = f"""
SELECT s.digest, s.known_at, s.source, NOT {_STANDS} AS withdrawn FROM ({archive_sql.OF_DAY}) s
ORDER BY s.known_at, s.digest, s.source
"""  # noqa: S608
WITHDRAWALS = """
SELECT at, location, day, encode(digest, 'hex'), reason, withdrawn FROM withdrawals
ORDER BY number
"""
SUPPLEMENTS = f"""
SELECT seen.newest, seen.channel, seen.covers, contents.* FROM (
    SELECT max(s.known_at) AS newest, s.location, s.day, s.digest, s.channel, s.covers
    FROM supplements s WHERE {_ASKED} AND {_STANDS}
    GROUP BY s.location, s.day, s.channel, s.covers, s.digest
) seen JOIN contents USING (location, day, digest)
ORDER BY seen.newest, contents.digest
"""  # noqa: S608
