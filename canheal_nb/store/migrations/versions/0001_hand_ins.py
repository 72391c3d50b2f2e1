"""Hand-ins, feedback and its log, proposals for corrections."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _item(*, primary: bool) -> sa.Column[str]:
    place = sa.ForeignKey("submissions.item", ondelete="CASCADE")
    return sa.Column("item", sa.String(12), place, primary_key=primary, nullable=False)


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def upgrade() -> None:
    """Make the first five tables."""
    op.create_table(
        "submissions",
        sa.Column("item", sa.String(12), primary_key=True),
        sa.Column("key_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("code_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("received", sa.Date, nullable=False),
        sa.Column("lang", sa.String(12), nullable=False),
        sa.Column("consent", sa.String(12), nullable=False),
    )
    op.create_table(
        "priorities",
        _item(primary=True),
        sa.Column("as_group", sa.String(20), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("method", sa.String(20), nullable=False),
        *_text("answers"),
    )
    op.create_table(
        "feedback",
        _item(primary=True),
        sa.Column("topic", sa.String(40), nullable=False),
        sa.Column("sort", sa.String(20), nullable=False),
        sa.Column("screen", sa.String(60), nullable=False),
        *_text("part", "fact", "link", "text"),
        sa.Column("state", sa.String(20), nullable=False),
        *_text("owner", "answer", "changed"),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("answered", sa.Date, nullable=True),
    )
    op.create_table(
        "log",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        _item(primary=False),
        sa.Column("on_day", sa.Date, nullable=False),
        sa.Column("field", sa.String(20), nullable=False),
        *_text("before", "after"),
    )
    op.create_table(
        "proposals",
        _item(primary=True),
        *_text("fact", "proposed", "source", "reason"),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("decided", sa.Date, nullable=True),
        *_text("why"),
    )


def downgrade() -> None:
    """Take the tables away, with all that is in them."""
    for name in ("proposals", "log", "feedback", "priorities", "submissions"):
        op.drop_table(name)
