"""Any span of days through the loop as if live: the loop's own steps, with the clock and the source
handed in.
"""
