"""A WITH query that names itself: targets want the word RECURSIVE."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp

REMOVES = "implicit_recursion"
NEEDS = (exp.With,)


def rewrite(root: Node, ctx: Context) -> Node:
    for with_ in list(root.find_all(exp.With)):
        for cte in with_.expressions:
            name = cte.alias
            if any(t.name == name and not t.args.get("db") for t in cte.this.find_all(exp.Table)):
                with_.set("recursive", True)
    return root
