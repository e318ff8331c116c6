"""The defence: a title, the loop, the eight steps, and what was learned; see `slide`."""

from datetime import datetime

from raincast.app.defence import steps, stories
from raincast.app.defence.pages import NARROW, SIZE, pdf, svg
from raincast.app.defence.slide import Slide, slide
from raincast.app.words import Words
from raincast.settings import Settings

__all__ = ["NARROW", "SIZE", "STEPS", "Slide", "pdf", "slides", "svg"]

STEPS = {
    "need": steps.need,
    "baseline": steps.baseline,
    "api": steps.api,
    "live": steps.live,
    "rule": steps.rule,
    "search": steps.search,
    "watermark": steps.watermark,
    "trace": steps.trace,
}
_BEFORE = {"opening": stories.opening, "loop": stories.loop}
_AFTER = {
    "dags": stories.dags,
    "offline": stories.offline,
    "retraining": stories.retraining,
    "refused": stories.refused,
    "outdoors": stories.outdoors,
    "limits": stories.limits,
}


def slides(settings: Settings, t: Words, now: datetime) -> list[Slide]:
    """The slides in their order, with the figures as the files have them now."""
    return [
        *(slide(name, t, make(t)) for name, make in _BEFORE.items()),
        *(slide(name, t, make(settings, t, now)) for name, make in STEPS.items()),
        *(slide(name, t, make(t)) for name, make in _AFTER.items()),
    ]
