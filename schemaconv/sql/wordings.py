"""Teradata's own wordings of calls and predicates, in words that a parser knows.

``TRANSLATE(s USING a_TO_b)``, ``CASE_N(a < 1, NO CASE)``, ``RANGE_N(d BETWEEN x AND y EACH z)``, ``p OVERLAPS q`` and
``(a - b) DAY(4) TO SECOND`` become plain calls. Source: SQL Functions, Expressions, and Predicates, the pages of those
names; SQL Date and Time Functions and Expressions, "Interval Expressions", "Period Functions and Operators".
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from . import tokens as lex
from .pieces import Piece, Refused
from .postfix import closing, comma, ends, operand, wrap

_UNITS: Final = frozenset({"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"})
_PERIODS: Final = frozenset(
    {"OVERLAPS", "CONTAINS", "MEETS", "PRECEDES", "SUCCEEDS", "EQUALS", "P_INTERSECT", "P_NORMALIZE", "LDIFF", "RDIFF"}
)
_OPERATORS: Final = frozenset({"P_INTERSECT", "P_NORMALIZE", "LDIFF", "RDIFF"})
_OPTIONS: Final = (
    ("NO", "CASE", "OR", "UNKNOWN"), ("NO", "RANGE", "OR", "UNKNOWN"), ("NO", "CASE"), ("NO", "RANGE"), ("UNKNOWN",),
)  # fmt: skip


def plain(found: list[Piece], libraries: Collection[str], grammar: Collection[str]) -> list[Piece]:
    """``found`` in plain words; ``grammar`` are the synonyms of the grammar's words. Raises :class:`Refused`."""
    words = {p.upper for p in found if p.kind == lex.WORD}
    if words & set(libraries):
        found = _bare(found, libraries)
    if words & {"TRANSLATE", "TRANSLATE_CHK"} and "USING" in words:
        found = _using(found)
    if words & {"CASE_N", "RANGE_N"}:
        found = _numbered(found)
    if "IN" in words and words & {"ANY", "ALL", "SOME"}:
        found = _lists(found)
    if "WITH" in words and "BY" in words:
        _totals(found)
    if words & _PERIODS:
        found = _periods(found, grammar)
    if words & _UNITS:
        found = _intervals(found, grammar)
    return found


def text_piece(text: str, first: Piece, last: Piece) -> Piece:
    """A text in the place of the words from ``first`` to ``last``."""
    return Piece(lex.STRING, text, "", first.start, last.end)


def _bare(found: list[Piece], libraries: Collection[str]) -> list[Piece]:
    """``TD_SYSFNLIB.NVL(x, y)`` as ``NVL(x, y)``."""
    made: list[Piece] = []
    at = 0
    while at < len(found):
        inside = at + 3 < len(found) and found[at + 1].text == "." and found[at + 3].text == "("
        if inside and found[at].upper in libraries and not (made and made[-1].text == "."):
            at += 2
        made.append(found[at])
        at += 1
    return made


def _using(found: list[Piece]) -> list[Piece]:
    """``TRANSLATE(s USING a_TO_b WITH ERROR)`` as ``TRANSLATE(s, 'A_TO_B WITH ERROR')``."""
    made: list[Piece] = []
    open_: list[bool] = []
    at = 0
    while at < len(found):
        piece = found[at]
        if piece.text == "(" and piece.kind == lex.OPERATOR:
            open_.append(bool(made) and made[-1].upper in ("TRANSLATE", "TRANSLATE_CHK"))
        elif piece.text == ")" and piece.kind == lex.OPERATOR and open_:
            open_.pop()
        elif piece.upper == "USING" and open_ and open_[-1]:
            end = at + 1
            while end < len(found) and found[end].text != ")":
                end += 1
            if end > at + 1:
                name = " ".join(p.upper for p in found[at + 1 : end])
                made += [comma(piece), text_piece(name, found[at + 1], found[end - 1])]
                at = end
                continue
        made.append(piece)
        at += 1
    return made


def parts(found: Sequence[Piece], start: int, end: int) -> list[tuple[int, int]]:
    """The runs between the commas of this level."""
    runs, depth, first = [], 0, start
    for i in range(start, end):
        if found[i].kind != lex.OPERATOR:
            continue
        depth += (found[i].text == "(") - (found[i].text == ")")
        if found[i].text == "," and depth == 0:
            runs.append((first, i))
            first = i + 1
    return [*runs, (first, end)]


def _numbered(found: list[Piece]) -> list[Piece]:
    """The options of CASE_N and RANGE_N as texts, and each range as its start, its end and its step."""
    made: list[Piece] = []
    at = 0
    while at < len(found):
        piece = found[at]
        made.append(piece)
        at += 1
        if piece.upper not in ("CASE_N", "RANGE_N") or at >= len(found) or found[at].text != "(":
            continue
        end = closing(found, at)
        if end >= len(found):
            continue
        made.append(found[at])
        for i, (start, stop) in enumerate(parts(found, at + 1, end)):
            made += [comma(found[start - 1])] if i else []
            words = found[start:stop]
            if tuple(w.upper for w in words) in _OPTIONS:
                made.append(text_piece(" ".join(w.upper for w in words), words[0], words[-1]))
            elif piece.upper == "CASE_N":
                made += words
            else:
                made += _range(words, i == 0)
        made.append(found[end])
        at = end + 1
    return made


def _range(words: list[Piece], first: bool) -> list[Piece]:
    """``[x BETWEEN] a [AND b] [EACH c]`` as ``[x,] a, b, c``, with texts for what is not there."""
    made: list[Piece] = []
    if first:
        between = next((i for i, w in enumerate(words) if w.upper == "BETWEEN"), None)
        if between is None:
            raise Refused("SC4204", words[0].start if words else 0, function="RANGE_N")
        made = [*words[:between], comma(words[between])]
        words = words[between + 1 :]
    if not words:
        raise Refused("SC4204", made[0].start if made else 0, function="RANGE_N")
    marks = {w.upper: i for i, w in enumerate(words) if w.upper in ("AND", "EACH")}
    stop = min(marks.values(), default=len(words))
    for run in (
        words[:stop],
        words[marks["AND"] + 1 : marks.get("EACH", len(words))] if "AND" in marks else [],
        words[marks["EACH"] + 1 :] if "EACH" in marks else [],
    ):
        star = len(run) == 1 and run[0].text == "*"
        at = run[0] if run else words[-1]
        made += [text_piece("*" if star else "", at, at)] if star or not run else run
        made.append(comma(at))
    return made[:-1]


def _lists(found: list[Piece]) -> list[Piece]:
    """``IN ANY (..)`` as ``IN (..)``, ``NOT IN ALL (..)`` as ``NOT IN (..)``."""
    made: list[Piece] = []
    for i, piece in enumerate(found):
        if piece.upper in ("ANY", "SOME", "ALL") and made and made[-1].upper == "IN" and found[i + 1 : i + 2]:
            denied = len(made) > 1 and made[-2].upper == "NOT"
            if found[i + 1].text == "(":
                if denied is not (piece.upper == "ALL"):
                    raise Refused("SC4204", piece.start, function=f"{'NOT ' * denied}IN {piece.upper}")
                continue
        made.append(piece)
    return made


def _totals(found: list[Piece]) -> None:
    """Refuse ``WITH SUM(x) BY y``, which is no WITH of a query's names."""
    for i, piece in enumerate(found[:-2]):
        if piece.upper == "WITH" and found[i + 1].kind == lex.WORD and found[i + 2].text == "(":
            end = closing(found, i + 2)
            behind = found[end + 1].upper if end + 1 < len(found) else ""
            if behind in ("BY", ",", "(") or (i and not behind):
                raise Refused("SC4327", piece.start)


def _after(found: Sequence[Piece], at: int) -> int:
    """The index behind the operand that begins at ``at``: a name, a call, a literal, or what is in parentheses."""
    if at >= len(found):
        return at
    if found[at].text == "(" and found[at].kind == lex.OPERATOR:
        return closing(found, at) + 1
    at += 1
    if at < len(found) and found[at].kind == lex.STRING:
        return at + 1
    while at + 1 < len(found) and found[at].text == ".":
        at += 2
    if at < len(found) and found[at].text == "(" and found[at].kind == lex.OPERATOR:
        at = closing(found, at) + 1
    return at


def _periods(found: list[Piece], grammar: Collection[str]) -> list[Piece]:
    """``p OVERLAPS q`` as ``PERIOD_OVERLAPS(p, q)``; ``(a, b) OVERLAPS (c, d)`` as ``ROW_OVERLAPS(a, b, c, d)``."""
    made: list[Piece] = []
    at = 0
    while at < len(found):
        piece = found[at]
        at += 1
        if piece.upper not in _PERIODS or piece.kind != lex.WORD or not made or not ends(made[-1], grammar):
            made.append(piece)
            continue
        stop = _after(found, at)
        if at >= len(found) or stop > len(found) or found[at].text in (",", ")", ".", "="):
            made.append(piece)
            continue
        start = operand(made, grammar)
        predicate = piece.upper not in _OPERATORS
        while predicate and stop < len(found) and found[stop].text in ("+", "-", "*", "/"):
            stop = _after(found, stop + 1)
        if start and made[start - 1].text in ("+", "-", "*", "/"):
            raise Refused("SC4320", piece.start, function=piece.upper)
        right = found[at:stop]
        rows = [len(parts(run, 1, len(run) - 1)) == 2 and run[0].text == "(" for run in (made[start:], right)]
        if all(rows) and piece.upper == "OVERLAPS":
            inside = [comma(piece), *right[1:-1]]
            del made[-1]
            made[start : start + 1] = []
            wrap(made, start, "ROW_OVERLAPS", inside, right[-1])
        elif any(rows):
            raise Refused("SC4320", piece.start, function=piece.upper)
        else:
            end = right[-1]._replace(kind=lex.OPERATOR, text=")", upper=")")
            wrap(made, start, f"PERIOD_{piece.upper}", [comma(piece), *right], end)
        at = stop
    return made


def _qualified(found: Sequence[Piece], at: int, made: Sequence[Piece]) -> bool:
    """Whether the unit at ``at`` says what interval a difference in front of it is."""
    last = made[-1]
    if last.text == ")" and last.kind == lex.OPERATOR:
        return True
    sized = [p.text for p in found[at + 1 : at + 4 : 2]] == ["(", ")"] and found[at + 2].kind == lex.NUMBER
    literal = last.kind == lex.STRING and len(made) > 1 and made[-2].upper == "INTERVAL"
    operand_ = last.kind in (lex.QUOTED, lex.STRING) or (last.kind == lex.WORD and last.upper != "INTERVAL")
    return sized and operand_ and not literal and _opening(made) > 0


def _opening(made: Sequence[Piece]) -> int:
    """The index behind the parenthesis that is open at the end of ``made``; 0 where none is."""
    depth = 0
    for i in range(len(made) - 1, -1, -1):
        if made[i].kind == lex.OPERATOR:
            depth += (made[i].text == ")") - (made[i].text == "(")
            if depth < 0:
                return i + 1
            if depth == 0 and made[i].text == ",":
                return 0
    return 0


def _intervals(found: list[Piece], grammar: Collection[str]) -> list[Piece]:
    """``(a - b) DAY(4) TO SECOND(6)`` as ``INTERVAL_OF((a - b), 'DAY TO SECOND')``."""
    made: list[Piece] = []
    at = 0
    while at < len(found):
        piece = found[at]
        if piece.upper not in _UNITS or not made or not _qualified(found, at, made):
            made.append(piece)
            at += 1
            continue
        end, units = at, ""
        while end < len(found) and found[end].upper in (*_UNITS, "TO"):
            units += f" {found[end].upper}"
            end += 1
            if end < len(found) and found[end].text == "(" and units.rpartition(" ")[2] != "TO":
                end = closing(found, end) + 1
        start = operand(made, grammar) if made[-1].text == ")" else _opening(made)
        if made[-1].text == ")" and made[start].text != "(":  # the parenthesis of a call
            made.append(piece)
            at += 1
            continue
        last = found[min(end, len(found)) - 1]
        name = text_piece(units.strip(), piece, last)
        wrap(made, start, "INTERVAL_OF", [comma(piece), name], last._replace(kind=lex.OPERATOR, text=")", upper=")"))
        at = end
    return made
