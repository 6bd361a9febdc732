"""``QUALIFY``: a condition on window functions, which other targets can only ask around the query.

Teradata "SQL Data Manipulation Language", "QUALIFY Clause": it is asked behind HAVING and in front of DISTINCT and
ORDER BY, and knows the names of the select list.
"""

from __future__ import annotations

from ...sql.context import Context
from ...sql.select_list import enclose, title, written_out
from ...sql.tree import Node, exp, identifier, known, nodes, put, unused
from . import selects

REMOVES = "qualify_clause"
ADDS = ("unnamed_derived_table",)
NEEDS = (exp.Qualify,)


def rewrite(root: Node, ctx: Context) -> Node:
    if ctx.has("qualify"):
        return root
    taken = {i.this.upper() for i in root.find_all(exp.Identifier)}
    for select in selects(root):
        if select.args.get("qualify") is not None:
            root = _around(select, taken, root, ctx)
    return root


def _around(select: exp.Select, taken: set[str], root: Node, ctx: Context) -> Node:
    """The query with the condition's window functions as further columns, inside one that asks the condition."""
    select.set("expressions", [made for item in select.expressions for made in written_out(item, select, ctx)])
    titles = [title(item, ctx) for item in select.expressions]
    condition = select.args["qualify"].this
    helpers = _Helpers(select, titles, taken)
    condition = helpers.outside(condition)
    order = select.args.get("order")
    if order is not None:
        for key in order.expressions:
            value = key.this if isinstance(key, exp.Ordered) else key
            if not value.is_int:
                value.replace(helpers.outside(value.copy()))
    outer = exp.Select(expressions=[exp.Column(this=t.copy()) for t in titles], where=exp.Where(this=condition))
    select.set("qualify", None)
    moved = ("with_", "order", "limit", "offset", "distinct", "into")
    enclose(select, [*select.expressions, *helpers.made], outer, moved, unused("QUALIFIED", taken))
    return put(select, outer, root)


class _Helpers:
    """What the outer query needs and the select list has not: window functions, columns that are only ordered by."""

    def __init__(self, select: exp.Select, titles: list[exp.Identifier], taken: set[str]) -> None:
        self.titles = {t.this: t for t in titles}
        self.items = [(item.unalias(), named) for item, named in zip(select.expressions, titles, strict=True)]
        self.taken = taken
        self.made: list[Node] = []

    def outside(self, node: Node) -> Node:
        """``node`` as the outer query says it."""
        if isinstance(node, (exp.Window, exp.Column)):
            return self._column(node)
        for part in [n for n in nodes(node) if isinstance(n, (exp.Window, exp.Column))]:
            if part.find_ancestor(exp.Window) is None:
                part.replace(self._column(part))
        return node

    def _column(self, node: Node) -> Node:
        if isinstance(node, exp.Column) and not node.table and node.name in self.titles:
            return exp.Column(this=self.titles[node.name].copy())
        for item, named in self.items:
            if item == node:
                return exp.Column(this=named.copy())
        named = identifier(unused("QUALIFY_1", self.taken))
        self.made.append(exp.Alias(this=node.copy(), alias=named))
        self.items.append((node.copy(), named))
        column = exp.Column(this=named.copy())
        if (found := known(node)) is not None:
            column.meta["known"] = found
        return column
