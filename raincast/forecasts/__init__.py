"""What a forecast is: requests, the journal's rows, and how they are read again."""
