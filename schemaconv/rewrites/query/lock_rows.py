"""FOR UPDATE, where the target locks no rows."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp
from . import selects

REMOVES = "lock_rows"
NEEDS = (exp.Lock,)


def rewrite(root: Node, ctx: Context) -> Node:
    for select in selects(root):
        if select.args.get("locks") and not ctx.has("lock_rows"):
            ctx.say("SC4251", select)
            ctx.consume(*(t.name for k in select.args["locks"] for t in k.find_all(exp.Table)))
            select.set("locks", None)
    return root
