"""SEARCH and CYCLE behind a recursive query of WITH: the order in which rows were found, and where a way closes.

No parser knows the clauses behind a name that is not the last one. Each is written as a query that one can read:
``t AS (...) SEARCH DEPTH FIRST BY a SET o`` as ``t AS (...), "SEARCH DEPTH" AS (SELECT o FROM t ORDER BY a)``, and
``CYCLE a SET c TO 'Y' DEFAULT 'N'`` as ``"CYCLE" AS (SELECT c, 'Y', 'N' FROM t ORDER BY a)``.
Oracle SQL Language Reference, "SELECT", search_clause and cycle_clause.
"""

from __future__ import annotations

from typing import Final

from ..ir.fragment import Known
from . import tokens as lex
from .kinds import INTEGER, TEXT
from .outputs import Columns
from .pieces import Piece
from .runs import Pieces, find, is_word, joined, new_sign, new_word
from .tree import Node, exp

DEPTH: Final = "SEARCH DEPTH"
BREADTH: Final = "SEARCH BREADTH"
CYCLE: Final = "CYCLE"
MARKS: Final = frozenset({DEPTH, BREADTH, CYCLE})


def spelled_apart(found: Pieces) -> Pieces:
    """``found`` with such clauses as queries of WITH; what has another shape stays, for the rows that refuse it."""
    words = {p.upper for p in found if p.kind == lex.WORD}
    if "RECURSIVE" in words or not ("SEARCH" in words or "CYCLE" in words):
        return found
    made: Pieces = []
    at = 0
    while at < len(found):
        piece = found[at]
        begins = made and is_word(made[-1], ")") and piece.upper in ("SEARCH", "CYCLE") and piece.kind == lex.WORD
        name = _named(made) if begins else None
        while name is not None and at < len(found):
            read = _search(found, at, name) or _cycle(found, at, name)
            if read is None:
                break
            made += read[0]
            at = read[1]
        if at < len(found):
            made.append(found[at])
            at += 1
    return made


def _named(made: Pieces) -> Piece | None:
    """The name of the query of WITH that ``made`` ends with."""
    at = _opening(made, len(made) - 1) - 1
    if at < 1 or not is_word(made[at], "AS"):
        return None
    at -= 1
    if is_word(made[at], ")"):
        at = _opening(made, at) - 1
    return made[at] if at >= 0 and made[at].kind in (lex.WORD, lex.QUOTED) else None


def _opening(made: Pieces, at: int) -> int:
    depth = 0
    while at >= 0:
        depth += is_word(made[at], ")") - is_word(made[at], "(")
        if not depth:
            return at
        at -= 1
    return -1


def _search(found: Pieces, at: int, name: Piece) -> tuple[Pieces, int] | None:
    """``SEARCH DEPTH FIRST BY keys SET column`` as a query, and where it ends."""
    head = [p.upper for p in found[at : at + 4]]
    if len(head) < 4 or head[0] != "SEARCH" or head[1] not in ("DEPTH", "BREADTH") or head[2:] != ["FIRST", "BY"]:
        return None
    end = find(found[at + 4 :], "SET")
    if end < 1 or at + 4 + end + 1 >= len(found):
        return None
    keys, column = found[at + 4 : at + 4 + end], found[at + 5 + end]
    return _query(f"SEARCH {head[1]}", [[column]], name, keys, found[at]), at + 6 + end


def _cycle(found: Pieces, at: int, name: Piece) -> tuple[Pieces, int] | None:
    """``CYCLE keys SET column TO value DEFAULT value`` as a query, and where it ends."""
    end = find(found[at:], "SET") if found[at].upper == "CYCLE" else -1
    rest = found[at + end : at + end + 6]
    if end < 2 or len(rest) < 6 or [rest[2].upper, rest[4].upper] != ["TO", "DEFAULT"]:
        return None
    items = [[rest[1]], [rest[3]], [rest[5]]]
    return _query(CYCLE, items, name, found[at + 1 : at + end], found[at]), at + end + 6


def _query(mark: str, items: list[Pieces], name: Piece, keys: Pieces, like: Piece) -> Pieces:
    quoted = Piece(lex.QUOTED, mark, "", like.start, like.end)
    named = name._replace(start=like.start, end=like.end)
    words = [new_sign(",", like), quoted, new_word("AS", like), new_sign("(", like), new_word("SELECT", like)]
    words += [*joined(*items), new_word("FROM", like), named, new_word("ORDER", like), new_word("BY", like)]
    return [*words, *keys, new_sign(")", like)]


def is_mark(cte: Node) -> bool:
    """Whether a query of WITH stands for a clause."""
    return cte.args["alias"].name in MARKS and isinstance(cte.this, exp.Select) and "order" in cte.this.args


def adds(cte: Node) -> tuple[str, Columns]:
    """The name of the query that the clause belongs to, and the column that it adds."""
    known = Known(TEXT if cte.args["alias"].name == CYCLE else INTEGER, True)
    return cte.this.args["from_"].this.name, {cte.this.expressions[0].name: known}
