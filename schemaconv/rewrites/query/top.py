"""``SELECT TOP n``: a limit behind the query, or a condition on the rows' ranks.

Transact-SQL reference, "TOP"; Teradata "SQL Data Manipulation Language", "TOP n Operator".
"""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, call, exp, integer, number, source_function
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
        if options is None or query is None:
            continue
        limit.set("limit_options", None)
        percent, ties = options.args.get("percent"), options.args.get("with_ties")
        if percent and integer(limit.expression) == 100:
            ctx.consume("100")
            query.set("limit", None)
        elif percent or (ties and not ctx.has("row_limit_ties")):
            query.set("limit", None)
            _ranked(query, limit.expression, bool(percent), bool(ties), ctx)
        elif ties:
            wording = exp.LimitOptions(rows=True, with_ties=True)
            query.set("limit", exp.Fetch(direction="FIRST", count=limit.expression, limit_options=wording))
    return root


def _ranked(query: Node, count: Node, percent: bool, ties: bool, ctx: Context) -> None:
    """The rows up to a rank: with the ties of the last, or a share of all rows, rounded up."""
    order = query.args.get("order")
    late = query.args.get("distinct") or query.args.get("qualify")
    if order is None or late or not isinstance(query, exp.Select):
        raise ctx.refuse("SC4246", query, what="TOP ... PERCENT" if percent else "TOP ... WITH TIES")
    rank = exp.Window(this=source_function("RANK" if ties else "ROW_NUMBER"), order=order.copy(), over="OVER")
    if percent:
        rows = exp.Window(this=source_function("COUNT", exp.Star()), over="OVER")
        share = exp.Div(this=exp.Mul(this=rows, expression=count), expression=number("100.0"))
        share.meta["whole"] = True
        count = call("CEILING", share)
    query.set("qualify", exp.Qualify(this=exp.LTE(this=rank, expression=count)))
