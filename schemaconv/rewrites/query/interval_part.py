"""``EXTRACT(HOUR FROM a - b)`` where a target has no values that are intervals: counted between the two times.

SQL Language Reference, "EXTRACT (datetime)": the parts of an interval all have its sign.
"""

from __future__ import annotations

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.kinds import NUMBER, is_moment
from ...sql.tree import Node, exp, is_call, literal_text, put, source_function
from . import every

REMOVES = "interval_part"
WORDS = frozenset({"EXTRACT"})
ADDS = ("function",)


def rewrite(root: Node, ctx: Context) -> Node:
    if ctx.has("interval_values"):
        return root
    for node in every(root, exp.Anonymous):
        if not is_call(node, "EXTRACT") or len(node.expressions) != 2 or ctx.source.rows.get("INTERVAL_PART") is None:
            continue
        span = node.expressions[1]
        while isinstance(span, exp.Paren):
            span = span.this
        if not isinstance(span, exp.Sub) or ctx.typer.family(span) != "days":
            continue
        ends = [span.this, span.expression]
        if not all(is_moment(ctx.infer(e).type) for e in ends) or literal_text(node.expressions[0]) is None:
            continue
        made = source_function("INTERVAL_PART", node.expressions[0].copy(), *(e.copy() for e in ends))
        made.meta["known"] = Known(NUMBER, ctx.typer.not_null(span))
        root = put(node, made, root)
    return root
