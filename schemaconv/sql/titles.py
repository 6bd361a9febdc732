"""Titles of columns that are written as texts: ``'k' = a``, ``a AS 'k'``, ``a 'k'``.

Transact-SQL reference, "SELECT Clause": a column alias may stand in single quotes, and in front of what it names.
"""

from __future__ import annotations

from typing import Final

from . import tokens as lex
from .pieces import GRAMMAR, Piece

#: Behind these a select list begins or goes on; the numbers of TOP are looked through.
_STARTS: Final = frozenset({"SELECT", "DISTINCT", "ALL", "PERCENT", "TIES"})
#: Words that no text in front of a comma or of FROM is the title of.
_NO_OPERAND: Final = (GRAMMAR - {"END", "NULL"}) | frozenset(
    {"ZONE", "TOP", "BY", "WITHIN", "ESCAPE", "LIKE", "DATE", "TIME", "TIMESTAMP", "INTERVAL", *_STARTS}
)
_ENDS: Final = frozenset({",", "FROM", "INTO", "UNION", "EXCEPT", "INTERSECT", ")", "WHERE", ""})


def titled(found: list[Piece]) -> list[Piece]:
    """``found`` with such texts as the quoted names that they are."""
    made = found
    inside: list[bool] = []  # of each open parenthesis: whether it holds a query, which alone has titles
    for at, piece in enumerate(found):
        if piece.text == "(" and piece.kind == lex.OPERATOR:
            inside.append(at + 1 < len(found) and found[at + 1].upper in ("SELECT", "WITH"))
        elif piece.text == ")" and piece.kind == lex.OPERATOR and inside:
            inside.pop()
        if piece.kind != lex.STRING or at == 0 or not piece.text or (inside and not inside[-1]):
            continue
        before, behind = found[at - 1], found[at + 1] if at + 1 < len(found) else None
        following = "" if behind is None else behind.upper
        if before.upper == "AS" and following in _ENDS:
            title = True
        elif following == "=":
            title = before.upper in _STARTS or before.upper == "," or _behind_top(found, at)
        else:
            title = following in _ENDS and _is_operand(before) and not _behind_top(found, at)
        if title:
            made = list(found) if made is found else made
            made[at] = piece._replace(kind=lex.QUOTED)
    return made


def _is_operand(piece: Piece) -> bool:
    if piece.kind == lex.WORD:
        return piece.upper not in _NO_OPERAND and piece.text[0] != "@"
    return piece.kind in (lex.QUOTED, lex.NUMBER, lex.STRING) or piece.text == ")"


def _behind_top(found: list[Piece], at: int) -> bool:
    """Whether ``TOP 5`` or ``TOP (5)`` stands right in front of ``at``."""
    if found[at - 1].kind == lex.NUMBER:
        return at > 1 and found[at - 2].upper == "TOP"
    depth = 0
    for i in range(at - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(found[i].text, 0)
        if depth <= 0:
            return i > 0 and i < at - 1 and found[i - 1].upper == "TOP"
    return False
