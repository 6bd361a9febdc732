"""``OFFSET ... FETCH FIRST n ROWS ONLY`` as LIMIT; WITH TIES where the target has it, else by ranks, as PERCENT.

SQL Language Reference, "SELECT", row_limiting_clause: a share of the rows is rounded up.
"""

from __future__ import annotations

from ...sql.context import Context
from ...sql.ranks import between
from ...sql.tree import Node, exp, number
from . import every

REMOVES = "fetch_clause"
ADDS = ("qualify_clause",)
NEEDS = (exp.Fetch, exp.Offset)


def rewrite(root: Node, ctx: Context) -> Node:
    for fetch in every(root, exp.Fetch):
        query = fetch.parent
        assert query is not None
        options = fetch.args.get("limit_options")
        percent = bool(options is not None and options.args.get("percent"))
        ties = bool(options is not None and options.args.get("with_ties"))
        count = fetch.args.get("count") or number(1)
        if percent or (ties and not ctx.has("row_limit_ties")):
            offset = query.args.get("offset")
            between(query, count, percent, ties, ctx, offset.expression if offset is not None else None)
            query.set("limit", None)
            query.set("offset", None)
        elif not ties:
            query.set("limit", exp.Limit(expression=count))
    for offset in every(root, exp.Offset):
        query = offset.parent
        if query is not None and query.args.get("limit") is None and not ctx.has("offset_alone"):
            most = ctx.family.words.get("all_rows")
            if most is None:
                raise ctx.refuse("SC4246", offset, what="OFFSET without FETCH")
            query.set("limit", exp.Limit(expression=number(most)))
    return root
