"""GROUPING SETS, CUBE and ROLLUP, where the target lacks them."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp
from . import every

REMOVES = "grouping_sets"
NEEDS = (exp.GroupingSets, exp.Cube, exp.Rollup)


def rewrite(root: Node, ctx: Context) -> Node:
    if not ctx.has("grouping_sets"):
        for node in every(root, exp.GroupingSets, exp.Cube, exp.Rollup):
            raise ctx.refuse("SC4267", node)
    return root
