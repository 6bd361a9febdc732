"""``FROM (t) x``: a table alone in parentheses, which targets take for a query."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp
from . import every

REMOVES = "table_in_parens"
NEEDS = (exp.Subquery,)


def rewrite(root: Node, ctx: Context) -> Node:
    for query in every(root, exp.Subquery):
        table = query.this
        plain = isinstance(table, exp.Table) and not any(table.args.get(k) for k in ("joins", "pivots", "sample"))
        if not plain or query.args.get("joins") or query.args.get("pivots"):
            continue
        if query.args.get("alias") is not None:
            if table.args.get("alias") is not None:
                continue
            table.set("alias", query.args["alias"])
        query.replace(table)
    return root
