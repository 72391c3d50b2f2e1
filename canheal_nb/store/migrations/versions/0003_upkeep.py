"""What is soon deleted, the last day that was believed, and deletions still to be made good."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make two tables; the newest hand-in's day is believed, and the file is rewritten once."""
    place = sa.ForeignKey("submissions.item", ondelete="CASCADE")
    op.create_table(
        "expiries",
        sa.Column("item", sa.String(12), place, primary_key=True, nullable=False),
        sa.Column("goes", sa.Date, nullable=False),
    )
    op.create_table(
        "upkeep",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("trusted", sa.Date, nullable=True),
        sa.Column("erasures", sa.Integer, nullable=False),
    )
    op.execute(
        "INSERT INTO upkeep (number, trusted, erasures) SELECT 1, max(received), 1 FROM submissions"
    )


def downgrade() -> None:
    """Take the tables away, with all that is in them."""
    for name in ("upkeep", "expiries"):
        op.drop_table(name)
