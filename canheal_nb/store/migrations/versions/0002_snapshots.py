"""Snapshots of groups that were told, what the next one is compared with, and withdrawn keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make three tables; nothing that is there changes."""
    op.create_table(
        "snapshots",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("as_group", sa.String(20), nullable=False),
        sa.Column("on_day", sa.Date, nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("told", sa.Text, nullable=False),
    )
    op.create_table(
        "snapshot_prints",
        sa.Column("item", sa.String(12), primary_key=True),
        sa.Column("as_group", sa.String(20), primary_key=True),
        sa.Column("print", sa.String(64), nullable=False),
    )
    op.create_table("withdrawn", sa.Column("key_hash", sa.String(64), primary_key=True))


def downgrade() -> None:
    """Take the tables away, with all that is in them."""
    for name in ("withdrawn", "snapshot_prints", "snapshots"):
        op.drop_table(name)
