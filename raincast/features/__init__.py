"""From observations to features, as of an instant."""
