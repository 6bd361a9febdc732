"""Derived tables without a name, where the target wants one."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp, identifier, nodes
from . import every

REMOVES = "unnamed_derived_table"
NEEDS = (exp.Subquery,)


def rewrite(root: Node, ctx: Context) -> Node:
    if ctx.has("unnamed_derived_table"):
        return root
    taken: set[str] | None = None
    count = 0
    for query in reversed(every(root, exp.Subquery)):
        derived = isinstance(query.this, exp.Query) and not isinstance(query.this, exp.Subquery)
        if derived and isinstance(query.parent, (exp.From, exp.Join)) and not query.alias:
            if taken is None:
                taken = {str(i.this).upper() for i in nodes(root) if isinstance(i, exp.Identifier)}
            count += 1
            while f"Q{count}" in taken:
                count += 1
            query.set("alias", exp.TableAlias(this=identifier(f"Q{count}")))
    return root
