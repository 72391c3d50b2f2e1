"""What can go wrong, in words a reader understands."""

from __future__ import annotations


class CanhealError(Exception):
    """The root of every error this package raises on purpose."""


class UserError(CanhealError):
    """Something the user can put right, said in one plain sentence.

    The sentence tells what is wrong, which value, where, and what to do;
    `code` is the same in every language, for example "unknown-country".
    """

    def __init__(self, sentence: str, *, code: str = "refused") -> None:
        super().__init__(sentence)
        self.code = code

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows instead of a traceback: the sentence alone."""
        return [f"{type(self).__name__}: {self}"]
