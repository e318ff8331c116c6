"""A process that is told to end."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_TOLD = (signal.SIGINT, signal.SIGTERM)
_SAME_SECONDS = 1.0
"""`timeout` sends its signal twice in a row."""


@contextmanager
def heard() -> Iterator[list[signal.Signals]]:
    """Within, SIGINT and SIGTERM end the work as an error would, so that temporary files vanish
    and locks are given back; gives the list that the first of them goes into. A later one ends the
    process as it stands.

    A signal that is ignored, as `nohup` or a shell's `&` asks for, stays so.
    """
    came: list[signal.Signals] = []
    first = 0.0

    def told(number: int, _: FrameType | None) -> None:
        nonlocal first
        if not came:
            first = time.monotonic()
            came.append(signal.Signals(number))
            raise KeyboardInterrupt
        if time.monotonic() - first > _SAME_SECONDS:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)

    before = {number: signal.getsignal(number) for number in _TOLD}
    heeded = {number: by for number, by in before.items() if by not in (signal.SIG_IGN, None)}
    for number in heeded:
        signal.signal(number, told)
    try:
        yield came
    finally:
        for number, by in heeded.items():
            signal.signal(number, by)
