"""Hints among the words of a query: for joins, for tables in the old style, for the whole.

Transact-SQL reference, "Hints (Transact-SQL) - Join", "- Table", "- Query". They advise an optimizer and a lock manager
and change no row; a parser stumbles over them.
"""

from __future__ import annotations

from typing import Final

from . import tokens as lex
from .pieces import Piece

_SIDES: Final = frozenset({"INNER", "LEFT", "RIGHT", "FULL", "OUTER"})
_JOINS: Final = frozenset({"LOOP", "HASH", "MERGE", "REMOTE"})
_TABLES: Final = frozenset(
    """
        FASTFIRSTROW HOLDLOCK NOEXPAND NOLOCK NOWAIT PAGLOCK READCOMMITTED READCOMMITTEDLOCK READPAST READUNCOMMITTED
        REPEATABLEREAD ROWLOCK SERIALIZABLE SNAPSHOT TABLOCK TABLOCKX UPDLOCK XLOCK
    """.split()
)
CODE: Final = "SC4252"


def unhinted(found: list[Piece]) -> tuple[list[Piece], list[tuple[str, int]]]:
    """``found`` without hints, and a note with its offset for each."""
    if all(p.upper not in _JOINS and p.upper not in _TABLES and p.upper != "OPTION" for p in found):
        return found, []
    made: list[Piece] = []
    notes: list[tuple[str, int]] = []
    at = 0
    while at < len(found):
        end = _hint(found, at)
        if end > at:
            notes.append((CODE, found[at].start))
        else:
            made.append(found[at])
        at = max(end, at + 1)
    return made, notes


def _hint(found: list[Piece], at: int) -> int:
    """Where the hint ends that begins at ``at``; ``at`` itself where none does."""
    piece = found[at]
    before = found[at - 1] if at else None
    following = found[at + 1].upper if at + 1 < len(found) else ""
    if piece.kind == lex.WORD and piece.upper in _JOINS and following == "JOIN":
        return at + 1 if before is not None and before.upper in _SIDES else at
    if piece.kind == lex.WORD and piece.upper == "OPTION" and following == "(" and before is not None:
        end = _closing(found, at + 1)
        return end if end == len(found) or found[end].text == ";" else at
    if piece.text == "(" and before is not None and before.kind in (lex.WORD, lex.QUOTED):
        end = _closing(found, at)
        inner = found[at + 1 : end - 1]
        if inner and all(p.text == "," or p.upper in _TABLES for p in inner) and before.upper != "WITH":
            return end
    return at


def _closing(found: list[Piece], at: int) -> int:
    """Behind the parenthesis that closes the one at ``at``."""
    depth = 0
    for i in range(at, len(found)):
        depth += {"(": 1, ")": -1}.get(found[i].text, 0) if found[i].kind == lex.OPERATOR else 0
        if depth == 0:
            return i + 1
    return len(found)
