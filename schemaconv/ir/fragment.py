"""SQL expressions and queries embedded in an object."""

from __future__ import annotations

from dataclasses import dataclass

from ..source import Span


@dataclass(frozen=True, slots=True)
class Fragment:
    """An SQL expression, query or statement: the author's text, where it stood, and the target's text.

    ``target`` is ``None`` until legalization has translated the fragment. Trees are never kept: they are made from
    ``text`` when needed and dropped again.
    """

    text: str
    at: Span
    target: str | None = None

    @property
    def output(self) -> str:
        """The text to print: the target's if it was translated, else the author's."""
        return self.text if self.target is None else self.target
