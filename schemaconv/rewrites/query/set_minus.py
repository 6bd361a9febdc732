"""MINUS, which is EXCEPT, and what to do where a target lacks it."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp
from . import every

REMOVES = "minus"
NEEDS = (exp.Except, exp.Intersect)


def rewrite(root: Node, ctx: Context) -> Node:
    operations = every(root, exp.Except, exp.Intersect)
    if operations and not ctx.has("except"):
        what = "MINUS" if isinstance(operations[0], exp.Except) else "INTERSECT"
        raise ctx.refuse("SC4254", operations[0], what=what)
    # All set operators of the source bind equally, from left to right; on targets INTERSECT binds tighter.
    for operation in every(root, exp.Intersect):
        left = operation.this
        if isinstance(left, exp.SetOperation) and not isinstance(left, exp.Intersect):
            operation.set("this", exp.Subquery(this=left))
    return root
