"""Aggregates over an order of their own: LISTAGG and percentiles WITHIN GROUP, and their windows."""

from __future__ import annotations

from dataclasses import replace

from ...sql.call_parts import aggregate_in
from ...sql.calls import say
from ...sql.context import Context
from ...sql.kinds import is_integer
from ...sql.rows import Row
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
        return _in_sorted_window(aggregate, order, node.parent, ctx)
    arguments = list(aggregate.expressions)
    distinct = bool(arguments) and isinstance(arguments[0], exp.Distinct)
    if distinct:
        arguments = [*arguments[0].expressions, *arguments[1:]]
        aggregate.set("expressions", arguments)
    row, why = ctx.typer.choose(aggregate)
    if row is None:
        code = {"name": "SC4201", "arguments": "SC4204", "type": "SC4202"}[why]
        raise ctx.refuse(code, node, function=call_name(aggregate).upper())
    if distinct and ctx.family.way("listagg_distinct_numbers") is not None and row.op == "listagg":
        if (numbers := _distinct_numbers(node, row, arguments, order, ctx)) is not None:
            return numbers
    made = say(node, row, arguments, ctx, {"order": list(order.expressions)})
    if distinct:
        first = made.find(exp.Order)
        value = first.this if isinstance(made, exp.GroupConcat) and first is not None else None
        if value is None:
            value = next(n for n in made.walk() if isinstance(n, exp.Anonymous)).expressions[0]
        value.replace(exp.Distinct(expressions=[value.copy()]))
    return made


def _distinct_numbers(node: Node, row: Row, arguments: list[Node], order: exp.Order, ctx: Context) -> Node | None:
    """``LISTAGG(DISTINCT n) WITHIN GROUP (ORDER BY n)``: the numbers are sorted as such, and become texts afterwards.

    ``None`` where the value is a text. Raises :class:`Refused` for another order than that of the value itself, which
    an aggregate of different values does not have.
    """
    value, keys = arguments[0], order.expressions
    same = len(keys) == 1 and isinstance(keys[0], exp.Ordered) and keys[0].this == value
    whole = is_integer(ctx.infer(value).type)
    if not same or (ctx.typer.family(value) != "text" and not whole):
        raise ctx.refuse("SC4204", node, function=f"{row.name} DISTINCT in another order")
    if not whole:
        return None
    first = replace(row.parameters[0], kind="any")
    changed = replace(row, op="listagg_distinct_numbers", parameters=(first, *row.parameters[1:]))
    return say(node, changed, arguments, ctx, {"order": list(keys)})


def _in_sorted_window(aggregate: exp.Anonymous, order: exp.Order, window: exp.Window, ctx: Context) -> Node:
    """LISTAGG OVER (PARTITION BY ...): an aggregate over a sorted window takes its rows in that order."""
    row, _ = ctx.typer.choose(aggregate)
    plain = row is not None and row.op == "listagg" and window.args.get("order") is None
    if row is None or not plain or ctx.family.way("listagg_in_window") is None:
        raise ctx.refuse("SC4204", aggregate, function=f"{call_name(aggregate).upper()} OVER")
    window.set("order", exp.Order(expressions=list(order.expressions)))
    sides = {"start": "UNBOUNDED", "start_side": "PRECEDING", "end": "UNBOUNDED", "end_side": "FOLLOWING"}
    window.set("spec", exp.WindowSpec(kind="ROWS", **sides))
    return say(aggregate, replace(row, op="listagg_in_window"), list(aggregate.expressions), ctx)


def _window(node: exp.Window, ctx: Context) -> Node:
    inner = node.this
    plain = isinstance(inner, exp.WithinGroup) or not inner.meta.get("was")
    aggregate = inner if plain else aggregate_in(inner)
    if aggregate is None:
        raise ctx.refuse("SC4204", node, function=f"{inner.meta['was']} OVER")
    if aggregate is not inner:  # ROUND(AVG(x)) OVER (...) is ROUND(AVG(x) OVER (...))
        whole = exp.Window(**{k: v for k, v in node.args.items() if k != "this"})
        aggregate.replace(whole)
        whole.set("this", aggregate)
        made: Node = inner.pop()
        return made
    if isinstance(inner, (exp.IgnoreNulls, exp.RespectNulls)) and not ctx.has("ignore_nulls"):
        if isinstance(inner, exp.RespectNulls):
            node.set("this", inner.this)
        else:
            raise ctx.refuse("SC4246", node, what="IGNORE NULLS")
    return node
