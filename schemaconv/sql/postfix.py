"""Teradata's own forms of a cast and of a period, in words that a parser knows.

``x (DECIMAL(10,2))`` is a cast of what stands in front of it; ``PERIOD '(2024-01-01, 2024-02-01)'`` and ``END(p)`` are
calls. Source: SQL Data Types and Literals, "Teradata Conversion Syntax", "Period Data Types".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from . import tokens as lex
from .kinds import read_type
from .pieces import GRAMMAR, Piece, Refused

#: Casts to these spell a number or a date as its format says, where CAST spells it plainly.
_TEXTS: Final = frozenset({"char", "varchar", "nchar", "nvarchar", "text"})
#: Grammar that ends an operand.
_ENDS: Final = frozenset({"END", "NULL", "TRUE", "FALSE"})
#: Types whose names are free for columns.
_FREE: Final = frozenset({"NUMBER", "CLOB"})
_PHRASES: Final = frozenset({"FORMAT", "TITLE", "NAMED"})
_PERIOD: Final = re.compile(r"\s*\(\s*([^,()]+?)\s*,\s*([^,()]+?)\s*\)\s*")


def casts(
    found: list[Piece], types: Mapping[str, str], functions: Collection[str], grammar: Collection[str]
) -> list[Piece]:
    """``found`` with every ``x (type)`` as ``CAST(x AS type)``; as a call of TDCAST where the type is one of text.

    ``types`` are the spellings that CAST knows, ``functions`` the names behind which a parenthesis holds arguments,
    ``grammar`` further words of the grammar. A value with a format becomes a call of FORMATTED, one that is read by a
    format a call of PARSED. Raises :class:`Refused` for other phrases.
    """
    heads = {t.split()[0] for t in types}
    found = _formats(found, types)
    made: list[Piece] = []
    at = 0
    while at < len(found):
        piece = found[at]
        inner = found[at + 1].upper if at + 1 < len(found) else ""
        end = at
        if piece.text == "(" and (inner in heads or inner == "FORMAT") and made and ends(made[-1], grammar):
            end = closing(found, at)
        words = found[at + 1 : end]
        if end < len(found) and (more := _phrase(words, types)) is not None and not _called(made[-1], (), functions):
            name, inside, rest = more
            wrap(made, operand(made, grammar), name, inside, found[end])
            if rest:
                found[at + 1 : end] = rest
            else:
                at = end + 1
            continue
        type_ = read_type(_spelled(words), types) if words and end < len(found) else None
        if type_ is None and end > at and _PHRASES & {w.upper for w in words}:
            raise Refused("SC4205", piece.start, what=f"({_spelled(words)})", function="CAST")
        if type_ is None or _called(made[-1], words, functions):
            made.append(piece)
            at += 1
            continue
        inside = [piece._replace(kind=lex.WORD, text="AS", upper="AS"), *words]
        wrap(made, operand(made, grammar), "TDCAST" if type_.kind in _TEXTS else "CAST", inside, found[end])
        at = end + 1
    return made


def wrap(made: list[Piece], start: int, name: str, inside: Sequence[Piece], closing: Piece) -> None:
    """Make the operand from ``start`` on the first argument of a call of ``name``."""
    first = made[start]
    made[start:start] = [
        first._replace(kind=lex.WORD, text=name, upper=name, end=first.start),
        first._replace(kind=lex.OPERATOR, text="(", upper="(", end=first.start),
    ]
    made += [*inside, closing]


def comma(piece: Piece) -> Piece:
    return piece._replace(kind=lex.OPERATOR, text=",", upper=",")


def _phrase(words: Sequence[Piece], types: Mapping[str, str]) -> tuple[str, list[Piece], list[Piece]] | None:
    """``FORMAT 'f' [, type]`` or ``type, FORMAT 'f'``: the call that it makes, its further arguments, and the type that
    is left to be cast to."""
    if len(words) < 2:
        return None
    if words[0].upper == "FORMAT" and words[1].kind == lex.STRING and (len(words) == 2 or words[2].text == ","):
        rest = list(words[3:])
        if rest and read_type(_spelled(rest), types) is None:
            return None
        return "FORMATTED", [comma(words[0]), words[1]], rest
    if words[-2].upper == "FORMAT" and words[-1].kind == lex.STRING and words[-3].text == ",":
        spelled = _spelled(words[:-3])
        if read_type(spelled, types) is None:
            return None
        type_ = words[0]._replace(kind=lex.STRING, text=spelled, upper="", end=words[-4].end)
        return "PARSED", [comma(words[0]), type_, comma(words[-2]), words[-1]], []
    return None


def _formats(found: list[Piece], types: Mapping[str, str]) -> list[Piece]:
    """``CAST(x AS FORMAT 'f')`` as ``FORMATTED(x, 'f')``, ``CAST(x AS t FORMAT 'f')`` as ``PARSED(x, 't', 'f')``."""
    if not any(p.upper == "FORMAT" and p.kind == lex.WORD for p in found):
        return found
    made = list(found)
    open_: list[tuple[int, int]] = []  # of each parenthesis: its place, and that of its AS
    for at, piece in enumerate(made):
        if piece.kind != lex.OPERATOR and piece.upper != "AS":
            continue
        if piece.text == "(":
            open_.append((at, 0))
        elif piece.upper == "AS" and open_:
            open_[-1] = (open_[-1][0], at)
        elif piece.text == ")" and open_:
            start, as_ = open_.pop()
            if start and as_ and made[start - 1].upper == "CAST" and at - as_ > 2 and made[at - 2].upper == "FORMAT":
                _recast(made, start - 1, as_, at, types)
    return [p for p in made if p.kind != _GONE]


_GONE: Final = -1


def _recast(made: list[Piece], start: int, as_: int, end: int, types: Mapping[str, str]) -> None:
    """Rename the cast between ``start`` and ``end``; pieces that go are marked, so that places stay."""
    if made[end - 1].kind != lex.STRING:
        return
    words = [p for p in made[as_ + 1 : end - 2] if p.kind != _GONE]
    name = "PARSED" if words else "FORMATTED"
    spelled = _spelled(words)
    if words and read_type(spelled, types) is None:
        return
    made[start] = made[start]._replace(text=name, upper=name)
    made[as_] = comma(made[as_])
    for i in range(as_ + 1, end - 1):
        made[i] = made[i]._replace(kind=_GONE)
    if words:
        made[as_ + 1] = words[0]._replace(kind=lex.STRING, text=spelled, upper="", end=words[-1].end)
        made[end - 2] = comma(made[end - 2])


def _called(before: Piece, words: Sequence[Piece], functions: Collection[str]) -> bool:
    """Whether ``words`` in parentheses are the argument of a function, although they read like a type."""
    if before.kind != lex.WORD:
        return False
    return before.upper in functions or before.upper in _PERIODS or (len(words) == 1 and words[0].upper in _FREE)


def ends(piece: Piece, words: Collection[str]) -> bool:
    """Whether an operand may end with the piece; ``words`` are of the grammar besides :data:`GRAMMAR`."""
    match piece.kind:
        case lex.WORD:
            return (piece.upper not in GRAMMAR and piece.upper not in words) or piece.upper in _ENDS
        case lex.OPERATOR:
            return piece.text == ")"
        case _:
            return True


def closing(found: Sequence[Piece], at: int) -> int:
    depth = 0
    for i in range(at, len(found)):
        if found[i].kind == lex.OPERATOR:
            depth += (found[i].text == "(") - (found[i].text == ")")
            if depth == 0:
                return i
    return len(found)


def _spelled(words: Sequence[Piece]) -> str:
    text = ""
    for word in words:
        text += word.text if not text or word.text in "()," or text[-1] in "(" else f" {word.text}"
    return text


def operand(made: Sequence[Piece], grammar: Collection[str]) -> int:
    """The index at which the operand begins that ends ``made``."""
    at = len(made) - 1
    last = made[at]
    if last.kind == lex.OPERATOR:  # a closing parenthesis
        depth = 0
        while at > 0:
            if made[at].kind == lex.OPERATOR:
                depth += (made[at].text == ")") - (made[at].text == "(")
                if depth == 0:
                    break
            at -= 1
        before = made[at - 1] if at else None
        if before is not None and before.upper == "OVER":
            return operand(made[: at - 1], grammar)
        if before is None or before.kind != lex.WORD or before.upper in _ENDS:
            return at
        if before.upper not in _CALLS and not ends(before, grammar):
            return at
        at -= 1
    elif last.upper == "END":
        depth = 0
        while at > 0:
            depth += (made[at].upper == "END") - (made[at].upper == "CASE")
            if depth == 0:
                break
            at -= 1
        return at
    elif last.kind == lex.STRING and at and made[at - 1].upper in _LITERALS:
        return at - 1
    while at >= 2 and made[at - 1].text == "." and made[at - 2].kind in (lex.WORD, lex.QUOTED):
        at -= 2
    return at


_PERIODS: Final = frozenset({"PERIOD_BEGIN", "PERIOD_END"})
_CALLS: Final = frozenset({"LEFT", "RIGHT"})
_LITERALS: Final = frozenset({"DATE", "TIME", "TIMESTAMP"})


def periods(found: list[Piece], words: Collection[str]) -> list[Piece]:
    """``found`` with the ends of periods as calls of PERIOD_BEGIN and PERIOD_END, and literals of periods as calls."""
    made: list[Piece] = []
    for at, piece in enumerate(found):
        following = found[at + 1] if at + 1 < len(found) else None
        if piece.kind == lex.STRING and made and made[-1].upper == "PERIOD" and (
            bounds := _PERIOD.fullmatch(piece.text)
        ):
            made += _constructed(piece, bounds[1], bounds[2])
        elif piece.upper in ("BEGIN", "END") and following is not None and following.text == "(" and not (
            made and ends(made[-1], words)
        ):
            name = f"PERIOD_{piece.upper}"
            made.append(piece._replace(text=name, upper=name))
        else:
            made.append(piece)
    return made


def _constructed(piece: Piece, *ends: str) -> list[Piece]:
    """``( DATE '..' , DATE '..' )``, at the place of a literal."""
    made = [piece._replace(kind=lex.OPERATOR, text="(", upper="(")]
    for number, end in enumerate(ends):
        word = "TIMESTAMP" if ":" in end else "DATE"
        if number:
            made.append(piece._replace(kind=lex.OPERATOR, text=",", upper=","))
        made += [piece._replace(kind=lex.WORD, text=word, upper=word), piece._replace(text=end)]
    return [*made, piece._replace(kind=lex.OPERATOR, text=")", upper=")")]
