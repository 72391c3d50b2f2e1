"""The only floor that knows HTTP: the apps in Voilà, behind one shell of our own.

`run` starts the server; importing this package loads neither Voilà nor Jupyter.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

__all__ = ["run"]


def run(
    notebooks: Path,
    *,
    port: int | None = None,
    base_url: str = "/",
    open_browser: bool = False,
    preheat: bool = True,
    announce: Callable[[str], None] = lambda address: None,
    store: str = "",
    for_team: bool = False,
) -> None:
    """Serve every app notebook of a folder on this machine until the process is stopped.

    `announce` is called once with the address, as soon as the first page answers there.
    Without `port`, 8866 is taken, or any free one. `preheat` keeps one kernel per app warm.
    `store`: where hand-ins are kept, see `canheal_nb.store.address`; it is opened by the first of
    them. `for_team` adds the page /team, where the team notes who answers what.
    UserError when the port is taken or impossible, or the folder holds no app.
    """
    from canheal_nb.serve.lean import hide_iri_grammar

    hide_iri_grammar()
    from canheal_nb.serve.server import serve

    serve(
        notebooks,
        port=port,
        base_url=base_url,
        open_browser=open_browser,
        preheat=preheat,
        announce=announce,
        store=store,
        for_team=for_team,
    )
