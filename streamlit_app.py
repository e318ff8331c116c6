"""The app in the browser: `streamlit run streamlit_app.py`, or `make app`.

What the pages need takes seconds to load: it is loaded here, before anybody visits.
"""

import streamlit as st
from starlette.middleware import Middleware

from raincast.app import addresses, early, main
from raincast.app.compressed import Compressed

main.load()
app = st.App(
    main.SCRIPT,
    on_script_error=main.failed,
    routes=[addresses.of_first(main.FIRST)],
    middleware=[
        Middleware(Compressed),
        Middleware(early.Early, pages=main.scripts(), frame=main.frame()),
    ],
)
