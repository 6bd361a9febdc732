"""CHOOSE(index, a, b, ...) as a CASE. Transact-SQL reference, "CHOOSE": NULL for an index beyond the list."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.kinds import is_integer
from ...sql.tree import Node, exp, is_call, number, put, source_function
from . import every

REMOVES = "choose_call"
TRAIT = "typed_arithmetic"
ADDS = ("implicit_conversion_of_case",)
WORDS = frozenset({"CHOOSE"})


def rewrite(root: Node, ctx: Context) -> Node:
    for node in every(root, exp.Anonymous):
        if not is_call(node, "CHOOSE") or node.meta.get("done") or len(node.expressions) < 2:
            continue
        index, *values = list(node.expressions)
        if not is_integer(ctx.infer(index).type):  # a fraction is cut off
            index = source_function("ROUND", index, number(0), number(1))
        made = exp.Case(this=index, ifs=[exp.If(this=number(i + 1), true=v) for i, v in enumerate(values)])
        made.meta["start"] = node.meta.get("start", 0)
        root = put(node, made, root)
    return root
