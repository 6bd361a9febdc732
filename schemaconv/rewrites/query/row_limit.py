"""``OFFSET ... FETCH FIRST n ROWS ONLY`` as LIMIT, WITH TIES where the target has it."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp, number
from . import every

REMOVES = "fetch_clause"
NEEDS = (exp.Fetch, exp.Offset)


def rewrite(root: Node, ctx: Context) -> Node:
    for fetch in every(root, exp.Fetch):
        query = fetch.parent
        assert query is not None
        options = fetch.args.get("limit_options")
        if options is not None and options.args.get("percent"):
            raise ctx.refuse("SC4246", fetch, what="FETCH ... PERCENT")
        if options is not None and options.args.get("with_ties"):
            if not ctx.has("row_limit_ties"):
                raise ctx.refuse("SC4246", fetch, what="FETCH ... WITH TIES")
            continue
        count = fetch.args.get("count") or number(1)
        query.set("limit", exp.Limit(expression=count))
    for offset in every(root, exp.Offset):
        query = offset.parent
        if query is not None and query.args.get("limit") is None and not ctx.has("offset_alone"):
            raise ctx.refuse("SC4246", offset, what="OFFSET without FETCH")
    return root
