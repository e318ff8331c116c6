"""What was seen, where, when it could be known: shapes, stations, the event, the panel."""
