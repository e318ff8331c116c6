"""What is run for every visit, apart: Streamlit takes a folder `pages` beside it for pages of its
own, and ran one without its frame when a new server was first asked for it.
"""
