"""``CONCAT(a, b, c)`` where it is ``a || b || c``: NULL as soon as one of them is (Teradata, "CONCAT")."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp, is_call
from . import every

REMOVES = "joined_call"
ADDS = ("text_join",)
TRAIT = "concat_call_joins"
WORDS = frozenset({"CONCAT"})


def rewrite(root: Node, ctx: Context) -> Node:
    for node in every(root, exp.Anonymous):
        if not is_call(node, "CONCAT") or node.meta.get("done") or len(node.expressions) < 2:
            continue
        made: Node = node.expressions[0]
        for part in list(node.expressions)[1:]:
            made = exp.DPipe(this=made, expression=part)
        if node is root:
            root = made
        else:
            node.replace(exp.Paren(this=made) if isinstance(node.parent, exp.Binary) else made)
    return root
