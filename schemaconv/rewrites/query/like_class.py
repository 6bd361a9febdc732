"""LIKE with ``[a-z]`` in its pattern: a regular expression on the targets.

Transact-SQL reference, "LIKE": ``[]`` is one character of a range or set, ``[^]`` one that is not in it; case counts as
the collation says.
"""

from __future__ import annotations

import re

from ...sql.context import Context
from ...sql.tree import Node, exp, literal_text, string

REMOVES = "like_class"
TRAIT = "like_classes"

NODES = (exp.Like,)

_PART = re.compile(r"\[(\^?)(\]?[^\]]*)\]|.", re.DOTALL)
_SPECIAL = frozenset(".^$*+?()[]{}|\\")


def node(node: Node, ctx: Context) -> Node:
    pattern = literal_text(node.expression)
    if pattern is None or "[" not in pattern:
        return node
    if isinstance(node.parent, exp.Escape):
        raise ctx.refuse("SC4206", node, element=pattern, what="LIKE pattern with ESCAPE")
    ctx.consume(pattern)
    return ctx.op("like_class", node, ctx.infer(node), s=node.this, pattern=string(_regex(pattern)))


def _regex(pattern: str) -> str:
    made = "".join(_part(m) for m in _PART.finditer(pattern))
    whole = f"^{made}$"
    return whole.removesuffix(".*$") if whole.endswith(".*$") else whole


def _part(match: re.Match[str]) -> str:
    text = match[0]
    if len(text) > 1:
        inner = match[2].replace("\\", "\\\\").replace("[", "\\[")
        return f"[{match[1]}{inner}]"
    if text == "%":
        return ".*"
    if text == "_":
        return "."
    return f"\\{text}" if text in _SPECIAL else text
