"""The records of a root in PostgreSQL; see `stores`."""
