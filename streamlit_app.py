"""The app in the browser: `streamlit run streamlit_app.py`, or `make app`.

What the pages need takes seconds to load: it is loaded here, before anybody visits.
"""

import streamlit as st

from raincast.app import main

main.load()
app = st.App(main.SCRIPT, on_script_error=main.failed)
