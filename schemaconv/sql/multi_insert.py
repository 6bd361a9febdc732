"""INSERT ALL and INSERT FIRST over a query, as one INSERT for each table (Oracle SQL Language Reference, "INSERT",
"multi_table_insert").

Every one of them reads the query again. That gives the same rows where the query reads none of the tables that are
filled, and nothing in the statement is another at each look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from . import tokens as lex
from .pieces import Piece, Refused

#: What gives another value each time, or one value for all tables of a row.
_UNSTEADY: Final = frozenset({"NEXTVAL", "CURRVAL", "SYS_GUID", "DBMS_RANDOM", "ROWNUM", "ROWID", "SAMPLE"})
_PARTS: Final = frozenset({"WHEN", "THEN", "ELSE", "INTO", "SELECT", "WITH"})
_QUERY: Final = "INSERTED_ROWS"


@dataclass(frozen=True)
class _Into:
    start: int
    end: int
    condition: str


def apart(text: str, found: Sequence[Piece]) -> list[str] | None:
    """The INSERT statements of a multi-table INSERT over a query; ``None`` for any other text.

    Raises :class:`Refused` where single statements might do something else.
    """
    if len(found) < 4 or found[0].upper != "INSERT" or found[1].upper not in ("ALL", "FIRST"):
        return None
    marks = _marks(found)
    tail = next((i for i, word in marks if word in ("SELECT", "WITH")), -1)
    if tail < 0:
        raise Refused("SC4263", found[0].start)
    query = found[tail:]
    whens = any(word == "WHEN" for _, word in marks)
    if not whens and [p.upper for p in query[2:]] == ["FROM", "DUAL"]:
        return None
    unsteady = next((p for p in found if p.kind == lex.WORD and p.upper in _UNSTEADY), None)
    intos = _intos(text, found, marks, tail)
    named = {found[i.start + 1 + 2 * (found[i.start + 2].text == ".")].upper for i in intos}
    again = next((p for p in query if p.upper in named and p.kind != lex.STRING), None)
    if unsteady is not None or again is not None or not intos:
        raise Refused("SC4263", (unsteady or again or found[0]).start)
    body = text[query[0].start : query[-1].end]
    made = []
    for into in intos:
        values = next((i for i in range(into.start, into.end) if found[i].upper == "VALUES"), into.end)
        head = text[found[into.start].start : found[values - 1].end]
        listed = text[found[values + 2].start : found[into.end - 2].end] if values < into.end else "*"
        where = f" WHERE {into.condition}" if into.condition else ""
        made.append(f"INSERT {head} SELECT {listed} FROM ({body}) {_QUERY}{where}")
    return made


def _marks(found: Sequence[Piece]) -> list[tuple[int, str]]:
    """The words outside of parentheses and CASE that part the statement, as far as its query."""
    made: list[tuple[int, str]] = []
    depth = 0
    for i in range(2, len(found)):
        piece = found[i]
        if piece.kind == lex.OPERATOR:
            depth += (piece.text == "(") - (piece.text == ")")
        elif piece.kind == lex.WORD and piece.upper in ("CASE", "END"):
            depth += 1 if piece.upper == "CASE" else -1
        elif depth == 0 and piece.kind == lex.WORD and piece.upper in _PARTS:
            made.append((i, piece.upper))
            if piece.upper in ("SELECT", "WITH"):
                break
    return made


def _intos(text: str, found: Sequence[Piece], marks: list[tuple[int, str]], tail: int) -> list[_Into]:
    """Each INTO with all that must hold for its rows."""
    first = found[1].upper == "FIRST"
    made: list[_Into] = []
    before: list[str] = []
    condition = ""
    for (at, word), (end, _) in pairwise(marks):
        inside = text[found[at + 1].start : found[end - 1].end]
        match word:
            case "WHEN":
                condition = " AND ".join([*(map(_fails, before) if first else ()), f"({inside})"])
                before.append(inside)
            case "ELSE":
                condition = " AND ".join(map(_fails, before))
            case "INTO":
                made.append(_Into(at, end, condition))
            case _:
                pass
    return made


def _fails(condition: str) -> str:
    return f"CASE WHEN {condition} THEN 0 ELSE 1 END = 1"
