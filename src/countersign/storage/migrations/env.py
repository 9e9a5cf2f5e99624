"""Runs the steps on the connection that `countersign.storage.migrate` hands over."""

from alembic import context

from countersign.storage.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
