"""``MAX(COUNT(*)) ... GROUP BY a``: an aggregate over the groups, as a query over the one that groups.

SQL Language Reference, "Aggregate Functions": aggregates of aggregates are asked of the groups that GROUP BY and HAVING
leave, and the select list has nothing else.
"""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp, identifier, nodes, unused
from . import selects

REMOVES = "nested_aggregate"
ADDS = ("unnamed_derived_table", "grouping_sets")
NEEDS = (exp.Group,)


def rewrite(root: Node, ctx: Context) -> Node:
    for select in selects(root):
        if select.args.get("group") is None:
            continue
        outer = [n for item in select.expressions for n in nodes(item) if _nests(n, ctx)]
        if outer:
            _apart(select, outer, ctx)
    return root


def _aggregates(node: Node, ctx: Context) -> bool:
    return isinstance(node, exp.Anonymous) and any(r.aggregate for r in ctx.source.rows.get(str(node.name).upper(), ()))


def _nests(node: Node, ctx: Context) -> bool:
    """Whether ``node`` is an aggregate with another one among its arguments."""
    if not _aggregates(node, ctx) or isinstance(node.parent, (exp.Window, exp.WithinGroup)):
        return False
    inner = [n for a in node.expressions for n in nodes(a)]
    plain = not any(isinstance(n, (exp.Query, exp.Window)) for n in inner)
    return plain and any(_aggregates(n, ctx) for n in inner)


def _apart(select: exp.Select, outer: list[Node], ctx: Context) -> None:
    taken = {n.this for n in nodes(select.root()) if isinstance(n, exp.Identifier)}
    inner = exp.Select(expressions=[])
    for clause in ("from_", "joins", "laterals", "where", "group", "having"):
        inner.set(clause, select.args.get(clause))
        select.set(clause, None)
    for key in ("distinct", "order"):  # of a single row
        select.set(key, None)
    for call in outer:
        arguments: list[Node] = []
        for argument in call.expressions:
            if isinstance(argument, exp.Distinct):
                raise ctx.refuse("SC4204", call, function=f"{str(call.name).upper()} of an aggregate with DISTINCT")
            title = identifier(unused("GROUP_VALUE", taken))
            inner.append("expressions", exp.Alias(this=argument.copy(), alias=title))
            column = exp.Column(this=title.copy())
            column.meta["known"] = ctx.infer(argument)
            arguments.append(column)
        call.set("expressions", arguments)
    select.set("from_", exp.From(this=exp.Subquery(this=inner)))
