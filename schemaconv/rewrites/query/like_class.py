"""LIKE with ``[a-z]`` in its pattern: a regular expression on the targets.

Transact-SQL reference, "LIKE": ``[]`` is one character of a range or set, ``[^]`` one that is not in it; case counts as
the collation says.
"""

from __future__ import annotations

from ...sql.context import Context
from ...sql.patterns import regex
from ...sql.tree import Node, exp, literal_text, string

REMOVES = "like_class"
TRAIT = "like_classes"

NODES = (exp.Like,)


def node(node: Node, ctx: Context) -> Node:
    pattern = literal_text(node.expression)
    if pattern is None or "[" not in pattern:
        return node
    if isinstance(node.parent, exp.Escape):
        raise ctx.refuse("SC4206", node, element=pattern, what="LIKE pattern with ESCAPE")
    ctx.consume(pattern)
    return ctx.op("like_class", node, ctx.infer(node), s=node.this, pattern=string(regex(pattern)))
