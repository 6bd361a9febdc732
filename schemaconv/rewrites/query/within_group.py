"""Aggregates over an order of their own: LISTAGG and percentiles WITHIN GROUP, and their windows."""

from __future__ import annotations

from ...sql.calls import say
from ...sql.context import Context
from ...sql.tree import Node, call_name, exp

REMOVES = "within_group"
NEEDS = (exp.WithinGroup,)
ADDS = ("null_order",)

NODES = (exp.WithinGroup, exp.Window)


def rewrite(root: Node, ctx: Context) -> Node:
    """Hide ordered aggregates from the rewrite of plain calls: they are written as a whole."""
    for node in root.find_all(exp.WithinGroup):
        node.this.meta["done"] = True
    return root


def node(node: Node, ctx: Context) -> Node:
    if isinstance(node, exp.Window):
        return _window(node, ctx)
    if node.meta.get("done"):  # written by another rewrite
        return node
    aggregate, order = node.this, node.expression
    if not isinstance(aggregate, exp.Anonymous) or not isinstance(order, exp.Order):
        raise ctx.refuse("SC4204", node, function="WITHIN GROUP")
    if isinstance(node.parent, exp.Window) and not ctx.has("aggregate_order_in_window"):
        raise ctx.refuse("SC4204", node, function=f"{call_name(aggregate).upper()} OVER")
    arguments = list(aggregate.expressions)
    distinct = bool(arguments) and isinstance(arguments[0], exp.Distinct)
    if distinct:
        arguments = [*arguments[0].expressions, *arguments[1:]]
        aggregate.set("expressions", arguments)
    row, why = ctx.typer.choose(aggregate)
    if row is None:
        code = {"name": "SC4201", "arguments": "SC4204", "type": "SC4202"}[why]
        raise ctx.refuse(code, node, function=call_name(aggregate).upper())
    made = say(node, row, arguments, ctx, {"order": list(order.expressions)})
    if distinct:
        first = made.find(exp.Order)
        value = first.this if isinstance(made, exp.GroupConcat) and first is not None else None
        if value is None:
            value = next(n for n in made.walk() if isinstance(n, exp.Anonymous)).expressions[0]
        value.replace(exp.Distinct(expressions=[value.copy()]))
    return made


def _window(node: exp.Window, ctx: Context) -> Node:
    inner = node.this
    if isinstance(inner, (exp.IgnoreNulls, exp.RespectNulls)) and not ctx.has("ignore_nulls"):
        if isinstance(inner, exp.RespectNulls):
            node.set("this", inner.this)
        else:
            raise ctx.refuse("SC4246", node, what="IGNORE NULLS")
    return node
