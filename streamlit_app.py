"""The app in the browser: `streamlit run streamlit_app.py`, or `make app`."""

from raincast.app.main import run

run()
