"""The constants of an INSERT of one row."""

from __future__ import annotations

import re
from re import Match
from typing import Final

from ..ir.names import Name
from ..sql.lexis import lexis
from ..sql.tokens import COMMENT, QUOTED, WORD

_CONSTANT: Final = re.compile(r"-?[\d.]+|'.*'", re.DOTALL)


def inserted(text: str, columns: tuple[Name, ...], source: str) -> dict[Name, str]:
    """The constant values of ``INSERT INTO t [(columns)] VALUES (...)`` by column; others are left out.

    ``columns`` are those of the table, for a statement that lists none; ``source`` is the engine of the text.
    """
    own = lexis(source)
    tokens = (m for m in own.pattern.finditer(text) if m.lastindex is not None and m.lastindex != COMMENT)
    head: list[Match[str]] = []
    for m in tokens:
        if m.group(m.lastindex or 0).upper() == "VALUES":
            break
        head.append(m)
    else:
        return {}
    opening = next((i for i, m in enumerate(head) if m.group(m.lastindex or 0) == "("), None)
    if opening is not None:
        columns = tuple(
            own.name(m[m.lastindex] if m.lastindex == QUOTED else m[WORD].upper(), m[m.lastindex])
            for m in head[opening + 1 :]
            if m.lastindex in (WORD, QUOTED)
        )
    parts: list[list[str]] = [[]]
    depth = 0
    for m in tokens:  # of the first row: there may be a million more
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
