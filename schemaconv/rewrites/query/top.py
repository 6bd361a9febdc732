"""``SELECT TOP n``: a limit behind the query, or a condition on the rows' ranks.

Transact-SQL reference, "TOP"; Teradata "SQL Data Manipulation Language", "TOP n Operator".
"""

from __future__ import annotations

from ...sql.context import Context
from ...sql.ranks import ranked
from ...sql.tree import Node, exp, integer
from . import every

REMOVES = "top_clause"
ADDS = ("fetch_clause", "qualify_clause")
NEEDS = (exp.Limit,)


def rewrite(root: Node, ctx: Context) -> Node:
    for limit in every(root, exp.Limit):
        options = limit.args.get("limit_options")
        query = limit.parent
        while isinstance(limit.expression, exp.Paren):
            limit.set("expression", limit.expression.this)
        if not ctx.has("limit_computed") and not isinstance(limit.expression, (exp.Literal, exp.Column)):
            raise ctx.refuse("SC5166", limit)
        if options is None or query is None:
            continue
        limit.set("limit_options", None)
        percent, ties = options.args.get("percent"), options.args.get("with_ties")
        if percent and integer(limit.expression) == 100:
            ctx.consume("100")
            query.set("limit", None)
        elif percent or (ties and not ctx.has("row_limit_ties")):
            query.set("limit", None)
            ranked(query, limit.expression, bool(percent), bool(ties), ctx, "TOP")
        elif ties:
            wording = exp.LimitOptions(rows=True, with_ties=True)
            query.set("limit", exp.Fetch(direction="FIRST", count=limit.expression, limit_options=wording))
    return root
