"""How a command ends: told to, in error, in one line."""

import signal
from collections.abc import Iterator

import pytest

from raincast import console
from raincast.errors import BadInput
from raincast.store import files


@pytest.fixture(autouse=True)
def heeded() -> Iterator[None]:
    """No signal is ignored, though what runs the tests may have been started so."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    for number in before:
        signal.signal(number, signal.default_int_handler)
    yield
    for number, by in before.items():
        signal.signal(number, by)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_the_work_in_one_line(number, code, capsys):
    before = signal.getsignal(number)
    with pytest.raises(SystemExit) as ended:
        console.guarded(lambda: signal.raise_signal(number))
    assert ended.value.code == code
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"stopped by {number.name}: what is finished is kept")
    assert signal.getsignal(number) == before


def test_what_was_being_written_leaves_nothing_behind(tmp_path):
    def write():
        with files.replacing(tmp_path / "one.csv") as part:
            part.write_text("half")
            signal.raise_signal(signal.SIGTERM)

    with pytest.raises(SystemExit):
        console.guarded(write)
    assert not list(tmp_path.iterdir())


def test_whatever_a_library_makes_of_it_the_code_is_the_signals():
    def hidden():
        try:
            signal.raise_signal(signal.SIGTERM)
        except KeyboardInterrupt:
            raise ValueError from None

    with pytest.raises(SystemExit) as ended:
        console.guarded(hidden)
    assert ended.value.code == 143


def test_a_signal_that_is_ignored_stays_so():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert console.guarded(lambda: signal.raise_signal(signal.SIGINT)) is None
    finally:
        signal.signal(signal.SIGINT, before)


def test_an_error_is_one_line_whatever_it_quotes(capsys):
    def refused():
        raise BadInput("found 'two\nlines' and \x1b[31mred")

    with pytest.raises(SystemExit):
        console.guarded(refused)
    assert capsys.readouterr().err == "raincast: found 'two\\nlines' and \\x1b[31mred\n"


def test_what_is_told_twice_in_a_row_ends_once(capsys):
    """As `timeout` does it."""

    def work():
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            signal.raise_signal(signal.SIGTERM)

    with pytest.raises(SystemExit) as ended:
        console.guarded(work)
    assert ended.value.code == 143
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_other_errors_are_as_they_were():
    def refused():
        raise BadInput("no")

    with pytest.raises(SystemExit) as ended:
        console.guarded(refused)
    assert ended.value.code == BadInput.exit_code
    with pytest.raises(ZeroDivisionError):
        console.guarded(lambda: 1 / 0)
