"""``/`` never cuts at the source; between whole numbers it does on some targets."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.convert import to_number
from ...sql.kinds import family, is_integer
from ...sql.tree import Node, exp

REMOVES = "binary_division_of_integers"
UNLESS = "integer_division"

NODES = (exp.Div, exp.Mul)


def node(node: Node, ctx: Context) -> Node:
    left, right = node.this, node.expression
    if ctx.has("strict_types"):
        left, right = to_number(left, ctx), to_number(right, ctx)
        for side, value in (("this", left), ("expression", right)):
            if value is not node.args[side]:
                node.set(side, value)
    if isinstance(node, exp.Mul):
        return node
    known = ctx.infer(node)
    if family(known.type) in ("days", "months"):
        return node
    cut = not (_fractional(left, ctx) or _fractional(right, ctx))
    made = ctx.op("divide_integers" if cut else "divide", node, known, a=left, b=right)
    made.meta["fraction"] = True
    return made


def _fractional(node: Node, ctx: Context) -> bool:
    """Whether the target surely holds ``node`` in a type with a fraction."""
    if node.meta.get("fraction"):
        return True
    match node:
        case exp.Literal():
            return not node.is_string and not node.this.isdigit()
        case exp.Paren() | exp.Neg():
            return _fractional(node.this, ctx)
        case exp.Add() | exp.Sub() | exp.Mul():
            return _fractional(node.this, ctx) or _fractional(node.expression, ctx)
        case exp.Column() | exp.Cast():
            type_ = ctx.infer(node).type
            return family(type_) == "number" and not (is_integer(type_) and ctx.settings.integers)
        case _:
            return False
