"""The only slice that writes what people hand in: priorities and feedback.

SQLite by default, PostgreSQL by its address. Importing this package loads no database library;
`open_store` does, and makes or brings up to date the tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from canheal_nb.store.location import address, file_of, is_missing, require_file

if TYPE_CHECKING:
    from canheal_nb.store.engine import Store

__all__ = ["address", "file_of", "open_store"]


def open_store(given: str = "", *, make: bool = True) -> Store:
    """Open the store at an address, a folder, or where CANHEAL_STORE says; see `address`.

    Raises UserError when the address is none, the store cannot be reached, or it is a file that
    is not there and shall not be made.
    """
    from canheal_nb.store import erasing
    from canheal_nb.store.checking import check_file
    from canheal_nb.store.engine import Store
    from canheal_nb.store.migrating import bring_up_to_date

    place = address(given)
    if not make:
        require_file(place)
    store = Store.at(place)
    path = file_of(place)
    if path is not None and not is_missing(path):
        check_file(path)
    bring_up_to_date(store)
    erasing.erase(store)  # what a server that was killed still owed
    return store
