"""The empty string, which is NULL at the source: its literal, and results that may be empty where NULL counts."""

from __future__ import annotations

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.convert import text_or_same
from ...sql.kinds import NULL
from ...sql.tree import Node, exp, is_null

REMOVES = "empty_string_is_null"
TRAIT = "empty_string_is_null"

NODES = (exp.Literal, exp.Is)

COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.In, exp.Like, exp.Between)


def node(node: Node, ctx: Context) -> Node:
    if isinstance(node, exp.Is):
        if is_null(node.expression):
            inner = text_or_same(node.this, ctx)
            if inner is not node.this:
                node.set("this", inner)
        return node
    if not node.is_string or node.this:
        return node
    if isinstance(node.parent, COMPARISONS):
        ctx.say("SC4243", node)
    elif not isinstance(node.parent, (exp.Anonymous, exp.DPipe, exp.Tuple)):
        ctx.say("SC4244", node)
    made = exp.Null()
    made.meta["known"] = Known(NULL)
    return made
