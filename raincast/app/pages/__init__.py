"""One page in each file; `show` draws it."""
