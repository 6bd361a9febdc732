"""Conditions on ROWNUM that only limit the number of rows (Oracle SQL Language Reference, "ROWNUM Pseudocolumn")."""

from __future__ import annotations

from typing import Final

from .tree import Node, exp, integer, is_call

_MIRRORED: Final[dict[type[Node], type[Node]]] = {exp.GTE: exp.LTE, exp.GT: exp.LT, exp.LTE: exp.GTE, exp.LT: exp.GT}


def limit_of(part: Node) -> int | None:
    """``n`` for ``ROWNUM <= n``, ``ROWNUM < n + 1``, ``ROWNUM = 1`` and the same read from the right."""
    if not isinstance(part, (exp.LTE, exp.LT, exp.EQ, exp.GTE, exp.GT)):
        return None
    left, right = part.this, part.expression
    kind: type[Node] = type(part)
    if is_call(right, "ROWNUM"):
        left, right = right, left
        kind = _MIRRORED.get(kind, kind)
    value = integer(right)
    if not is_call(left, "ROWNUM") or value is None:
        return None
    if kind is exp.LTE:
        return max(value, 0)
    if kind is exp.LT:
        return max(value - 1, 0)
    return 1 if kind is exp.EQ and value == 1 else None
