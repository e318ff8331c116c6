"""What came of a replay, in figures."""
