"""The constants of an INSERT of one row."""

from __future__ import annotations

import re
from typing import Final

from ..ir.names import Name
from ..sql.tokens import COMMENT, ORACLE, QUOTED, WORD

_CONSTANT: Final = re.compile(r"-?[\d.]+|'.*'", re.DOTALL)


def inserted(text: str, columns: tuple[Name, ...]) -> dict[Name, str]:
    """The constant values of ``INSERT INTO t [(columns)] VALUES (...)`` by column; others are left out.

    ``columns`` are those of the table, for a statement that lists none.
    """
    tokens = [m for m in ORACLE.finditer(text) if m.lastindex is not None and m.lastindex != COMMENT]
    at = next((i for i, m in enumerate(tokens) if m.group(m.lastindex or 0).upper() == "VALUES"), None)
    if at is None:
        return {}
    opening = next((i for i, m in enumerate(tokens[:at]) if m.group(m.lastindex or 0) == "("), None)
    if opening is not None:
        columns = tuple(
            _name(m.group(m.lastindex or 0), m.lastindex == QUOTED)
            for m in tokens[opening + 1 : at]
            if m.lastindex in (WORD, QUOTED)
        )
    parts: list[list[str]] = [[]]
    depth = 0
    for m in tokens[at + 1 :]:
        token = m.group(m.lastindex or 0)
        if token == "(":
            depth += 1
            if depth == 1:
                continue
        elif token == ")":
            depth -= 1
            if depth == 0:
                break
        elif token == "," and depth == 1:
            parts.append([])
            continue
        parts[-1].append(token)
    values = ["".join(p) for p in parts]
    return {n: v for n, v in zip(columns, values, strict=False) if _CONSTANT.fullmatch(v)}


def _name(text: str, quoted: bool) -> Name:
    inner = text[1:-1] if quoted else text.upper()
    return Name(inner, not quoted or (inner == inner.upper() and inner.isidentifier()))


_CALL = re.compile(r"[\w.$]*\(")
_MARKS = re.compile(r"'[^']*'|[()]")


def closed(text: str) -> bool:
    """Whether an expression is one call, or stands in parentheses, as a whole."""
    head = _CALL.match(text)
    if head is None:
        return False
    depth = 1
    for mark in _MARKS.finditer(text, head.end()):
        depth += {"(": 1, ")": -1}.get(mark[0], 0)
        if not depth:
            return mark.end() == len(text)
    return False
