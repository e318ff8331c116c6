"""Starts the API in this process."""

from datetime import UTC, datetime

import uvicorn

from raincast.settings import Settings


def run(settings: Settings, host: str, port: int) -> None:
    """Serves until it is stopped; one process, so that one desk writes for all who wait."""
    from raincast.serving.app import create_app  # the web framework is loaded by this command only

    app = create_app(settings, lambda: datetime.now(UTC))
    uvicorn.run(app, host=host, port=port, loop="uvloop", http="httptools", access_log=False)
