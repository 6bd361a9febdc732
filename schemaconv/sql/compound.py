"""``SET n += 1``: an assignment that names its operation, spelled out (Transact-SQL, "Compound operators")."""

from __future__ import annotations

from typing import Final

from . import tokens as lex
from .pieces import Piece

_SIGNS: Final = frozenset({"+=", "-=", "*=", "/=", "%=", "&=", "|=", "^="})
#: What ends the last assignment of an UPDATE.
_ENDS: Final = frozenset({"FROM", "WHERE", "OUTPUT", "OPTION", "WHEN"})


def spelled_out(found: list[Piece]) -> list[Piece]:
    """``found`` with ``n += x`` as ``n = n + (x)``; every piece keeps its place."""
    if all(p.text not in _SIGNS or p.kind != lex.OPERATOR for p in found):
        return found
    made: list[Piece] = []
    at = 0
    while at < len(found):
        piece = found[at]
        if piece.kind != lex.OPERATOR or piece.text not in _SIGNS:
            made.append(piece)
            at += 1
            continue
        column = _column(made)
        end = _end(found, at + 1)
        value = spelled_out(found[at + 1 : end])
        made.append(piece._replace(text="=", upper="="))
        made += column
        made.append(piece._replace(text=piece.text[0], upper=piece.text[0]))
        if len(value) > 1:
            made += [_sign("(", value[0]), *value, _sign(")", value[-1])]
        else:
            made += value
        at = end
    return made


def _sign(text: str, at: Piece) -> Piece:
    return Piece(lex.OPERATOR, text, text, at.start, at.end)


def _column(made: list[Piece]) -> list[Piece]:
    """The column, perhaps with its table, at the end of ``made``."""
    start = len(made) - 1
    while start >= 2 and made[start - 1].text == "." and made[start - 1].kind == lex.OPERATOR:
        start -= 2
    return made[max(start, 0) :]


def _end(found: list[Piece], at: int) -> int:
    """The index behind the value that begins at ``at``."""
    depth = 0
    while at < len(found):
        piece = found[at]
        if piece.kind == lex.OPERATOR:
            depth += (piece.text == "(") - (piece.text == ")")
            if depth < 0 or (depth == 0 and piece.text == ","):
                break
        elif piece.kind == lex.WORD and depth == 0 and piece.upper in _ENDS:
            break
        at += 1
    return at
