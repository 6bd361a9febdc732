"""Comparisons of values of different types. SQL Language Reference, "Implicit Data Conversion"."""

from __future__ import annotations

import re

from ...sql import constants
from ...sql.context import Context
from ...sql.convert import to_boolean, to_number
from ...sql.intervals import moment
from ...sql.tree import Node, exp, literal_text
from ...sql.wanted import HABITUAL

REMOVES = "implicit_conversion"

NODES = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In, exp.Like)

MOMENTS = ("date", "timestamp", "zoned")


def node(node: Node, ctx: Context) -> Node:
    operands = _operands(node)
    families = [ctx.typer.family(o) for o in operands]
    if not isinstance(node, exp.Like) and "text" in families:
        dated = any(f in MOMENTS for f in families)
        for operand, kind in zip(operands, families, strict=True):
            if kind != "text" or not (dated or "number" in families):
                continue
            parent, key, index = operand.parent, operand.arg_key, operand.index
            made = _as_date(operand, ctx) if dated else to_number(operand, ctx)
            if made is not operand and parent is not None and key is not None:
                parent.set(key, made, index)
    if "boolean" in families:
        for operand in operands:
            parent, key, index = operand.parent, operand.arg_key, operand.index
            made = to_boolean(operand, ctx)
            if made is not operand and parent is not None and key is not None:
                parent.set(key, made, index)
    _forget_empties(node, operands, ctx)
    return node


def _operands(node: Node) -> list[Node]:
    match node:
        case exp.Between():
            found = [node.this, node.args["low"], node.args["high"]]
        case exp.In():
            found = [node.this, *node.expressions]
        case _:
            found = [node.this, node.expression]
    return [f for f in found if not isinstance(f, (exp.Query, exp.Tuple, exp.Any, exp.All))]


def _as_date(operand: Node, ctx: Context) -> Node:
    text = literal_text(operand)
    for model in HABITUAL if text is not None else ():
        found = constants.evaluate(text or "", model, ctx.source.date_elements)
        if found is not None and re.search(r"\d{4}|-\d\d$", text or ""):
            ctx.consume(text or "")
            ctx.say("SC4259", operand, model=model, text=text or "")
            return moment(found, ctx, True)
    raise ctx.refuse("SC4207", operand, what="a text compared with a date")


def _forget_empties(node: Node, operands: list[Node], ctx: Context) -> None:
    """Compared for equality with a text that is not empty, '' and NULL are one, unless the whole is negated."""
    plain = isinstance(node, (exp.EQ, exp.In, exp.Like)) and node.find_ancestor(exp.Not) is None
    if plain and any(isinstance(o, exp.Literal) for o in operands):
        for operand in operands:
            ctx.empties.pop(id(operand), None)
