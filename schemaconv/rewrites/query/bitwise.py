"""``&``, ``|``, ``^`` and ``~`` over flags and over bytes.

Transact-SQL reference, "Bitwise Operators": the complement of a bit is the other bit; a tinyint has no sign, so that
the complement of 3 is 252. ``+``, ``-``, ``&``, ``|`` and ``^`` are of one rank, from left to right.
"""

from __future__ import annotations

from ...sql.context import Context
from ...sql.flags import from_flag
from ...sql.tree import Node, exp

REMOVES = "bitwise_operator"

NODES = (exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseXor, exp.BitwiseNot)
_OPERATORS = (exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseXor)


def node(node: Node, ctx: Context) -> Node:
    known = ctx.infer(node)
    if isinstance(node, exp.BitwiseNot):
        match known.type.kind:
            case "boolean":
                op = "invert_flag"
            case "bit":
                op = "invert_bit"
            case "utinyint":
                op = "invert_byte"
            case _:
                op = "bits_turned"
        return ctx.op(op, node, known, n=node.this)
    if isinstance(node.expression, (exp.Add, exp.Sub)):  # which the parser took for the stronger operator
        raise ctx.refuse("SC4204", node, function="a sum beside a bitwise operator, without parentheses")
    for side in ("this", "expression"):
        value = node.args[side]
        made = from_flag(value, ctx)
        if isinstance(made, _OPERATORS) and made.__class__ is not node.__class__:
            made = exp.Paren(this=made.copy())
        if made is not value:
            node.set(side, made)
    return ctx.op("number_to_flag", node, known, n=node.copy()) if known.type.kind == "boolean" else node
