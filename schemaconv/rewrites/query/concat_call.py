"""CONCAT(a, b, ...) where NULL counts as an empty text and ``||`` does not count it so.

Transact-SQL reference, "CONCAT": null values are converted to an empty string; the result is never NULL.
"""

from __future__ import annotations

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.convert import to_text
from ...sql.kinds import TEXT
from ...sql.tree import Node, exp, is_call, is_null
from . import every

REMOVES = "concat_call"
UNLESS = "null_joins_as_empty"
TRAIT = "plus_joins_text"             # where + joins texts, and CONCAT is what skips NULL
ADDS = ("null_concat",)
WORDS = frozenset({"CONCAT"})


def rewrite(root: Node, ctx: Context) -> Node:
    for node in every(root, exp.Anonymous):
        if not is_call(node, "CONCAT") or node.meta.get("done"):
            continue
        parts = [_filled(to_text(a, ctx), ctx) for a in list(node.expressions) if not is_null(a)]
        made: Node = parts[0] if parts else exp.Literal(this="", is_string=True)
        for part in parts[1:]:
            made = exp.DPipe(this=made, expression=part)
        made.meta["known"] = Known(TEXT, True)
        if node is root:
            if made.parent is not None:
                made.pop()
            root = made
        else:
            node.replace(exp.Paren(this=made) if isinstance(node.parent, exp.Binary) else made)
    return root


def _filled(part: Node, ctx: Context) -> Node:
    if ctx.typer.not_null(part):
        return part
    return ctx.op("blank_for_null", part, Known(TEXT, True), s=part)
