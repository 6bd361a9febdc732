"""ISJSON(x) = 1 in a check, which is a number at the source and a condition on the targets.

Transact-SQL reference, "ISJSON": 1 for a valid object or array, 0 for other text, NULL for NULL. A check lets NULL pass
and may fail with an error of its own; a query may not, and keeps the number.
"""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp, integer, is_call
from . import every

REMOVES = "json_flag"
ADDS = ("is_json",)
WORDS = frozenset({"ISJSON"})


def rewrite(root: Node, ctx: Context) -> Node:
    if not ctx.standalone or ctx.settings.in_routine:
        return root
    for node in every(root, exp.EQ, exp.NEQ, exp.GT):
        call = node.this
        if not is_call(call, "ISJSON") or len(call.expressions) != 1:
            continue
        value = integer(node.expression)
        if (node.__class__, value) not in ((exp.EQ, 1), (exp.NEQ, 0), (exp.GT, 0)):
            raise ctx.refuse("SC4204", node, function="ISJSON")
        ctx.consume(str(value))
        op = "is_json" if ctx.has("is_json") else "check_json"
        made = ctx.op(op, node, None, x=call.expressions[0])
        if node is root:
            if made.parent is not None:
                made.pop()
            root = made
        else:
            node.replace(made)
    return root
