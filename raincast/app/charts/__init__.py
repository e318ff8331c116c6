"""The charts of the pages, from what `reading` gives, one file for each thing that is drawn.

Texts come from the words; nothing is fetched to draw them.
"""
