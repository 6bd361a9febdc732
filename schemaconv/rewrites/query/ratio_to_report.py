"""``RATIO_TO_REPORT(x) OVER (...)``: x divided by its sum over the window."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp, is_call, parens, source_function

REMOVES = "ratio_to_report"
WORDS = frozenset({"RATIO_TO_REPORT"})
ADDS = ("function", "binary_division_of_integers")


def rewrite(root: Node, ctx: Context) -> Node:
    for window in list(root.find_all(exp.Window)):
        if is_call(window.this, "RATIO_TO_REPORT") and len(window.this.expressions) == 1:
            value = window.this.expressions[0]
            known = ctx.infer(value)
            total = source_function("SUM", value.copy())
            window.set("this", total)
            empty = source_function("NULLIF", exp.Placeholder(), exp.Literal.number(0))
            made = exp.Div(this=parens(value.copy()), expression=empty)
            made.this.meta["known"] = known
            if window is root:
                root = made
            else:
                window.replace(made)
            empty.expressions[0].replace(window)
    return root


