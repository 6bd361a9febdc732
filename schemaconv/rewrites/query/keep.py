"""``MAX(x) KEEP (DENSE_RANK FIRST ORDER BY y)``: the greatest x of the rows that come first by y.

Sorted by y and then by x, going down and with NULLs last, the first row has it. SQL Language Reference, "FIRST" and
"LAST".
"""

from __future__ import annotations

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.tree import Node, call_name, exp, put, source_function
from ...sql.windows import turned
from . import every

REMOVES = "keep_first_last"
NEEDS = (exp.WithinGroup,)
ADDS = ("within_group", "function", "null_order", "window_default_frame")

#: Those of which one row has the result, and whether it is the last one going up.
CHOOSING = {"MAX": True, "MIN": False}


def rewrite(root: Node, ctx: Context) -> Node:
    for node in every(root, exp.WithinGroup):
        if isinstance(node.this, exp.Anonymous) and " KEEP " in call_name(node.this):
            root = _kept(node, root, ctx)
    return root


def _kept(node: Node, root: Node, ctx: Context) -> Node:
    name, _, side = call_name(node.this).partition(" KEEP ")
    values = list(node.this.expressions)
    shown = f"{name} KEEP (DENSE_RANK {side})"
    if name not in CHOOSING or len(values) != 1 or isinstance(values[0], exp.Distinct):
        raise ctx.refuse("SC4217", node, what=shown, function=shown)
    value = values[0]
    keys = [turned(k) if side == "LAST" else k.copy() for k in node.expression.expressions]
    keys.append(exp.Ordered(this=value.copy(), desc=CHOOSING[name], nulls_first=False))
    window = node.parent
    if isinstance(window, exp.Window) and window.this is node:
        window.set("this", source_function("FIRST_VALUE", value.copy()))
        window.set("order", exp.Order(expressions=keys))
        return root
    way = ctx.family.way("first_of_ordered")
    if way is None or not way.sql:
        raise ctx.refuse("SC4217", node, what=shown, function=shown)
    made = ctx.op("first_of_ordered", node, Known(ctx.infer(value).type), x=value.copy(), order=keys)
    return put(node, made, root)
