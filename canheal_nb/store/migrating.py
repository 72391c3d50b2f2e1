"""The store's tables made, or brought up to date, before anything else is asked of it."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import text

from canheal_nb.store.engine import Store
from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 7_238_114_902  # one number for all servers: who migrates first, migrates alone


def bring_up_to_date(store: Store) -> None:
    """Run every migration that the store has not seen, all of them or none.

    Raises StoreError when it cannot be reached, UserError when a newer version made it.
    """
    settings = Config()
    settings.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    try:
        with store.transaction() as connection:
            if not store.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})
            settings.attributes["connection"] = connection
            command.upgrade(settings, "head")
    except CommandError as error:
        sentence = _(
            "The store was made by a newer version of canheal_nb; install that version, or name "
            "another store with --store."
        )
        raise UserError(sentence, code="newer-store") from error
