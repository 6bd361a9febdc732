"""Aggregates over some rows of an order (KEEP, MEDIAN, PERCENTILE_CONT), where a target has none: from numbered rows.

SQL Language Reference, "FIRST", "LAST": the aggregate of the rows that come first. "MEDIAN", "PERCENTILE_CONT": the row
at 1 + n * (rows - 1), or between the two around it, rows without a value left out. "PERCENTILE_DISC": the first row
whose place is not below n * rows.
"""

from __future__ import annotations

from ...ir.fragment import Known
from ...sql.apart import Apart, set_apart
from ...sql.context import Context
from ...sql.kinds import INTEGER
from ...sql.tree import Node, call_name, exp, number, parens, source_function
from ...sql.windows import turned, windowed
from . import selects

REMOVES = "placed_aggregate"
ADDS = ("keep_first_last", "within_group", "function", "null_order", "window_default_frame", "unnamed_derived_table")
NEEDS = (exp.WithinGroup,)
WORDS = frozenset({"MEDIAN"})

_COUNT = Known(INTEGER, True)
_PERCENTILES = ("MEDIAN", "PERCENTILE_CONT", "PERCENTILE_DISC")


def rewrite(root: Node, ctx: Context) -> Node:
    for select in selects(root):
        found: list[Node] = [n for n in select.find_all(exp.WithinGroup, exp.Anonymous)
                 if n.find_ancestor(exp.Select) is select and _wanted(n, ctx)]  # fmt: skip
        if found:
            _placed(select, found, ctx)
    return root


def _call(node: Node) -> exp.Anonymous | None:
    inner = node.this if isinstance(node, exp.WithinGroup) else node
    return inner if isinstance(inner, exp.Anonymous) else None


def _wanted(node: Node, ctx: Context) -> bool:
    """Whether ``node`` is such an aggregate, and the target has no expression for it."""
    call = _call(node)
    if call is None or (call is not node and not isinstance(node, exp.WithinGroup)):
        return False
    name = call_name(call).upper()
    windowed = isinstance(node.parent, exp.Window) and node.parent.this is node
    if " KEEP " in name and isinstance(node, exp.WithinGroup):
        way = ctx.family.way("first_of_ordered")
        plain = name[:3] in ("MAX", "MIN") and len(call.expressions) == 1 and not call.find(exp.Distinct)
        return not plain or not (windowed or (way is not None and way.sql))
    if name not in _PERCENTILES or (name != "MEDIAN") is not isinstance(node, exp.WithinGroup):
        return False
    way = ctx.family.way(name.lower())
    return way is None or not way.sql or (windowed and not ctx.has("aggregate_order_in_window"))


def _placed(select: exp.Select, found: list[Node], ctx: Context) -> None:
    call = _call(found[0])
    shown = call_name(call).upper() if call is not None else ""
    shown, _, side = shown.partition(" KEEP ")
    code = "SC4217" if side else "SC4204"
    shown = f"{shown} KEEP (DENSE_RANK {side})" if side else shown
    refusal = ctx.refuse(code, found[0], what=shown, function=shown)
    group = select.args.get("group")
    keys = list(group.expressions) if group is not None else []
    plain = (exp.Column, exp.Anonymous, exp.Binary, exp.Paren, exp.Case, exp.Literal)
    windowed = [isinstance(n.parent, exp.Window) for n in found]
    if any(not isinstance(k, plain) for k in keys) or any(w and keys for w in windowed) or select.args.get("qualify"):
        raise refusal
    apart = set_apart(select, ctx, refusal)
    for node, over in zip(found, windowed, strict=True):
        parts = [p.copy() for p in (node.parent.args.get("partition_by") or () if over and node.parent else keys)]
        if over and node.parent is not None and (node.parent.args.get("order") or node.parent.args.get("spec")):
            raise refusal
        made = _made(node, parts, apart, ctx)
        if made is None:
            raise refusal
        node.replace(made)
    apart.close()


def _made(node: Node, parts: list[Node], apart: Apart, ctx: Context) -> Node | None:
    call = _call(node)
    assert call is not None
    name, _, side = call_name(call).upper().partition(" KEEP ")
    ctx.consume(name)
    keys = list(node.expression.expressions) if isinstance(node, exp.WithinGroup) else []
    if side:
        return _kept(call, name, side, keys, parts, apart)
    value = call.expressions[0] if name == "MEDIAN" and call.expressions else None
    if name != "MEDIAN" and len(keys) == 1:
        value = keys[0].this if isinstance(keys[0], exp.Ordered) else keys[0]
    share = call.expressions[0] if name != "MEDIAN" else None
    if value is None or (name != "PERCENTILE_DISC" and ctx.typer.family(value) != "number"):
        return None
    if share is not None and not isinstance(share, exp.Literal):
        return None
    down = bool(keys) and isinstance(keys[0], exp.Ordered) and bool(keys[0].args.get("desc"))
    order = exp.Ordered(this=value.copy(), desc=down, nulls_first=False)
    row = apart.column(_counted("ROW_NUMBER", [], parts, [order]), "ROW_PLACE")
    rows = apart.column(_counted("COUNT", [value], parts, []), "ROW_COUNT")
    for column in (row, rows):
        column.meta["known"] = _COUNT
    if share is None:
        twice = exp.Mul(this=row, expression=number(2))
        end = exp.Add(this=rows.copy(), expression=number(2))
        test: Node = exp.Between(this=twice, low=rows, high=end)
        return source_function("AVG", _when(test, value.copy()))
    if name == "PERCENTILE_CONT":
        before = exp.Paren(this=exp.Sub(this=rows, expression=number(1)))
        place = exp.Paren(this=exp.Add(this=number(1), expression=exp.Mul(this=share.copy(), expression=before)))
        away = exp.Sub(this=exp.Mul(this=number("1.0"), expression=row), expression=place)
        near = exp.Sub(this=number(1), expression=source_function("ABS", away))
        weight = source_function("GREATEST", number(0), near)
        return source_function("SUM", exp.Mul(this=parens(value.copy()), expression=weight))
    least = source_function("CEIL", exp.Mul(this=rows, expression=share.copy()))
    test = exp.EQ(this=row, expression=source_function("GREATEST", number(1), least))
    return source_function("MIN", _when(test, value.copy()))


def _kept(call: exp.Anonymous, name: str, side: str, keys: list[Node], parts: list[Node], apart: Apart) -> Node | None:
    order = [turned(k) if side == "LAST" else k for k in keys]
    place = apart.column(_counted("RANK", [], parts, order), "KEEP_PLACE")
    place.meta["known"] = _COUNT
    first = exp.EQ(this=place, expression=number(1))
    if len(call.expressions) != 1:
        return None
    value = call.expressions[0]
    if isinstance(value, exp.Distinct):
        if len(value.expressions) != 1:
            return None
        return source_function(name, exp.Distinct(expressions=[_when(first, value.expressions[0].copy())]))
    return source_function(name, _when(first, number(1) if isinstance(value, exp.Star) else value.copy()))


def _when(test: Node, value: Node) -> exp.Case:
    return exp.Case(ifs=[exp.If(this=test, true=value)])


def _counted(name: str, arguments: list[Node], parts: list[Node], keys: list[Node]) -> exp.Window:
    made = windowed(source_function(name, *(a.copy() for a in arguments)), parts, keys)
    made.meta["known"] = _COUNT
    return made
