"""``date + 1``, ``date - date`` and interval arithmetic. SQL Language Reference, "Datetime/Interval Arithmetic"."""

from __future__ import annotations

from fractions import Fraction

from ...ir.fragment import Constant, Known
from ...sql.context import Context
from ...sql.convert import as_date, to_integer, to_number
from ...sql.intervals import Parts, interval, moment
from ...sql.kinds import DATE, DAYS, INTEGER, NUMBER, TIMESTAMP, is_integer
from ...sql.tree import Node, exp
from . import every

REMOVES = "date_arithmetic"
NEEDS = (exp.Add, exp.Sub)

NODES = (exp.Add, exp.Sub)

MOMENTS = ("date", "timestamp", "zoned")


def rewrite(root: Node, ctx: Context) -> Node:
    """Constant numbers of days become intervals before anything looks at their divisions."""
    for node in every(root, exp.Add, exp.Sub):
        left, right = ctx.typer.family(node.this), ctx.typer.family(node.expression)
        known = ctx.infer(node)
        if known.type.kind == "date" and ctx.source.traits.get("date_sum_is_date"):
            pass  # days are counted, and the sum is a day
        elif left in MOMENTS and right == "number":
            _parts_of_day(node, ctx)
            _constant(node.expression, node.this, ctx)
        elif right in MOMENTS and left == "number" and isinstance(node, exp.Add):
            _constant(node.this, node.expression, ctx)
        node.meta["known"] = known
    return root


def _constant(node: Node, moment: Node, ctx: Context) -> None:
    days = _value(node)
    if days is None or (days.denominator == 1 and ctx.infer(moment).type.kind == "date"):
        return  # a day without a time takes a number of days
    seconds = days * 86400
    if seconds.denominator != 1:
        seconds = Fraction(round(seconds))  # a date has whole seconds
    ctx.consume_tree(node)
    node.replace(interval(Parts(0, seconds), ctx, node) if seconds else _zero(ctx, node))


#: Parts of a day by their seconds.
_UNITS = {3600: "hours", 60: "minutes", 1: "seconds"}


def _parts_of_day(node: Node, ctx: Context) -> None:
    """``date + n / 24``, ``date + n * 1 / 1440`` and their kin: whole hours, minutes or seconds are counted."""
    other, factor = node.expression, Fraction(1)
    while isinstance(other, (exp.Paren, exp.Mul, exp.Div)):
        if isinstance(other, exp.Paren):
            other = other.this
            continue
        right = _value(other.expression)
        left = _value(other.this) if isinstance(other, exp.Mul) else None
        if right:
            factor, other = (factor * right if isinstance(other, exp.Mul) else factor / right), other.this
        elif left:
            factor, other = factor * left, other.expression
        else:
            return
    unit = _UNITS.get(int(factor * 86400)) if (factor * 86400).denominator == 1 else None
    if unit is None or _value(other) is not None or not is_integer(ctx.infer(other).type):
        return
    ctx.consume_tree(node.expression)
    node.meta["unit"] = unit
    node.set("expression", other.copy())


def _zero(ctx: Context, node: Node) -> Node:
    made = interval(Parts(0, Fraction(86400)), ctx, node)
    literal = next(iter(made.find_all(exp.Literal)))
    literal.replace(exp.Literal(this=literal.this.replace("1", "0"), is_string=literal.is_string))
    return made


def _value(node: Node) -> Fraction | None:
    """The value of an expression of number literals."""
    match node:
        case exp.Literal() if not node.is_string:
            return Fraction(node.this)
        case exp.Paren():
            return _value(node.this)
        case exp.Neg():
            inner = _value(node.this)
            return None if inner is None else -inner
        case exp.Mul() | exp.Div() | exp.Add() | exp.Sub():
            left, right = _value(node.this), _value(node.expression)
            if left is None or right is None:
                return None
            match node:
                case exp.Mul():
                    return left * right
                case exp.Div():
                    return left / right if right else None
                case exp.Add():
                    return left + right
                case _:
                    return left - right
    return None


def node(node: Node, ctx: Context) -> Node:
    left, right = ctx.typer.family(node.this), ctx.typer.family(node.expression)
    minus = isinstance(node, exp.Sub)
    known = ctx.infer(node)
    for side in (node.this, node.expression):
        if ctx.typer.family(side) == "text" and ctx.infer(side).type.raw.upper().startswith("INTERVAL"):
            raise ctx.refuse("SC4203", side, function="a sum with an interval, which is kept as text")
    if {left, right} & set(MOMENTS) and "text" in (left, right) and ctx.source.traits.get("date_text_order"):
        text, beside = ("this", node.expression) if left == "text" else ("expression", node.this)
        node.set(text, as_date(node.args[text], ctx, ctx.infer(beside).type))  # the weaker type is brought to the other
        left = right = "timestamp"
    if left in MOMENTS and right in MOMENTS:
        if not minus and not ctx.source.traits.get("number_is_day_since"):
            raise ctx.refuse("SC4204", node, function="date + date")
        return _difference(node, left, right, ctx)
    if left in MOMENTS or right in MOMENTS:
        date, other = (node.this, node.expression) if left in MOMENTS else (node.expression, node.this)
        return _shift(node, date, other, known, ctx)
    if "unknown" in (left, right) and left != right and {left, right} <= {"unknown", "number"}:
        odd = node.this if left == "unknown" else node.expression
        if isinstance(odd, exp.Column):
            ctx.say("SC4241", odd, what=odd.name)
    for side in ("this", "expression"):
        value = node.args[side]
        made = to_number(value, ctx) if ctx.has("strict_types") and "number" in (left, right) else value
        if made is not value:
            node.set(side, made)
    return node


def _difference(node: Node, left: str, right: str, ctx: Context) -> Node:
    a, b = node.this, node.expression
    if first := str(ctx.source.traits.get("number_is_day_since") or ""):  # both count from the first day
        start = moment(Constant("timestamp", f"{first} 00:00:00"), ctx, False)
        op = "moments_apart" if isinstance(node, exp.Sub) else "moments_summed"
        sure = ctx.typer.not_null(a) and ctx.typer.not_null(b)
        return ctx.op(op, node, Known(TIMESTAMP, sure), a=a, b=b, start=start)
    sure = ctx.typer.not_null(a) and ctx.typer.not_null(b)
    known = Known(INTEGER if ctx.source.traits.get("date_sum_is_date") else NUMBER, sure)
    if left == right == "date":
        days = ctx.infer(a).type.kind == ctx.infer(b).type.kind == "date"
        bare = days or (ctx.settings.bare_dates and isinstance(a, exp.Column) and isinstance(b, exp.Column))
        return ctx.op("bare_days_between" if bare else "days_between", node, known, a=a, b=b)
    return ctx.op("interval_between", node, Known(DAYS, sure), a=a, b=b)


def _shift(node: Node, date: Node, other: Node, known: Known, ctx: Context) -> Node:
    kind, minus = ctx.typer.family(other), isinstance(node, exp.Sub)
    verb = "minus" if minus else "plus"
    if kind in ("days", "months"):
        if kind == "months":
            ctx.say("SC4258", node)
        bare = ctx.source.traits.get("date_sum_is_date") and ctx.infer(date).type.kind == "date"
        return ctx.op(f"{verb}_interval_bare" if bare else f"{verb}_interval", node, known, d=date, i=other)
    if minus and date is node.expression:
        raise ctx.refuse("SC4204", node, function="number - date")
    if "unit" in node.meta:
        return ctx.op(f"{verb}_{node.meta['unit']}", node, Known(DATE, known.not_null), d=date, n=other)
    if kind == "text":
        other = to_number(other, ctx)
    elif kind == "unknown" and isinstance(other, exp.Column):
        ctx.say("SC4241", other, what=other.name)
    whole = is_integer(ctx.infer(other).type) or (
        kind == "unknown" and bool(ctx.source.traits.get("date_sum_is_date"))
    )
    if whole and ctx.infer(date).type.kind == "date":  # a day without a time stays one
        other = to_integer(other, ctx)
        return ctx.op(f"{verb}_days_bare", node, Known(ctx.infer(date).type, known.not_null), d=date, n=other)
    op = f"{verb}_days_whole" if whole else f"{verb}_days"
    return ctx.op(op, node, Known(DATE, known.not_null), d=date, n=other)
