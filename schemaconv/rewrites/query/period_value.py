"""Periods: ``PERIOD(a, b)``, and their two ends. The target has ranges, or keeps the text of a period.

Teradata SQL Data Types and Literals, "Period Data Types": the end does not belong to the period; UNTIL_CHANGED is the
last day, or the last moment, that there is.
"""

from __future__ import annotations

from ...ir.fragment import Constant, Known
from ...ir.types import Type
from ...sql.context import Context
from ...sql.intervals import moment
from ...sql.tree import Node, call_name, exp, literal_text, string

REMOVES = "period_value"
ADDS = ("function",)
NODES = (exp.Anonymous,)
NAMES = frozenset({"PERIOD", "PERIOD_BEGIN", "PERIOD_END"})

_LAST = {"date": "9999-12-31", "timestamp": "9999-12-31 23:59:59.999999", "zoned": "9999-12-31 23:59:59.999999+00:00"}
_RANGES = {"date": "date", "timestamp": "timestamp", "zoned": "timestamptz"}


def node(node: Node, ctx: Context) -> Node:
    name = call_name(node).upper()  # type: ignore[arg-type]
    if name not in NAMES or node.meta.get("done"):
        return node
    ctx.consume(name)
    return _made(node, ctx) if name == "PERIOD" else _end(node, name, ctx)


def _made(node: Node, ctx: Context) -> Node:
    values = list(node.expressions)
    if len(values) != 2:
        raise ctx.refuse("SC4204", node, function="PERIOD")
    family = "date" if ctx.infer(values[0]).type.kind == "date" else ctx.typer.family(values[0])
    if family not in _RANGES or (family == "date" and ctx.infer(values[0]).type.kind != "date"):
        raise ctx.refuse("SC4204", node, function="PERIOD")
    if isinstance(values[1], exp.Column) and values[1].name == "UNTIL_CHANGED":
        ctx.consume("UNTIL_CHANGED")
        day = Constant("date" if family == "date" else "timestamp", _LAST[family])
        values[1] = moment(day, ctx, True)
    kind = _RANGES[family]
    known = Known(Type("period", unit=kind), True)
    if ctx.family.way(f"period_{kind}") is not None:
        return ctx.op(f"period_{kind}", node, known, a=values[0], b=values[1])
    texts = [literal_text(v.expressions[0]) if isinstance(v, exp.Anonymous) and v.expressions else None for v in values]
    if None in texts:
        raise ctx.refuse("SC4204", node, function="PERIOD")
    ctx.consume(*(t for t in texts if t is not None))
    made = string(f"('{texts[0]}', '{texts[1]}')")
    made.meta["known"] = known
    return made


def _end(node: Node, name: str, ctx: Context) -> Node:
    shown = name.removeprefix("PERIOD_")
    value = node.expressions[0] if len(node.expressions) == 1 else None
    type_ = ctx.infer(value).type if value is not None else None
    if value is None or type_ is None or type_.kind != "period":
        raise ctx.refuse("SC4204", node, function=shown)
    node.set("this", shown)
    return ctx.op(name.lower(), node, ctx.infer(node), p=value)
