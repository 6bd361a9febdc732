"""``+`` between texts joins them. Transact-SQL reference, "+ (String Concatenation)", "Data type precedence"."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp, put
from . import every

REMOVES = "plus_joins_text"
TRAIT = "plus_joins_text"
ADDS = ("null_concat",)
NEEDS = (exp.Add,)

#: What a text gives way to: the sum is one of numbers or dates then.
STRONGER = frozenset({"number", "date", "timestamp", "zoned", "time", "boolean"})


def rewrite(root: Node, ctx: Context) -> Node:
    cleared: set[int] = set()
    for node in every(root, exp.Add):
        kinds = {ctx.typer.family(node.this), ctx.typer.family(node.expression)}
        if "text" not in kinds or kinds & STRONGER:
            continue
        if "unknown" in kinds:
            ctx.say("SC4241", node, what="an operand of +")
        made = exp.DPipe(this=node.this, expression=node.expression)
        made.meta["start"] = node.meta.get("start", 0)
        root = put(node, made, root)
        _forget_above(made, cleared)
    return root


def _forget_above(node: Node, cleared: set[int]) -> None:
    """Forget the types of what is around ``node``. Inner sums come first, so what was ``cleared`` has none above it."""
    outer = node.parent
    while outer is not None and id(outer) not in cleared:
        cleared.add(id(outer))
        outer.meta.pop("known", None)
        outer = outer.parent
