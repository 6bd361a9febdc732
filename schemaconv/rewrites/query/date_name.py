"""DATENAME(part, date) of a part that has no name: its number as text. Transact-SQL reference, "DATENAME"."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, cast_to, exp, is_call, literal_text, put, source_function
from . import every

REMOVES = "date_name"
TRAIT = "typed_arithmetic"
ADDS = ("cast_type",)
WORDS = frozenset({"DATENAME"})
#: Parts that have a name of their own, and the offset of a zone.
NAMED = frozenset({"MONTH", "MM", "M", "WEEKDAY", "DW", "TZOFFSET", "TZ"})


def rewrite(root: Node, ctx: Context) -> Node:
    for node in every(root, exp.Anonymous):
        if not is_call(node, "DATENAME") or node.meta.get("done") or len(node.expressions) != 2:
            continue
        if (literal_text(node.expressions[0]) or "MONTH").upper() in NAMED:
            continue
        part = source_function("DATEPART", *node.expressions)
        part.meta["start"] = node.meta.get("start", 0)
        root = put(node, cast_to(part, "nvarchar(30)"), root)
    return root
