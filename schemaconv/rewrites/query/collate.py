"""COLLATE in an expression: a collation of the target that tells the same apart, or none.

Transact-SQL reference, "COLLATE", "Collation precedence".
"""

from __future__ import annotations

from ...sql.collations import compares
from ...sql.context import Context
from ...sql.tree import Node, exp, parens

REMOVES = "collate"

NODES = (exp.Collate,)


def node(node: Node, ctx: Context) -> Node:
    operand: Node = node.this
    known = ctx.infer(operand)
    name = node.expression.name
    collations = ctx.settings.collations
    wanted = compares(name) or ("ci_as" if ctx.source.traits.get("default_collation_case") == "insensitive" else "bin")
    if wanted in collations:
        made: Node = exp.Collate(this=parens(operand.copy(), 9), expression=exp.Var(this=collations[wanted]))
        made.meta["known"] = known
        return made
    if not compares(name):
        return operand
    if wanted.startswith("ci"):
        ctx.say("SC3168", node, clause=name)
        return operand
    if ctx.settings.case_insensitive_text:
        raise ctx.refuse("SC4283", node, clause=name)
    ctx.say("SC3169", node, clause=name, column="an expression")
    return operand

