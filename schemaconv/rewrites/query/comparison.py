"""Comparisons of values of different types. SQL Language Reference, "Implicit Data Conversion"."""

from __future__ import annotations

from ...ir.types import Type
from ...sql.context import Context
from ...sql.convert import as_date, assigned, number_as_date, to_number, to_text
from ...sql.flags import matched
from ...sql.kinds import MOMENTS
from ...sql.tree import Node, exp, literal_text

REMOVES = "implicit_conversion"

NODES = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In, exp.Like)


def node(node: Node, ctx: Context) -> Node:
    if isinstance(node.parent, exp.Update) and node.arg_key == "expressions":
        return _assignment(node, ctx)
    operands = _operands(node)
    families = [ctx.typer.family(o) for o in operands]
    if not isinstance(node, exp.Like):
        moment = next((ctx.infer(o).type for o, f in zip(operands, families, strict=True) if f in MOMENTS), None)
        numbers = "number" in families
        for operand, kind in zip(operands, families, strict=True):
            parent, key, index = operand.parent, operand.arg_key, operand.index
            made = _converted(operand, kind, moment, numbers, ctx)
            if made is not operand and parent is not None and key is not None:
                parent.set(key, made, index)
        _strip(operands, ctx)
    if isinstance(node, exp.Like) and ctx.has("strict_types"):
        text = to_text(node.this, ctx)
        if text is not node.this:
            node.set("this", text)
    if not isinstance(node, exp.Like):
        _match(node, ctx)
    _forget_empties(node, operands, ctx)
    return node


def _match(node: Node, ctx: Context) -> None:
    """Flags beside numbers, also where one side is a query for one value."""
    operands = _operands(node)
    for side in (node.args.get("this"), node.args.get("expression"), node.args.get("query")):
        if isinstance(side, exp.Subquery) and isinstance(side.this, exp.Select) and all(
            side is not o for o in operands
        ):
            operands.append(side)
    places = [(o.parent, o.arg_key, o.index) for o in operands]
    for operand, made, (parent, key, index) in zip(operands, matched(operands, ctx), places, strict=True):
        if made is not operand and parent is not None and key is not None:
            parent.set(key, made, index)


def _strip(operands: list[Node], ctx: Context) -> None:
    """Literals without the blanks at their end, where such blanks do not count at the source."""
    traits = ctx.source.traits
    others = [ctx.infer(o).type.kind for o in operands if not isinstance(o, exp.Literal)]
    fixed = bool(others) and all(kind in ("char", "nchar") for kind in others)
    if not traits.get("text_padding_compares") and not (fixed and traits.get("char_padding_compares")):
        return
    for operand in operands:
        text = literal_text(operand)
        if text is not None and text.endswith(" ") and text.strip(" "):
            ctx.consume(text)
            operand.set("this", text.rstrip(" "))


def _converted(operand: Node, kind: str, moment: Type | None, numbers: bool, ctx: Context) -> Node:
    """One side of a comparison as the source converts it: to the date or the number on the other side."""
    if kind == "text" and moment is not None:
        return as_date(operand, ctx, moment)
    if kind == "text" and numbers:
        return to_number(operand, ctx)
    if kind == "number" and moment is not None:
        return number_as_date(operand, moment, ctx)
    return operand


def _assignment(node: Node, ctx: Context) -> Node:
    """``SET column = value``."""
    if isinstance(node.this, exp.Column):
        made = assigned(node.expression, ctx.infer(node.this).type, ctx)
        if made is not node.expression:
            node.set("expression", made)
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


def _forget_empties(node: Node, operands: list[Node], ctx: Context) -> None:
    """Compared for equality with a text that is not empty, '' and NULL are one, unless the whole is negated."""
    if not ctx.empties:
        return
    plain = isinstance(node, (exp.EQ, exp.In, exp.Like)) and node.find_ancestor(exp.Not) is None
    if plain and any(isinstance(o, exp.Literal) for o in operands):
        for operand in operands:
            ctx.empties.pop(id(operand), None)
