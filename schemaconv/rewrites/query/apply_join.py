"""``CROSS APPLY`` and ``OUTER APPLY``: a join to what is computed for each row.

Transact-SQL reference, "FROM", and SQL Language Reference, "SELECT": OUTER APPLY keeps the rows that it finds nothing
for.
"""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp
from . import every

REMOVES = "apply_join"
NEEDS = (exp.Lateral,)


def rewrite(root: Node, ctx: Context) -> Node:
    for lateral in every(root, exp.Lateral):
        cross, join = lateral.args.get("cross_apply"), lateral.parent
        if cross is None or not isinstance(join, exp.Join):
            if not ctx.has("lateral") and isinstance(lateral.this, exp.Subquery):
                raise ctx.refuse("SC4222", lateral, what="LATERAL")
            continue
        what = "CROSS APPLY" if cross else "OUTER APPLY"
        called = lateral.this.expression if isinstance(lateral.this, exp.Dot) else lateral.this
        if not ctx.has("lateral") or not isinstance(called, (exp.Subquery, exp.Anonymous)):
            raise ctx.refuse("SC4222", lateral, what=what)
        lateral.set("cross_apply", None)
        if isinstance(lateral.this.this, exp.Values) and not ctx.has("values_in_lateral"):
            lateral.this.set("this", _selected(lateral.this.this, lateral))
        if cross:
            join.set("kind", "CROSS")
        else:
            join.set("side", "LEFT")
            join.set("on", exp.Boolean(this=True))
    return root


def _selected(values: exp.Values, lateral: Node) -> Node:
    """``VALUES (a), (b)`` as SELECT a UNION ALL SELECT b, each column with the name that the alias gives it."""
    names = lateral.args["alias"].args.get("columns") or []
    made: Node | None = None
    for row in values.expressions:
        cells = [c.copy() for c in (row.expressions if isinstance(row, exp.Tuple) else [row])]
        if len(cells) == len(names):
            cells = [exp.Alias(this=c, alias=n.copy()) for c, n in zip(cells, names, strict=True)]
        select = exp.Select(expressions=cells)
        made = select if made is None else exp.Union(this=made, expression=select, distinct=False)
    assert made is not None
    lateral.args["alias"].set("columns", None if names else lateral.args["alias"].args.get("columns"))
    return made
