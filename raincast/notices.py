"""Messages to people, sent by Apprise: mail, web hooks, chats. Addresses hold passwords and are
never shown.
"""

import logging
import socket
from collections.abc import Sequence

from raincast.errors import MissingSetting
from raincast.settings import alert_urls

_APPRISE = "apprise"
_REMEDY = "`pip install 'raincast[alerts]'` brings it"


class Address:
    """One receiver, named by its number and kind."""

    def __init__(self, number: int, url: str) -> None:
        self.name = f"ALERT_URLS no. {number} ({url.partition('://')[0][:20]})"
        self._url = url

    def send(self, title: str, body: str) -> str | None:
        """Sends a message; why it was not taken, if it was not.

        Raises:
            ModuleNotFoundError: Apprise is not installed.
        """
        import apprise

        # It logs whole addresses, passwords included.
        logging.getLogger(_APPRISE).disabled = True
        receiver = apprise.Apprise.instantiate(self._url, suppress_exceptions=True)
        if receiver is None:
            return f"{self.name} is no address that Apprise knows"
        try:
            taken = receiver.notify(title=title, body=body, body_format="text")
        except Exception as error:  # a plugin's fault must cost no forecast
            return f"{self.name}: {type(error).__name__}"
        return None if taken else f"{self.name} did not take the message"


def addresses() -> list[Address]:
    """Every receiver that ALERT_URLS names."""
    return [Address(number, url) for number, url in enumerate(alert_urls(), start=1)]


def send(to: Sequence[Address], title: str, body: str) -> list[str]:
    """Sends a message to every receiver, with the machine that it comes from.

    Returns:
        Why it was not taken, a line for each receiver that did not.

    Raises:
        MissingSetting: Apprise is not installed.
    """
    try:
        lines = [
            one.send(f"raincast: {title}", f"{body}\nFrom: {socket.gethostname()}") for one in to
        ]
    except ModuleNotFoundError as error:
        raise MissingSetting(
            f"ALERT_URLS is set, but {error.name} is not there: {_REMEDY}"
        ) from error
    return [line for line in lines if line]
