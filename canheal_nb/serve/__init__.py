"""The only slice that knows HTTP: the apps in Voilà, behind one shell of our own.

`run` starts the server; importing this package loads neither Voilà nor Jupyter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    announce_team: Callable[[str], None] = lambda address: None,
    host: str = "127.0.0.1",
    host_names: Sequence[str] = (),
    trusted_proxies: Sequence[str] = (),
    log: str = "",
) -> None:
    """Serve every app notebook of a folder on this machine until the process is stopped.

    `announce` is called once with the address, as soon as the first page answers there.
    Without `port`, 8866 is taken, or any free one. `preheat` keeps one kernel per app warm.
    `store`: where hand-ins are kept, see `canheal_nb.store.address`; it is opened by the first of
    them. `for_team` adds the page /team, where the team notes who answers what; `announce_team` is
    called with its address, which holds the token that opens it.
    `host`: the address to listen at; one that other machines reach needs `host_names`, the names
    by which the server may be called beside this machine's own. `trusted_proxies`: addresses and
    networks whose X-Forwarded-For is believed. `log`: a file for what was answered.
    UserError when the port is taken or impossible, the folder holds no app, or one of these is no
    address, name, network or file that can be written.
    """
    from canheal_nb.text.startup import hide_iri_grammar

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
        announce_team=announce_team,
        host=host,
        host_names=host_names,
        trusted_proxies=trusted_proxies,
        log=log,
    )
