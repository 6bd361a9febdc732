"""An alias of the select list inside an expression of ORDER BY: some targets know aliases only on their own."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp, parens
from . import selects

REMOVES = "order_alias"
NEEDS = (exp.Order,)


def rewrite(root: Node, ctx: Context) -> Node:
    for select in selects(root):
        order = select.args.get("order")
        if order is None:
            continue
        aliases = {item.alias: item.this for item in select.expressions if isinstance(item, exp.Alias)}
        for key in order.expressions:
            value = key.this if isinstance(key, exp.Ordered) else key
            if isinstance(value, exp.Column):
                continue
            for column in list(value.find_all(exp.Column)):
                if not column.table and column.name in aliases:
                    column.replace(parens(aliases[column.name].copy()))
    return root
