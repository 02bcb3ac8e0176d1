"""Alembic's entry: runs the migrations on the connection that backend.database.upgrade gives it."""

from alembic import context

from backend.database import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
    transactional_ddl=True,
)
context.run_migrations()
