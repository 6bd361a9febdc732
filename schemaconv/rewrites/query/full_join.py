"""FULL JOIN, where the target lacks it."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp
from . import every

REMOVES = "full_join"
NEEDS = (exp.Join,)


def rewrite(root: Node, ctx: Context) -> Node:
    if not ctx.has("full_join"):
        for join in every(root, exp.Join):
            if str(join.args.get("side") or "").upper() == "FULL":
                raise ctx.refuse("SC4255", join)
    return root
