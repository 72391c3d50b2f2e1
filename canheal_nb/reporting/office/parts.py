"""What files of Word and PowerPoint share: no sign that XML refuses, and no clock."""

from __future__ import annotations

import io
import re
import zipfile

_STAMP = (1980, 1, 1, 0, 0, 0)
_WHEN = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def printable(text: str) -> str:
    """Return a text without the control signs that XML refuses."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def timeless(packed: bytes, when: bytes) -> bytes:
    """Return a zip of Office with one date in it, its inner workbooks too, and sorted as it was."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(packed)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name.endswith(".xlsx"):
                content = timeless(content, when)
            elif name == "docProps/core.xml":
                content = _WHEN.sub(rb"\g<1>" + when + rb"\g<2>", content)
            info = zipfile.ZipInfo(name, _STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, content)
    return made.getvalue()
