"""Replays of simulated climates, with and without a change."""
