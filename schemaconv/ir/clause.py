"""What every element of a catalog may carry: clauses that some engines have, and the author's comments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ..source import Span


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause that only matters to some engines: ``construct`` names it as ``rules/constructs.toml`` does."""

    construct: str
    text: str
    at: Span


@dataclass(frozen=True, slots=True)
class Notes:
    """The author's comments: whole lines ``before`` an element, and the one ``after`` it on its own line.

    Texts carry no comment marks; a block comment of several lines is one text with line feeds.
    """

    before: tuple[str, ...] = ()
    after: str = ""


NO_NOTES = Notes()

#: Clauses that say that an object is not there at the end of its script, or never came to be.
_GONE: Final = frozenset({"drop_after_create", "already_defined", "replaced_later", "fulltext_without_columns"})


def gone(clauses: tuple[Clause, ...]) -> Clause | None:
    """The clause of an object that says so, if any does."""
    return next((k for k in clauses if k.construct in _GONE), None) if clauses else None
