"""Pseudo-columns that no target has: ROWID, LEVEL and their kin."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, call_name, exp

REMOVES = "pseudo_column"
WORDS = frozenset({"ROWID", "ORA_ROWSCN", "LEVEL", "CONNECT_BY_ISLEAF", "CONNECT_BY_ISCYCLE"})


def rewrite(root: Node, ctx: Context) -> Node:
    for node in root.find_all(exp.Anonymous):
        if not node.expressions and call_name(node) in WORDS:
            raise ctx.refuse("SC4209", node, what=call_name(node))
    for column in root.find_all(exp.Column) if ctx.source.traits.get("pseudo_columns") else ():
        if column.name in ("ROWID", "ORA_ROWSCN") and column.this.meta.get("folded"):
            raise ctx.refuse("SC4209", column, what=column.name)
    return root
