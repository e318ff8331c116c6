"""The API for a server that imports it: `uvicorn api.main:app --port 8000`."""

from datetime import UTC, datetime

from raincast.serving.app import create_app
from raincast.settings import from_environment

app = create_app(from_environment(), lambda: datetime.now(UTC))
