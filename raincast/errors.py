"""The errors that raincast raises on purpose.

    RaincastError
    ├─ BadInput                 what came from outside is not as expected          exit 2, HTTP 422
    │  ├─ BadFile               … in a file: names file, line, field
    │  │  └─ NothingHere        … a sound file, in which nothing is that is looked for
    │  ├─ UnknownStation        … a name that no station has
    │  └─ InSample              … days that the model has seen, to score it on
    ├─ MissingSetting           a setting that the work needs is not there         exit 2, HTTP 503
    ├─ NoModel                  no model, or one whose hash does not match         exit 3, HTTP 503
    ├─ SourceUnavailable        the Bureau cannot be reached                       exit 4, HTTP 503
    │  ├─ NotPublished          the Bureau answers, but has no such file           exit 4, HTTP 503
    │  └─ BadAnswer             … or has something else under its name             exit 4, HTTP 503
    ├─ ServerUnavailable        tracking server, API or database cannot be reached exit 4, HTTP 503
    ├─ NotEnoughData            too few rows to do what was asked                  exit 5
    ├─ JournalFailed            a forecast could not be written down               exit 6, HTTP 503
    └─ Busy                     another process holds what is needed               exit 7, HTTP 503

A step for many stations or files that some of them could not be had ends with `PARTLY`.

A message says what was expected, what was found, where, and what to do.
"""

PARTLY = 7
"""The exit code of a command that was done for some and not for others; its report says whom."""


class RaincastError(Exception):
    """Base of every error raised on purpose; `exit_code` is the command line's."""

    exit_code = 1


class BadInput(RaincastError, ValueError):
    """Something from outside is not as expected."""

    exit_code = 2


class BadFile(BadInput):
    """A file holds something unexpected: says which file, line and field, what was found and what
    was expected.
    """

    def __init__(
        self,
        file: str,
        found: object,
        expected: str,
        *,
        line: int | None = None,
        field: str | None = None,
    ):
        self.file, self.line, self.field, self.found, self.expected = (
            file,
            line,
            field,
            found,
            expected,
        )
        where = (
            file
            + (f", line {line}" if line is not None else "")
            + (f", field '{field}'" if field else "")
        )
        super().__init__(f"{where}: found {found!r}, expected {expected}")


class NothingHere(BadFile):
    """A sound file in which nothing is that is looked for."""


class UnknownStation(BadInput):
    """A station name that is neither the data set's nor the Bureau's."""


class InSample(BadInput):
    """A model is asked to be scored on, or to forecast, days that it has seen."""


class MissingSetting(RaincastError):
    """A setting or secret that is needed now is not in the environment."""

    exit_code = 2


class NoModel(RaincastError):
    """There is no active model, or its file does not match its recorded hash."""

    exit_code = 3


class SourceUnavailable(RaincastError):
    """The Bureau's server cannot be reached or does not answer properly."""

    exit_code = 4


class NotPublished(SourceUnavailable):
    """The Bureau's server answers that it has no such file."""


class BadAnswer(SourceUnavailable):
    """The Bureau's server answers with something that cannot be read as the file asked for."""


class ServerUnavailable(RaincastError):
    """A server that this program talks to cannot be reached, or refuses."""

    exit_code = 4


class NotEnoughData(RaincastError):
    """Too few rows for the work that was asked for."""

    exit_code = 5


class JournalFailed(RaincastError):
    """A forecast could not be written to the journal, so it must not be answered."""

    exit_code = 6


class Busy(RaincastError):
    """Another process has held what is needed for longer than it is waited for; says which."""

    exit_code = 7
