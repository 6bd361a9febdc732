"""``LAG(x, n, default)`` where a target takes no default: it stands in the rows that have none before or behind them.

SQL Language Reference, "LAG", "LEAD": the default is given where the offset goes beyond the window, and not for a NULL.
"""

from __future__ import annotations

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.kinds import INTEGER
from ...sql.tree import Node, call_name, exp, source_function
from . import every

REMOVES = "shifted_default"
ADDS = ("function", "null_order", "window_default_frame")
NEEDS = (exp.Window,)


def rewrite(root: Node, ctx: Context) -> Node:
    for window in every(root, exp.Window):
        call = window.this
        if not isinstance(call, exp.Anonymous) or len(call.expressions) != 3:
            continue
        name = call_name(call).upper()
        if name not in ("LAG", "LEAD") or ctx.family.way(f"{name.lower()}_default") is not None:
            continue
        value, offset, default = call.expressions
        call.set("expressions", [value, offset])
        row = window.copy()
        row.set("this", source_function("ROW_NUMBER"))
        row.meta["known"] = Known(INTEGER, True)
        if name == "LEAD":
            rows = exp.Window(this=source_function("COUNT", exp.Star()), over="OVER")
            rows.set("partition_by", [p.copy() for p in window.args.get("partition_by") or ()] or None)
            end: Node = exp.Sub(this=rows, expression=offset.copy())
            test: Node = exp.GT(this=row, expression=end)
        else:
            test = exp.LTE(this=row, expression=offset.copy())
        made = exp.Case(ifs=[exp.If(this=test, true=default.copy())])
        made.meta["known"] = Known(ctx.infer(value).type)
        window.replace(made)
        made.set("default", window)
    return root
