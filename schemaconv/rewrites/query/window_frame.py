"""Aggregates over a sorted window without a frame, where the target wants one written."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, call_name, exp

REMOVES = "window_default_frame"
NEEDS = (exp.Window,)
LAST = True

#: Ranking functions take no frame.
RANKING = frozenset(
    """
        ROW_NUMBER RANK DENSE_RANK PERCENT_RANK CUME_DIST NTILE LAG LEAD LISTAGG PERCENTILE_CONT MEDIAN
        RATIO_TO_REPORT
    """.split()
)


def rewrite(root: Node, ctx: Context) -> Node:
    if ctx.has("window_default_frame"):
        return root
    for window in list(root.find_all(exp.Window)):
        inner = window.this
        if isinstance(inner, exp.IgnoreNulls):
            inner = inner.this
        if not isinstance(inner, exp.Anonymous) or call_name(inner).upper() in RANKING:
            continue
        if window.args.get("order") is not None and window.args.get("spec") is None:
            ctx.say("SC4260", window)
            frame = exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW")
            window.set("spec", frame)
    return root
