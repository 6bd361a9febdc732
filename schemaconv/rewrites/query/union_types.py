"""Branches of UNION and its kin: a flag beside a number is a number.

Transact-SQL reference, "Data type precedence".
"""

from __future__ import annotations

from ...sql.context import Context
from ...sql.flags import from_flag
from ...sql.select_list import put_value
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
            for block, value in zip(branches, values, strict=True):
                made = from_flag(value, ctx)
                if made is not value:
                    put_value(block, i, made)
    return node
