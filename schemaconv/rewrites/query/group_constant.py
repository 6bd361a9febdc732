"""Constants in GROUP BY, which group nothing: a target takes a number for a place in the select list.

SQL Language Reference 23ai, "SELECT", group_by_clause (the parameter group_by_position_enabled is false by default);
PostgreSQL, "SELECT", "GROUP BY Clause". In Teradata a number is a place too.
"""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, call, exp, literal_text, number
from . import selects

REMOVES = "group_constant"
NEEDS = (exp.Group,)


def rewrite(root: Node, ctx: Context) -> Node:
    for select in selects(root):
        group = select.args.get("group")
        if group is None:
            continue
        kept = [item for item in group.expressions if not _constant(item, ctx)]
        if len(kept) == len(group.expressions):
            continue
        for item in group.expressions:
            if item not in kept:
                ctx.consume(literal_text(item) or item.name)
        group.set("expressions", kept)
        if not kept and not any(group.args.get(k) for k in ("grouping_sets", "cube", "rollup")):
            select.set("group", None)  # one group, and none where there is no row
            some = exp.GT(this=call("COUNT", exp.Star()), expression=number(0))
            having = select.args.get("having")
            select.set("having", exp.Having(this=exp.and_(having.this, some, copy=False) if having else some))
    return root


def _constant(item: Node, ctx: Context) -> bool:
    if isinstance(item, exp.Literal) and not item.is_string:
        return not ctx.source.traits.get("group_positions")
    return isinstance(item, (exp.Literal, exp.Null))
