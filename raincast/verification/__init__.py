"""How good forecasts were: scores, evaluations, comparisons, the live report."""
