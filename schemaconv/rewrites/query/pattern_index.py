"""PATINDEX('%pattern%', text) as the place of a regular expression. Transact-SQL reference, "PATINDEX", "LIKE"."""

from __future__ import annotations

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.kinds import INTEGER
from ...sql.patterns import regex
from ...sql.tree import Node, exp, is_call, literal_text, put, string
from . import every

REMOVES = "pattern_index"
TRAIT = "like_classes"
WORDS = frozenset({"PATINDEX"})


def rewrite(root: Node, ctx: Context) -> Node:
    for node in every(root, exp.Anonymous):
        if not is_call(node, "PATINDEX") or node.meta.get("done") or len(node.expressions) != 2:
            continue
        pattern, value = literal_text(node.expressions[0]), node.expressions[1]
        if pattern is None or ctx.typer.family(value) not in ("text", "unknown"):
            raise ctx.refuse("SC4204", node, function="PATINDEX")
        ctx.consume(pattern)
        known = Known(INTEGER, ctx.typer.not_null(value))
        body = pattern.removeprefix("%")
        text = regex(body).removeprefix("^") if body != pattern else regex(body)
        root = put(node, ctx.op("pattern_position", node, known, s=value, pattern=string(text)), root)
    return root
