"""Where NULLs stand in an order: last going up and first going down at the source, unless said otherwise."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp, integer
from . import every

REMOVES = "null_order"
NEEDS = (exp.Order,)
LAST = True


def rewrite(root: Node, ctx: Context) -> Node:
    for order in every(root, exp.Order):
        assert isinstance(order, exp.Order)
        if not ctx.has("nulls_order") and _measured(order):
            if not _ends_near(order.parent) and any(not ctx.typer.not_null(k.this) for k in order.expressions):
                ctx.say("SC4245", order)
            continue
        made: list[Node] = []
        for key in order.expressions:
            if isinstance(key, exp.Ordered):
                made += _key(key, order, ctx)
            else:
                made.append(key)
        order.set("expressions", made)
    return root


def _measured(order: exp.Order) -> bool:
    """Whether the order is that of a window whose frame measures from its one key: it takes no other one."""
    spec = order.parent.args.get("spec") if isinstance(order.parent, exp.Window) else None
    if spec is None or spec.args.get("kind") != "RANGE":
        return False
    return any(isinstance(spec.args.get(side), exp.Expr) for side in ("start", "end"))


def _ends_near(window: Node | None) -> bool:
    """Whether the frame of a row without a value is only that of such rows, wherever they stand."""
    spec = window.args["spec"] if window is not None else None
    return spec is not None and "UNBOUNDED" not in (spec.args.get("start"), spec.args.get("end"))


def _key(key: exp.Ordered, order: exp.Order, ctx: Context) -> list[Node]:
    descending = bool(key.args.get("desc"))
    first = bool(key.args.get("nulls_first"))
    if ctx.has("nulls_order"):
        if first != (descending if ctx.has("nulls_large") else not descending):
            key.meta["nulls"] = "FIRST" if first else "LAST"
        return [key]
    natural = descending if ctx.has("nulls_large") else not descending
    if first == natural or ctx.typer.not_null(key.this):
        return [key]
    if integer(key.this) is not None or (order.parent is not None and isinstance(order.parent, exp.SetOperation)):
        ctx.say("SC4245", key)
        return [key]
    test = exp.Is(this=key.this.copy(), expression=exp.Null())
    return [exp.Ordered(this=test, desc=first), key]
