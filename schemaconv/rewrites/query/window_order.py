"""Aggregates over a sorted window without a frame, in a source where the order alone leaves the whole partition.

Teradata SQL Functions, Expressions, and Predicates, "Window Aggregate Functions": without ROWS the group of rows is
that between the first and the last of the partition, with ORDER BY or without; the standard ends it at the current row.
"""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, call_name, exp
from . import every

REMOVES = "window_order"
TRAIT = "window_order_keeps_all"
NEEDS = (exp.Window,)


def rewrite(root: Node, ctx: Context) -> Node:
    for window in every(root, exp.Window):
        inner = window.this
        while isinstance(inner, (exp.IgnoreNulls, exp.RespectNulls)):
            inner = inner.this
        framed = window.args.get("order") is None or window.args.get("spec") is not None
        if framed or not isinstance(inner, exp.Anonymous):
            continue
        name = call_name(inner).upper()
        rows = ctx.source.rows.get(name, ())
        if any(r.aggregate for r in rows) or name in ("FIRST_VALUE", "LAST_VALUE"):
            sides = {"start": "UNBOUNDED", "start_side": "PRECEDING", "end": "UNBOUNDED", "end_side": "FOLLOWING"}
            window.set("spec", exp.WindowSpec(kind="ROWS", **sides))
    return root
