"""The API for a server that imports it: `uvicorn api.main:app --port 8000`."""

from datetime import UTC, datetime

from raincast import logs
from raincast.console import established
from raincast.serving.app import create_app

_settings = established()
logs.start(_settings.log_format, service=True)
app = create_app(_settings, lambda: datetime.now(UTC))
