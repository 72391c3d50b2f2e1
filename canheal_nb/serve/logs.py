"""The server's log as a file of bounded size: what was answered and what failed, of nobody.

No line holds an address, a query or a header: see `canheal_nb.serve.refusals`.
"""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

MOST_BYTES = 2 * 1024 * 1024
OLDER_FILES = 4
_LINE = "%(asctime)s %(levelname)s %(message)s"


def write_log(path: str) -> None:
    """Write to a file from here on; older lines are in path.1 to path.4, the oldest go.

    UserError when the file cannot be written.
    """
    file = Path(path)
    try:
        if file.exists() and not file.is_file():  # a device would never end, a pipe would block
            raise IsADirectoryError(0, _("it is no plain file"))
        handler = RotatingFileHandler(
            file, maxBytes=MOST_BYTES, backupCount=OLDER_FILES, encoding="utf-8"
        )
    except (OSError, ValueError) as error:
        sentence = _("The log {path} cannot be written ({reason}); change --log.")
        reason = getattr(error, "strerror", None) or type(error).__name__
        shown = f"'{ascii(path)[1:-1][:60]}'"
        raise UserError(sentence.format(path=shown, reason=reason), code="bad-log") from error
    handler.setFormatter(logging.Formatter(_LINE))
    logging.getLogger().addHandler(handler)
    logging.getLogger("canheal_nb").setLevel(logging.INFO)
