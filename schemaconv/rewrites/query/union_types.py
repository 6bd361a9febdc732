"""Branches of UNION and its kin: a flag beside a number is a number.

Transact-SQL reference, "Data type precedence".
"""

from __future__ import annotations

from ...sql.context import Context
from ...sql.flags import from_flag
from ...sql.tree import Node, exp
from . import blocks

REMOVES = "implicit_conversion_of_branches"

NODES = (exp.Union, exp.Except, exp.Intersect)


def node(node: Node, ctx: Context) -> Node:
    if isinstance(node.parent, exp.SetOperation):
        return node  # the outermost one sees every branch
    branches = blocks(node)
    width = min(len(b.expressions) for b in branches) if branches else 0
    for i in range(width):
        items = [b.expressions[i] for b in branches]
        if any(item.is_star for item in items):
            break
        values = [item.this if isinstance(item, exp.Alias) else item for item in items]
        kinds = {ctx.typer.family(v) for v in values}
        if {"boolean", "number"} <= kinds:
            for block, item, value in zip(branches, items, values, strict=True):
                made = from_flag(value, ctx)
                if made is value:
                    continue
                if item is value:
                    block.set("expressions", made, i)
                else:
                    item.set("this", made)
    return node
