"""ISJSON(x) = 1 and ISJSON(x) = 0, which is a number at the source and a condition on the targets.

Transact-SQL reference, "ISJSON": 1 for a JSON object or array, 0 for other text, NULL for NULL.
"""

from __future__ import annotations

from typing import Final

from ...sql.context import Context
from ...sql.tree import Node, exp, integer, is_call, parens
from . import every

REMOVES = "json_flag"
ADDS = ("is_json",)
WORDS = frozenset({"ISJSON"})

_YES: Final = ((exp.EQ, 1), (exp.NEQ, 0), (exp.GT, 0))
_NO: Final = ((exp.EQ, 0), (exp.NEQ, 1), (exp.LT, 1))


def rewrite(root: Node, ctx: Context) -> Node:
    of_table = ctx.standalone and not ctx.settings.in_routine
    for node in every(root, exp.EQ, exp.NEQ, exp.GT, exp.LT):
        call = node.this
        if not is_call(call, "ISJSON") or len(call.expressions) != 1:
            continue
        value = integer(node.expression)
        asked = (node.__class__, value)
        if asked not in _YES and (asked not in _NO or of_table):
            raise ctx.refuse("SC4204", node, function="ISJSON")
        ctx.consume(str(value))
        op = ("is_json" if ctx.has("is_json") else "check_json") if of_table else "holds_json"
        made = ctx.op(op, node, None, x=call.expressions[0])
        if asked in _NO:
            made = exp.Not(this=parens(made.pop() if made.parent is not None else made))
        if node is root:
            if made.parent is not None:
                made.pop()
            root = made
        else:
            node.replace(made)
    return root
