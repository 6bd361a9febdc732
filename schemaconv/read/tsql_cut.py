"""Where a statement of a Transact-SQL routine ends: it is the next one's first word that tells."""

from __future__ import annotations

from collections.abc import Collection

from ..ir.fragment import Fragment
from .cursor import Cursor
from .tsql_starts import STARTS, Statement


def statement_end(c: Cursor, start: int) -> int:
    """The index behind the last token of the statement at ``start``; of IF and WHILE behind the condition."""
    texts = c.texts
    state = Statement([], 0)
    for at in range(start, c.count):
        token = texts[at]
        if state.texts and _ends_before(c, state, token, at):
            return at
        if token == "(":
            state.depth += 1
        elif token == ")":
            state.depth -= state.depth > 0
        state.texts.append(token)
    return c.count


def _ends_before(c: Cursor, state: Statement, token: str, at: int) -> bool:
    if token == ";":
        return state.depth == 0
    if state.depth:
        return False
    match token:
        case "CASE" | "END" | "ELSE":
            return state.branch(token)
        case _:
            if c.ahead(at + 1 - c.at) == ":" and token[:1].isalpha() and opens_line(c, at):
                return True
            if token not in STARTS:
                return False

    def peek(count: int) -> list[str]:
        found = c.texts[at + 1 : min(at + 1 + count, c.count)]
        return found + [""] * (count - len(found))

    return state.begins(token, peek, opens_line(c, at))


def opens_line(c: Cursor, at: int) -> bool:
    return at == 0 or "\n" in c.buffer[c.ends[at - 1] : c.starts[at]]


def expression(c: Cursor, end: int, stops: Collection[str] = ()) -> Fragment:
    """An expression up to ``end``, or to one of ``stops`` outside of parentheses and of CASE ... END."""
    start = c.skip_expression(stops, end)
    return c.fragment(start, c.at)
