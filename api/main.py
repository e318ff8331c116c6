"""The API for a server that imports it: `uvicorn api.main:app --port 8000`."""

from datetime import UTC, datetime

from raincast.console import established
from raincast.serving.app import create_app

app = create_app(established(), lambda: datetime.now(UTC))
