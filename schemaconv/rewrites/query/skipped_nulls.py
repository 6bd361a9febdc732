"""IGNORE NULLS where a target has neither it nor arrays: rows that share the last value there was are a partition.

SQL Language Reference, "LAST_VALUE", "LAG", "LEAD": values counted up to a row say which was the last one.
"""

from __future__ import annotations

from ...ir.fragment import Known
from ...sql.apart import set_apart
from ...sql.context import Context
from ...sql.kinds import INTEGER
from ...sql.tree import Node, call_name, exp, integer, source_function
from ...sql.windows import turned, windowed
from . import selects

REMOVES = "skipped_nulls"
ADDS = ("ignore_nulls", "null_order", "function", "unnamed_derived_table")
NEEDS = (exp.IgnoreNulls,)

_LATE = ("group", "having", "qualify")


def rewrite(root: Node, ctx: Context) -> Node:
    if ctx.has("ignore_nulls") or ctx.family.way("array_of_window") is not None:
        return root
    for select in selects(root):
        while (window := _next(select)) is not None:
            _told(select, window, ctx)
    return root


def _parts(window: exp.Window) -> tuple[str, list[Node]] | None:
    """The function and its arguments, where it skips NULLs."""
    inner = window.this
    call = inner.this if isinstance(inner, exp.IgnoreNulls) else inner
    if not isinstance(call, exp.Anonymous):
        return None
    values = [v.this if isinstance(v, exp.IgnoreNulls) else v for v in call.expressions]
    skips = call is not inner or any(isinstance(v, exp.IgnoreNulls) for v in call.expressions)
    return (call_name(call).upper(), values) if skips and values else None


def _next(select: exp.Select) -> exp.Window | None:
    for window in select.find_all(exp.Window):
        if window.find_ancestor(exp.Select) is select and _parts(window) is not None:
            return window
    return None


def _told(select: exp.Select, window: exp.Window, ctx: Context) -> None:
    found = _parts(window)
    assert found is not None
    name, values = found
    refusal = ctx.refuse("SC4246", window, what=f"{name} ... IGNORE NULLS")
    order, spec = window.args.get("order"), window.args.get("spec")
    far = spec is not None and (spec.args.get("start"), spec.args.get("end")) == ("UNBOUNDED", "CURRENT ROW")
    if order is None or any(select.args.get(k) for k in _LATE) or name not in ("LAST_VALUE", "LAG", "LEAD"):
        raise refusal
    if (name == "LAST_VALUE" and spec is not None and not far) or len(values) > (1 if name == "LAST_VALUE" else 3):
        raise refusal
    if name != "LAST_VALUE" and len(values) > 1 and integer(values[1]) != 1:
        raise refusal
    if name != "LAST_VALUE" and len(values) > 1:
        ctx.consume_tree(values[1])
    keys = [turned(k) if name == "LEAD" else k.copy() for k in order.expressions]
    value, parts = values[0], list(window.args.get("partition_by") or ())
    known = Known(ctx.infer(value).type)
    apart = set_apart(select, ctx, refusal)
    counted = windowed(source_function("COUNT", value.copy()), parts, keys)
    if name == "LAST_VALUE":
        counted.set("spec", spec.copy() if spec is not None else None)
    else:
        counted.set("spec", _so_far())
    group = apart.column(counted, "VALUE_COUNT")
    group.meta["known"] = Known(INTEGER, True)
    last = windowed(source_function("MAX", value.copy()), [*parts, group], [])
    last.meta["known"] = known
    if name == "LAST_VALUE":
        window.replace(last)
        apart.close()
        return
    mark = source_function("LAG", last)
    outer = windowed(mark, parts, keys)
    window.replace(outer)
    apart.close()
    again = set_apart(select, ctx, refusal)
    column = again.column(mark.expressions[0], "LAST_THERE")
    column.meta["known"] = known
    mark.set("expressions", [column])
    if len(values) > 2:
        default = source_function("COALESCE", exp.Null(), values[2].copy())
        outer.replace(default)
        default.set("expressions", [outer, values[2].copy()])
    again.close()


def _so_far() -> exp.WindowSpec:
    sides = {"start": "UNBOUNDED", "start_side": "PRECEDING", "end": "CURRENT ROW"}
    return exp.WindowSpec(kind="ROWS", **sides)
