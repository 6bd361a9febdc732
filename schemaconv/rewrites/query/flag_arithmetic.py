"""Flags in sums and operations on bits: the source counts with them as 0 and 1, targets with truth values do not.

``~`` turns a flag around (Transact-SQL reference, "~ (Bitwise NOT)"); of any other number it turns every bit.
"""

from __future__ import annotations

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.kinds import BOOLEAN, INTEGER
from ...sql.tree import Node, exp, number

REMOVES = "flag_arithmetic"
TRAIT = "boolean_type"

NODES = (
    exp.BitwiseNot, exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseXor, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg
)  # fmt: skip


def node(node: Node, ctx: Context) -> Node:
    if isinstance(node, exp.BitwiseNot):
        return _turned(node, ctx)
    for side in ("this", "expression"):
        value = node.args.get(side)
        if value is not None and ctx.typer.family(value) == "boolean":
            node.set(side, ctx.op("to_integer", node, Known(INTEGER, ctx.typer.not_null(value)), n=value))
    return node


def _turned(node: Node, ctx: Context) -> Node:
    inner = node.this
    if ctx.infer(inner).type.kind == "bit":  # a flag that became a number
        made = exp.Paren(this=exp.Sub(this=number("1"), expression=inner))
        made.meta["known"] = Known(INTEGER, ctx.typer.not_null(inner))
        return made
    if ctx.typer.family(inner) != "boolean":
        return ctx.op("bits_turned", node, ctx.infer(node), n=inner)
    made = exp.Paren(this=exp.Not(this=inner))
    made.meta["known"] = Known(BOOLEAN, ctx.typer.not_null(inner))
    return made
