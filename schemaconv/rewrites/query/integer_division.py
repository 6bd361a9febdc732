"""``/`` between whole numbers cuts at the source, and so does MOD; on some targets ``/`` never does. Between decimals
it gives as many digits as the source's rules say."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.convert import to_number
from ...sql.kinds import is_integer
from ...sql.quotients import scaled
from ...sql.tree import Node, exp

REMOVES = "division_of_integers_that_cuts"
TRAIT = "integer_division"

NODES = (exp.Div, exp.Mul, exp.Mod)


def node(node: Node, ctx: Context) -> Node:
    for side in ("this", "expression"):
        value = node.args[side]
        made = to_number(value, ctx) if ctx.has("strict_types") else value
        if made is not value:
            node.set(side, made)
    if not isinstance(node, exp.Div):
        return node
    left, right = node.this, node.expression
    known = ctx.infer(node)
    sides = (ctx.infer(left).type, ctx.infer(right).type)
    if all(is_integer(t) for t in sides):
        return ctx.op("divide_whole", node, known, a=left, b=right)
    if "unknown" in (ctx.typer.family(left), ctx.typer.family(right)):
        ctx.say("SC4241", node, what="a quotient")
    exact = None if node.meta.get("whole") else scaled(node, left, right, known, ctx)
    if exact is not None:
        return exact
    return ctx.op("divide", node, known, a=left, b=right)
