"""From examples to a model: fits, baselines, searches, explanations."""
