"""What a query reads, told from its words: the names that stand where a table or a view must stand.

A parser would know better, but the order of all objects is settled before the first of them is parsed.
"""

from __future__ import annotations

from typing import Final

from . import tokens as lex
from .lexis import Lexis, unquoted

#: Words behind which a relation stands, those that may come between, and those that end a FROM clause.
_BEFORE: Final = frozenset({"FROM", "JOIN", "APPLY"})
_BETWEEN: Final = frozenset({"TABLE", "ONLY", "LATERAL", "THE"})
_AFTER: Final = frozenset(
    """
        WHERE GROUP ORDER HAVING SELECT SEL CONNECT START UNION INTERSECT EXCEPT MINUS VALUES QUALIFY WINDOW OPTION
        LIMIT FETCH OFFSET FOR
    """.split()
)
#: Calls whose FROM is no clause: ``EXTRACT(YEAR FROM d)``.
_CALLS: Final = frozenset({"EXTRACT", "TRIM", "SUBSTRING", "OVERLAY", "POSITION"})

Relation = tuple[str, str]
"""The last two parts of a name in the source's case; the first is empty where only one is written."""
_Token = tuple[int, str, str]

#: Of a view over more than one table; some targets write to the one that a statement means.
JOINS = "it joins tables"


def relations_of(text: str, words: Lexis) -> frozenset[Relation]:
    """The relations that a query reads and does not define in its own WITH."""
    found: set[Relation] = set()
    defined: set[str] = set()
    tokens = _tokens(text, words)
    open_: list[tuple[int, bool]] = [(-1, False)]  # where each parenthesis opened; whether a FROM clause goes on in it
    closed = -1  # where the parenthesis opened that was closed last
    expected = False
    at = 0
    while at < len(tokens):
        kind, word, _ = tokens[at]
        before = tokens[at - 1][1] if at else ""
        start, reading = open_[-1]
        if word == "(":
            open_.append((at, expected))
        elif word == ")":
            closed = start
            if len(open_) > 1:
                open_.pop()
            expected = False
        elif word == ",":
            expected = reading
        elif word in _BEFORE and before not in (".", "DISTINCT") and not (start > 0 and tokens[start - 1][1] in _CALLS):
            open_[-1] = (start, True)
            expected = True
        elif word in _AFTER and before not in (".", "AS"):
            open_[-1] = (start, False)
            expected = False
        elif word == "AS" and tokens[at + 1 : at + 2] == [(lex.OPERATOR, "(", "(")]:
            here = closed - 1 if before == ")" else at - 1
            if here >= 0:
                defined.add(_folded(tokens[here], words))
        elif expected and kind in (lex.WORD, lex.QUOTED) and word not in _BETWEEN:
            parts, at = _name(tokens, at, words)
            found.add((parts[-2] if len(parts) > 1 else "", parts[-1]))
            expected = False
        at += 1
    return frozenset(r for r in found if r[0] or r[1] not in defined)


def _tokens(text: str, words: Lexis) -> list[_Token]:
    """Kind, capitals (of words and operators) and characters of everything that is no comment."""
    found: list[_Token] = []
    for match in words.pattern.finditer(text):
        kind = match.lastindex
        if kind is not None and kind != lex.COMMENT:
            raw = match.group(kind)
            found.append((kind, raw.upper() if kind in (lex.WORD, lex.OPERATOR) else "", raw))
    return found


def _name(tokens: list[_Token], at: int, words: Lexis) -> tuple[list[str], int]:
    """The parts of the dotted name that begins at ``at``, and where it ends."""
    parts = [_folded(tokens[at], words)]
    while at + 1 < len(tokens) and tokens[at + 1][1] in (".", ".."):
        step = 2
        while at + step < len(tokens) and tokens[at + step][1] == ".":
            step += 1
        if at + step >= len(tokens) or tokens[at + step][0] not in (lex.WORD, lex.QUOTED):
            break
        if step > 2 or tokens[at + 1][1] == "..":
            parts.append("")  # database..table: the schema of the user
        at += step
        parts.append(_folded(tokens[at], words))
    return parts, at


def _folded(token: _Token, words: Lexis) -> str:
    quoted = token[0] == lex.QUOTED
    return words.fold(unquoted(token[2]) if quoted else token[2], quoted)[0]
