"""Alembic's entry: runs the migrations on the connection that `Database.upgrade` hands in."""

from alembic import context

context.configure(**context.config.attributes)
context.run_migrations()
