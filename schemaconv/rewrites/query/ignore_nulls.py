"""``LAST_VALUE(x IGNORE NULLS) OVER (...)`` where a target has no IGNORE NULLS: from an array of the window's values.

SQL Language Reference, "FIRST_VALUE", "LAST_VALUE", "NTH_VALUE", "LAG", "LEAD". An array has no element number 0: it is
NULL, as is one behind the end.
"""

from __future__ import annotations

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.tree import Node, call, call_name, exp, integer, number, put, source_function
from . import every

REMOVES = "ignore_nulls"
NEEDS = (exp.IgnoreNulls,)
ADDS = ("function", "within_group", "null_order")


def rewrite(root: Node, ctx: Context) -> Node:
    if ctx.has("ignore_nulls"):
        return root
    for node in every(root, exp.IgnoreNulls):
        window = node.find_ancestor(exp.Window)
        function = node.this if isinstance(node.this, exp.Anonymous) else node.parent
        if window is None or not isinstance(function, exp.Anonymous):
            raise ctx.refuse("SC4246", node, what="IGNORE NULLS")
        values = [v.this if isinstance(v, exp.IgnoreNulls) else v for v in function.expressions]
        if ctx.family.way("array_of_window") is None or not values:
            raise ctx.refuse("SC4246", node, what=f"{call_name(function).upper()} ... IGNORE NULLS")
        root = _from_array(window, call_name(function).upper(), values, root, ctx)
    return root


def _from_array(window: exp.Window, name: str, values: list[Node], root: Node, ctx: Context) -> Node:
    value, offset = values[0], integer(values[1]) if len(values) > 1 else 1
    if offset is None or offset < 1 or window.args.get("alias") is not None:
        raise ctx.refuse("SC4246", window, what=f"{name} ... IGNORE NULLS")
    over: dict[str, object] = {k: window.args.get(k) for k in ("partition_by", "order", "spec")}
    match name:
        case "FIRST_VALUE" | "NTH_VALUE":
            index: Node = number(offset)
        case "LAST_VALUE":
            index = _over(source_function("COUNT", value.copy()), over)
        case "LAG":
            over["spec"] = _frame("UNBOUNDED", "PRECEDING", "1", "PRECEDING")
            index = _over(source_function("COUNT", value.copy()), over)
            index = exp.Sub(this=index, expression=number(offset - 1)) if offset > 1 else index
        case "LEAD":
            over["spec"] = _frame("1", "FOLLOWING", "UNBOUNDED", "FOLLOWING")
            index = number(offset)
        case _:
            raise ctx.refuse("SC4246", window, what=f"{name} ... IGNORE NULLS")
    ctx.say("SC4309", window, function=name)
    known = Known(ctx.infer(value).type)
    filtered = exp.Filter(
        this=call("ARRAY_AGG", value.copy()),
        expression=exp.Where(this=exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null()))),
    )
    made: Node = exp.Bracket(this=exp.Paren(this=_over(filtered, over)), expressions=[index], offset=1)
    made.meta["known"] = known
    if len(values) > 2:
        made = source_function("COALESCE", made, values[2].copy())
    return put(window, made, root)


def _over(inner: Node, over: dict[str, object]) -> exp.Window:
    copied = {
        k: [p.copy() for p in v] if isinstance(v, list) else v.copy() if isinstance(v, exp.Expression) else v
        for k, v in over.items()
    }
    return exp.Window(this=inner, over="OVER", **{k: v for k, v in copied.items() if v is not None})


def _frame(start: str, start_side: str, end: str, end_side: str) -> exp.WindowSpec:
    return exp.WindowSpec(kind="ROWS", start=_bound(start), start_side=start_side, end=_bound(end), end_side=end_side)


def _bound(text: str) -> object:
    return number(text) if text.isdigit() else text
