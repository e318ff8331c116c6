"""The page in the docs that shows what the replays found."""
