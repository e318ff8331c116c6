"""Who looks after the loop is told: what is wrong now, what has happened, and when it is over.

Without `ALERT_URLS` nothing is looked at and nothing kept. What fails here never fails the loop: it
is one warning.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta

from raincast import logs, notices
from raincast.decisions import alarms
from raincast.decisions.alarms import Alarms, Examined, News, Trouble
from raincast.decisions.decided import Decision
from raincast.errors import Busy
from raincast.loop import ask, steps, verdicts
from raincast.settings import Settings, alert_urls
from raincast.store import files, space, stores
from raincast.store.locks import locked
from raincast.verification.watch.records import WatchReport

REPORTED_DAYS = 60
"""A station that was silent for longer has closed, or was never there: nobody waits for it."""

_log = logging.getLogger(__name__)

TITLES = {
    "predict": "No forecast could be made",
    "weaker": "Only weaker forecasts could be made",
    "score": "Scoring failed",
    "watch": "The watch failed",
    "change": "Something has changed",
    "decide": "The decision failed",
    "search": "The search failed",
    "shadow": "The shadow failed",
    "retrain": "The retraining failed",
    "silent": "Stations are silent",
    "observations": "No new observations",
    "quality": "The live quality has fallen",
    "disk": "The disk is nearly full",
    "slot": "A slot was missed",
}
REMEDIES = {
    "predict": "is the API up (GET /health/ready), can BUREAU_URL be reached? Then `raincast run`",
    "weaker": "can BUREAU_URL be reached? Then `raincast run`: it adds the better forecasts",
    "score": "run `raincast score` by hand; the message names the file or the line",
    "watch": "run `raincast watch` by hand; the message names what is not there",
    "change": "run `raincast watch`: it says what, where, since when, and what to do about it",
    "decide": "run `raincast decide` by hand; the message names the file",
    "search": "run it again: it goes on where it was (`raincast tune`, or clear run_optuna)",
    "shadow": "run `raincast shadow` by hand; what it missed is made up for",
    "retrain": "run it again: what is decided stays decided (`raincast retrain`)",
    "silent": "look at the station's page at the Bureau; its neighbours stand in for it meanwhile",
    "observations": "is BUREAU_URL right, and does it answer? `raincast ingest --bureau` says why",
    "quality": "look at `raincast decide` and the app; a search starts by itself in case C",
    "disk": "make room where PROJECT_ROOT lies; `raincast doctor` says how much there is",
    "slot": "look at the scheduler (cron, systemd, Airflow) and at the clock of this machine",
}


def tell(
    settings: Settings,
    now: datetime,
    look: Callable[[], Examined] = dict,
    news: Sequence[News] = (),
) -> None:
    """Sends what is due after a look; see `decisions.alarms`. Never fails.

    Args:
        now: aware moment.
        look: examines; called only where somebody wants to be told.
    """
    if not alert_urls():
        return
    try:
        _tell(settings, now, look(), news)
    except Exception as error:  # whatever it is, the loop goes on
        _log.warning("nobody was told: %s", error)


def _tell(settings: Settings, now: datetime, examined: Examined, news: Sequence[News]) -> None:
    with locked(settings.alarms):
        known = Alarms.from_json(files.read_json(settings.alarms) or {}, str(settings.alarms))
        cool_down = timedelta(hours=settings.alert_cool_down_hours)
        due = alarms.after(known, examined, news, now, cool_down)
        files.write_json(settings.alarms, due.to_json())
        to = notices.addresses()
        for message in due.unsent:
            lines = notices.send(to, message.title, message.body)
            for line in lines:
                _log.warning("not told: %s", line)
            if len(lines) == len(to):  # nobody took it: it is tried again with the next one
                return
            due = due.model_copy(update={"unsent": due.unsent[1:]})
            files.write_json(settings.alarms, due.to_json())


@contextmanager
def watched(settings: Settings, now: datetime, key: str) -> Iterator[None]:
    """A step: how it ends is kept, and who wants to know is told that it failed, or works again."""
    try:
        with logs.about(step=key):
            yield
    except Busy:
        raise
    except Exception as error:
        found = str(error) or repr(error)
        steps.ended(settings, now, key, well=False)
        tell(settings, now, lambda: {key: trouble(key, found)})
        raise
    steps.ended(settings, now, key, well=True)
    tell(settings, now, lambda: {key: None})


def trouble(key: str, found: str, since: datetime | None = None) -> Trouble:
    """A trouble of a known kind; all but quality and silence are repeated as long as they last."""
    kind = key.partition(":")[0]
    reminded = kind not in ("quality", "silent")
    return Trouble(TITLES[kind], found, REMEDIES[kind], since, reminded)


def forecasts(own: int, weaker: int, causes: Sequence[str]) -> Examined:
    """Whether a slot has any forecast at all, and whether any of its station's own row."""
    found = "\n".join(causes) or "no station"
    return {
        "predict": None if own or weaker else trouble("predict", found),
        "weaker": trouble("weaker", found) if weaker and not own else None,
    }


def predicted(
    settings: Settings,
    now: datetime,
    own: int,
    weaker: Mapping[str, Sequence[str]],
    causes: Sequence[str],
) -> None:
    """Keeps and tells how a slot's forecasts went.

    Args:
        own: how many rest on their station's own row.
        weaker: the stations of all others, by what they rest on.
        causes: what was in the way.
    """
    steps.ended(settings, now, "predict", well=own > 0)
    tell(settings, now, lambda: forecasts(own, sum(map(len, weaker.values())), causes))


def decided(settings: Settings, now: datetime, verdict: Decision) -> None:
    """Keeps a decision, and tells of the quality and of what stands beside it."""
    new_rows = verdict.new_rows_for_retrain
    verdicts.keep(settings, now, verdict)
    steps.ended(settings, now, "decide", well=True, case=verdict.case, new_rows=new_rows)
    tell(settings, now, lambda: {**standing(settings, now), **quality(verdict)})


def changed(settings: Settings, now: datetime, report: WatchReport) -> None:
    """Tells of an alarm of the watch, and of its end."""
    words = "; ".join(one.sentence for one in report.findings if one.level_days)
    tell(settings, now, lambda: {"change": trouble("change", words) if report.alarm else None})


def quality(verdict: Decision) -> Examined:
    """Whether the verdict's recall is poor; nothing where it is not known."""
    if verdict.case == "unknown":
        return {}
    poor = verdict.case in ("A", "C")
    return {"quality": trouble("quality", verdict.reason) if poor else None}


def standing(settings: Settings, now: datetime) -> Examined:
    """What does not depend on a step: space, observations, silent stations, a slot missed."""
    return {**_disk(settings), **_observations(settings, now), **_slot(settings, now)}


def _disk(settings: Settings) -> Examined:
    free = space.free_bytes(settings.root)
    found = (
        f"{free / 1024**3:.1f} GB are free, expected {space.LEAST_FREE_BYTES / 1024**3:.0f} or more"
    )
    return {"disk": None if free >= space.LEAST_FREE_BYTES else trouble("disk", found)}


def _observations(settings: Settings, now: datetime) -> Examined:
    if not stores.of(settings).has_archive():
        return {}
    recent = (
        stores.of(settings)
        .archive()
        .as_known_at(first=(now - timedelta(days=REPORTED_DAYS)).date())
    )
    if recent.empty:
        return {"observations": trouble("observations", f"none of the last {REPORTED_DAYS} days")}
    newest = {
        str(name): day.date() for name, day in recent.groupby("Location")["Date"].max().items()
    }
    silent = {
        name: day
        for name, day in newest.items()
        if (now.date() - day).days > settings.alert_silent_days
    }
    if len(silent) == len(newest):
        last = max(newest.values())
        begun = datetime.combine(last, time(), UTC) + timedelta(days=1)
        return {"observations": trouble("observations", f"the newest are of {last}", begun)}
    return {"observations": None} | {
        f"silent:{name}": trouble("silent:", f"{name}: nothing since {silent[name]}")
        if name in silent
        else None
        for name in newest
    }


def _slot(settings: Settings, now: datetime) -> Examined:
    wanted = ["logged_at_utc", "use_latest"]
    rows = stores.of(settings).journal().read(lambda some: some[wanted])
    logged = rows["logged_at_utc"][rows["use_latest"]]
    slot = ask.slot(now)
    before = ask.slot(slot - timedelta(seconds=1))
    earlier = logged[logged < slot]
    if earlier.empty:
        return {}
    found = f"no forecast of the slot {before:%Y-%m-%d %H:%M} UTC; the newest before is of "
    missed = earlier.max() < before
    return {"slot": trouble("slot", f"{found}{earlier.max():%Y-%m-%d %H:%M}") if missed else None}


def serves(settings: Settings, now: datetime, version: str, how: str, reason: str) -> None:
    """Tells of a model that a person lets serve."""
    news = News(f"serves: {version} {now}", f"Model {version} was {how}", f"Reason: {reason}")
    tell(settings, now, news=[news])
