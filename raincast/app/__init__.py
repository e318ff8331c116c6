"""The app in the browser: it shows what the loop wrote, asks the API like any client, and decides
nothing.
"""
