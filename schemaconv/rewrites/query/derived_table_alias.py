"""Derived tables without a name, where the target wants one."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp, identifier
from . import every

REMOVES = "unnamed_derived_table"
NEEDS = (exp.Subquery,)


def rewrite(root: Node, ctx: Context) -> Node:
    if ctx.has("unnamed_derived_table"):
        return root
    taken = {i.this.upper() for i in root.find_all(exp.Identifier)}
    count = 0
    for query in reversed(every(root, exp.Subquery)):
        derived = isinstance(query.this, exp.Query) and not isinstance(query.this, exp.Subquery)
        if derived and isinstance(query.parent, (exp.From, exp.Join)) and not query.alias:
            count += 1
            while f"Q{count}" in taken:
                count += 1
            query.set("alias", exp.TableAlias(this=identifier(f"Q{count}")))
    return root
