"""A mirror of the Bureau's server: its files as they stood at an instant, from observations of any
origin.
"""
