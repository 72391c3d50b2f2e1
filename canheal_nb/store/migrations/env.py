"""Alembic runs this: the migrations use the connection and transaction that they are given."""

from __future__ import annotations

from alembic import context

from canheal_nb.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transaction_per_migration=False,
)
context.run_migrations()
