"""FOR UPDATE: with the tables whose rows it locks; not at all where the target locks no rows."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp
from . import selects

REMOVES = "lock_rows"
NEEDS = (exp.Lock,)


def rewrite(root: Node, ctx: Context) -> Node:
    for select in selects(root):
        for lock in select.args.get("locks") or []:
            ctx.consume(*lock.meta.get("names", ()))
            if (name := lock.meta.get("loose")) is not None:
                raise ctx.refuse("SC4430", select, column=name)
            wait = lock.args.get("wait")
            if isinstance(wait, exp.Literal) and ctx.has("lock_rows"):
                ctx.say("SC4431", select, seconds=wait.name)
                ctx.consume("WAIT", wait.name)
                lock.set("wait", None)
        if select.args.get("locks") and not ctx.has("lock_rows"):
            ctx.say("SC4251", select)
            ctx.consume(*(w.name for k in select.args["locks"] for w in k.find_all(exp.Identifier, exp.Literal)))
            select.set("locks", None)
    return root
