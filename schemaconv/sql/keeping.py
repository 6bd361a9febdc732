"""``MAX(x) KEEP (DENSE_RANK FIRST ORDER BY y)``: an aggregate over the rows that come first or last in another order.

The parser knows no such clause. It is written as one that it knows: ``"MAX KEEP FIRST"(x) WITHIN GROUP (ORDER BY y)``.
Oracle SQL Language Reference, "FIRST" and "LAST".
"""

from __future__ import annotations

from . import tokens as lex
from .pieces import Piece

#: What stands behind KEEP, word by word; the fourth is FIRST or LAST.
_BEGINNING = ("KEEP", "(", "DENSE_RANK", "", "ORDER")


def kept(found: list[Piece]) -> list[Piece]:
    """``found`` with such clauses as ordered aggregates; every piece keeps its place."""
    if all(p.upper != "KEEP" for p in found):
        return found
    made: list[Piece] = []
    at = 0
    while at < len(found):
        run = found[at : at + 5]
        begins = len(run) == 5 and all(w in ("", p.upper) for w, p in zip(_BEGINNING, run, strict=True))
        name = _called(made) if begins and run[3].upper in ("FIRST", "LAST") else None
        if name is None:
            made.append(found[at])
            at += 1
            continue
        word = made[name]
        spelled = f"{word.upper} KEEP {run[3].upper}"
        made[name] = word._replace(text=spelled, upper=spelled)
        keep = run[0]
        made += [keep._replace(text=w, upper=w) for w in ("WITHIN", "GROUP")]
        made.append(run[1])
        at += 4
    return made


def _called(made: list[Piece]) -> int | None:
    """The index of the word that calls what ``made`` ends with, ``None`` where it ends with no call."""
    depth = 0
    for at in range(len(made) - 1, -1, -1):
        piece = made[at]
        if piece.kind in (lex.STRING, lex.QUOTED):
            continue
        depth += (piece.text == ")") - (piece.text == "(")
        if not depth:
            plain = at > 0 and piece.text == "(" and made[at - 1].kind == lex.WORD
            return at - 1 if plain and (at < 2 or made[at - 2].text != ".") else None
    return None
