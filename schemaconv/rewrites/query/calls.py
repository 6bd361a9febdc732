"""Calls of functions: what the source's rows say they mean, said as the target's rows say it."""

from __future__ import annotations

import re

from ...ir.fragment import Routines
from ...ir.types import Type
from ...sql.arguments import fit
from ...sql.call_parts import aggregate_in
from ...sql.calls import say
from ...sql.context import Context
from ...sql.tree import Node, call_name, exp, string

REMOVES = "function"

NODES = (exp.Anonymous,)


def node(node: Node, ctx: Context) -> Node:
    assert isinstance(node, exp.Anonymous)
    if node.meta.get("done"):
        return node
    name = call_name(node).upper()
    arguments: list[Node] = list(node.expressions)
    if any(isinstance(a, exp.Distinct) for a in arguments):
        return _distinct(node, name, arguments, ctx)
    row, why = ctx.typer.choose(node)
    if row is None:
        if why == "name" and (own := _own(name, node, ctx)) is not None:
            return own
        named = ctx.source.named.get(name) or ctx.source.named.get(name.rpartition(".")[0])
        if named is not None and why != "type":
            raise ctx.refuse(named["code"], node, function=name, what=named["note"])
        code = {"name": "SC4201", "arguments": "SC4204", "type": "SC4202"}[why]
        raise ctx.refuse(code, node, function=name)
    return say(node, row, arguments, ctx)


def _own(name: str, node: exp.Anonymous, ctx: Context) -> Node | None:
    """The call of a function of the script."""
    if (ctx.standalone and not ctx.settings.in_routine) or not isinstance(ctx.names, Routines):
        return None  # a table is made before the functions
    if not ctx.settings.in_routine and isinstance(node.root(), (exp.Insert, exp.Update, exp.Delete, exp.Merge)):
        return None  # and so are its rows
    schema, _, own = name.rpartition(".")
    arguments = tuple(_argument(a, ctx) for a in node.expressions)
    found = ctx.names.called(schema, own, arguments)
    if found is None:
        return None
    parts = [ctx.settings.quoted(p) for p in found[:2] if p]
    listed = ctx.names.parameters(schema, own, arguments)
    if listed is None:
        given = [a.copy() for a in node.expressions]
        fit(given, ctx.names.takes(schema, own), ctx)
    else:
        given = _every(listed, name, node, ctx)
    made = exp.Anonymous(this=".".join(parts), expressions=given)
    made.meta.update(done=True, known=found[2], was=name)
    ctx.consume(*name.split("."))
    ctx.immutable = False
    return made


def _argument(node: Node, ctx: Context) -> tuple[str, Type]:
    """The name that an argument is given by, and its type."""
    if isinstance(node, (exp.Kwarg, exp.PropertyEQ)):
        return node.this.name.upper(), ctx.typer.infer(node.expression).type
    return "", ctx.typer.infer(node).type


def _every(listed: tuple[tuple[str, str], ...], name: str, node: exp.Anonymous, ctx: Context) -> list[Node]:
    """All arguments in order: where the target has neither names nor defaults of parameters."""
    given: dict[str, Node] = {}
    for i, argument in enumerate(node.expressions):
        if isinstance(argument, (exp.Kwarg, exp.PropertyEQ)):
            given[argument.this.name.upper()] = argument.expression.copy()
            ctx.consume(argument.this.name)
        elif i < len(listed):
            given[listed[i][0]] = argument.copy()
    made: list[Node] = []
    for parameter, default in listed:
        if parameter in given:
            made.append(given.pop(parameter))
            continue
        text = default.strip()
        if re.fullmatch(r"\d+(?:\.\d+)?", text):
            made.append(exp.Literal.number(text))
        elif re.fullmatch(r"'(?:[^']|'')*'", text):
            made.append(string(text[1:-1].replace("''", "'")))
        elif text.upper() == "NULL":
            made.append(exp.Null())
        else:
            raise ctx.refuse("SC4204", node, function=name)
    if given or len(node.expressions) > len(listed):
        raise ctx.refuse("SC4204", node, function=name)
    return made


def _distinct(node: exp.Anonymous, name: str, arguments: list[Node], ctx: Context) -> Node:
    """``COUNT(DISTINCT x)``: the aggregate of the bare argument, with DISTINCT put back in front of it."""
    first = arguments[0]
    if not isinstance(first, exp.Distinct):
        raise ctx.refuse("SC4204", node, function=f"{name} DISTINCT")
    values = [*first.expressions, *arguments[1:]]
    bare = exp.Anonymous(this=name, expressions=[v.copy() for v in values])
    row, why = ctx.typer.choose(bare)
    if row is None or not row.aggregate:
        code = {"name": "SC4201", "arguments": "SC4204", "type": "SC4202"}.get(why, "SC4204")
        raise ctx.refuse(code, node, function=f"{name} DISTINCT")
    bare.parent = node.parent
    made = say(bare, row, list(bare.expressions), ctx)
    inside = aggregate_in(made)
    if not isinstance(made, exp.GroupConcat) and inside is None:
        raise ctx.refuse("SC4204", node, function=f"{name} DISTINCT")
    if isinstance(made, exp.GroupConcat):
        inner = made.this
        target = inner.this if isinstance(inner, exp.Order) else inner
        target.replace(exp.Distinct(expressions=[target.copy()]))
    else:
        assert inside is not None
        target = inside.expressions[0]
        target.replace(exp.Distinct(expressions=[target.copy()]))
    return made

