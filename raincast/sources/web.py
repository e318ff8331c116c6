"""Reading from a web server politely: who asks, how long, how much, and when to try again."""

import time
import urllib.request
from email.utils import parsedate_to_datetime
from urllib.parse import unquote, urlsplit, urlunsplit

import httpx
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    wait_random_exponential,
)

from raincast import __version__
from raincast.errors import NotPublished, SourceUnavailable
from raincast.settings import Settings
from raincast.sources import deadline

LONGEST_WAIT_SECONDS = 60.0
ELSEWHERE = "where no file is, BUREAU_URL leads elsewhere"
REMEDY = "set BUREAU_URL to the address of a registered access or of a copy of the files"


class _NotNowError(Exception):
    """The server may answer later; after a number of seconds, if it says."""

    def __init__(self, why: str, seconds: float | None = None) -> None:
        super().__init__(why)
        self.seconds = seconds


def unavailable(
    url: str, found: object, remedy: str = REMEDY, later: bool = True
) -> SourceUnavailable:
    """The error for a source that did not give what it should: where, what instead, what to do.

    Args:
        later: whether a later try may succeed.
    """
    hope = "try again later, or " if later else ""
    return SourceUnavailable(f"{url}: found {found}, expected the file; {hope}{remedy}")


def proxy(url: str) -> str | None:
    """The proxy by which the surroundings (HTTP_PROXY, HTTPS_PROXY, NO_PROXY) want it asked for."""
    try:
        address = urlsplit(url)
    except ValueError:  # it is said so where it is asked for
        return None
    if urllib.request.proxy_bypass(address.hostname or ""):
        return None
    found = urllib.request.getproxies()
    return found.get(address.scheme) or found.get("all")


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds that the server asks to wait, told as such or as a date (against its own clock)."""
    asked = response.headers.get("Retry-After", "")
    try:
        if asked.isdigit():
            return float(asked)
        return (
            parsedate_to_datetime(asked) - parsedate_to_datetime(response.headers["Date"])
        ).total_seconds()
    except (ValueError, KeyError, TypeError):
        return None


def _check_status(response: httpx.Response) -> None:
    url, code = str(response.url), response.status_code
    if code == httpx.codes.OK:
        return
    if code in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
        raise NotPublished(
            f"{url}: found status {code}, expected the file; it is not there yet, or no longer;"
            f" {ELSEWHERE}"
        )
    if code != httpx.codes.TOO_MANY_REQUESTS and code < httpx.codes.INTERNAL_SERVER_ERROR:
        raise unavailable(url, f"status {code} {response.reason_phrase}", later=False)
    seconds = _retry_after(response)
    if seconds is not None and seconds > LONGEST_WAIT_SECONDS:
        raise unavailable(url, f"{code} with Retry-After {seconds:.0f} s")
    raise _NotNowError(f"status {code} {response.reason_phrase}", seconds)


def _wait(settings: Settings, state: RetryCallState) -> float:
    """What the server asks for, else a random time up to 1, 2, 4, … times the interval between
    polite requests.
    """
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, _NotNowError) and error.seconds is not None:
        return max(0.0, error.seconds)
    return wait_random_exponential(
        multiplier=1 / settings.fetch_per_second, max=LONGEST_WAIT_SECONDS
    )(state)


def _download(client: httpx.Client, url: str, most_bytes: int, seconds: float) -> bytes:
    """One try: the body of a good answer that is neither too large nor too slow."""
    end = time.monotonic() + seconds
    # Ask whether it has changed even where it may count as fresh: the newest row is what the loop
    # waits for.
    asked = client.stream(
        "GET", url, headers={"Cache-Control": "no-cache"}, extensions={"caching": {"key": url}}
    )
    body = bytearray()
    try:
        with deadline.within(seconds), asked as got:
            _check_status(got)
            for chunk in got.iter_bytes():
                body += chunk
                if len(body) > most_bytes:
                    raise unavailable(url, f"more than {most_bytes} bytes", later=False)
    except httpx.TimeoutException as error:
        if time.monotonic() < end:
            raise
        raise _NotNowError(f"only {len(body)} bytes after {seconds:g} s") from error
    return bytes(body)


def _may_pass(error: BaseException) -> bool:
    """Whether the same request may succeed a little later."""
    if isinstance(error, httpx.UnsupportedProtocol):
        return False
    return isinstance(error, httpx.TransportError | _NotNowError)


def get(
    client: httpx.Client, url: str, settings: Settings, most_bytes: int, seconds: float
) -> bytes:
    """The body of a file, tried up to `fetch_tries` times where a later try may succeed.

    Args:
        most_bytes: a larger body is refused.
        seconds: how long one try may take.

    Raises:
        NotPublished: status 404 or 410.
        SourceUnavailable: everything else.
    """
    retrying = Retrying(
        retry=retry_if_exception(_may_pass),
        wait=lambda state: _wait(settings, state),
        stop=stop_after_attempt(settings.fetch_tries),
        reraise=True,
    )
    try:
        return retrying(_download, client, url, most_bytes, seconds)
    except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
        found = f"an address that cannot be asked ({error})"
        raise unavailable(url, found, f"{REMEDY}, over http, https or ftp", later=False) from error
    except httpx.HTTPError as error:
        raise unavailable(url, f"{type(error).__name__} ({error})") from error
    except _NotNowError as error:
        raise unavailable(url, error) from error


def without_login(url: str) -> tuple[str, httpx.Auth | None]:
    """An address without the login in it, which no message shall ever show, and the login apart."""
    try:
        parts = urlsplit(url)
    except ValueError:  # no address at all, as the first request will say
        return url, None
    if parts.username is None and parts.password is None:
        return url, None
    apart = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    return apart, httpx.BasicAuth(*(login(url) or ("", "")))


def login(url: str) -> tuple[str, str] | None:
    """User and password in an address; None where it has none."""
    parts = urlsplit(url)
    if parts.username is None and parts.password is None:
        return None
    return unquote(parts.username or ""), unquote(parts.password or "")


def open_client(
    settings: Settings,
    transport: httpx.BaseTransport | None = None,
    auth: httpx.Auth | None = None,
) -> httpx.Client:
    """A client that says who it is, to be used in a `with` block."""
    client = httpx.Client(
        transport=transport,
        auth=auth,
        headers={"User-Agent": f"raincast/{__version__} (+{settings.bureau_contact})"},
        timeout=settings.fetch_timeout_seconds,
        follow_redirects=True,
    )
    for used in (client._transport, *client._mounts.values()):
        if isinstance(used, httpx.HTTPTransport):
            deadline.limited(used)
    return client
