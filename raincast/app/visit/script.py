"""What is run for every visit and every click."""

from raincast.app.main import run

run()
