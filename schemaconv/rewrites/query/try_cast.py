"""TRY_CAST(value AS type) and TRY_CONVERT(type, value): NULL for what is no such value.

Transact-SQL reference, "TRY_CAST", "CAST and CONVERT": an empty text is 0 as a whole number or float, and none as a
decimal.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from ...ir.fragment import Known
from ...ir.types import Type
from ...sql import date_texts
from ...sql.casts import spelling
from ...sql.context import Context
from ...sql.convert import as_date
from ...sql.kinds import INTEGER, family, is_integer, read_type
from ...sql.tree import Node, cast_to, exp, is_call, literal_text, number, put
from . import every

REMOVES = "try_cast"
ADDS = ("convert_call", "cast_type")
WORDS = frozenset({"TRY_CAST", "TRY_CONVERT", "ISDATE"})
#: The bits of whole numbers, less the one for the sign; the unsigned one has eight.
BITS = {"smallint": 15, "integer": 31, "bigint": 63}

#: Texts that are numbers, and those that are 0 without being one.
WHOLE = re.compile(r" *[-+]?[0-9]+ *")
DECIMAL = re.compile(r" *[-+]?([0-9]+\.?[0-9]*|\.[0-9]+) *")
FLOAT = re.compile(r" *[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,3})? *")
EMPTY = re.compile(r" *[-+]?")


def rewrite(root: Node, ctx: Context) -> Node:
    for node in every(root, exp.Anonymous):
        if is_call(node, "ISDATE") and len(node.expressions) == 1 and not node.meta.get("done"):
            root = _is_date(node, root, ctx)
        if not is_call(node, "TRY_CAST", "TRY_CONVERT") or node.meta.get("done") or len(node.expressions) != 2:
            continue
        first = is_call(node, "TRY_CONVERT")
        value, named = node.expressions[first], literal_text(node.expressions[not first])
        wanted = read_type(named or "", ctx.source.types)
        if wanted is None or named is None:
            continue
        made = _tried(node, value, wanted, named, ctx)
        if made is not None:
            made.meta["start"] = node.meta.get("start", 0)
            root = put(node, made, root)
    return root


def _tried(node: Node, value: Node, wanted: Type, named: str, ctx: Context) -> Node | None:
    given = ctx.typer.family(value)
    if family(wanted) == "text" and given in ("text", "number", "date", "timestamp"):
        return cast_to(value, named)  # never fails
    if given == "text" and family(wanted) in ("date", "timestamp"):
        return _moment(node, value, wanted, ctx)
    if given not in ("text", "number") or wanted.kind not in (*BITS, "utinyint", "decimal", "double"):
        return None
    if given == "number" and not is_integer(ctx.infer(value).type):
        return None
    limits = _limits(wanted)
    text = literal_text(value)
    if text is not None:
        ctx.consume(text)
        return _constant(text, wanted, limits, ctx)
    if wanted.kind == "double":
        return None  # an exponent may be too large
    holes = {"low": _number(-limits[0]), "high": _number(limits[1])}
    op = "try_number" if given == "number" else "try_text_decimal" if wanted.kind == "decimal" else "try_text_whole"
    known = Known(replace(wanted, raw=""))
    made = cast_to(ctx.op(op, node, known, s=value, **holes), spelling(wanted, ctx) or "")
    made.meta["done"] = True
    made.meta["known"] = known
    return made


def _is_date(node: Node, root: Node, ctx: Context) -> Node:
    """ISDATE(x): 1 where the text can become a datetime."""
    value = node.expressions[0]
    if ctx.typer.family(value) != "text" or (literal_text(value) is None and ctx.family.way("try_timestamp") is None):
        return root
    tried = _moment(node, value, Type("timestamp", precision=3, raw="DATETIME"), ctx)
    if tried is None:
        return root
    test = exp.Not(this=exp.Is(this=tried, expression=exp.Null()))
    made = exp.Case(ifs=[exp.If(this=test, true=number(1))], default=number(0))
    made.meta["known"] = Known(INTEGER, True)
    ctx.consume("ISDATE")
    return put(node, made, root)


def _moment(node: Node, value: Node, wanted: Type, ctx: Context) -> Node | None:
    """A text as a date: known at once, or by the forms that every session reads."""
    text = literal_text(value)
    known = Known(replace(wanted, raw=""))
    if text is not None:
        found = date_texts.read(text, ctx.settings.dates, bool(ctx.source.is_counted(wanted)))
        if found is None:
            ctx.consume(text)
            return exp.Null()
        return as_date(value.copy(), ctx, wanted)
    op = "try_date" if wanted.kind == "date" else "try_timestamp"
    spelled = spelling(wanted, ctx)
    if ctx.family.way(op) is None or spelled is None:
        return None
    ctx.say("SC4393", node, order=ctx.settings.dates.shown)
    made = ctx.op(op, node, known, s=value.copy())
    if wanted.kind != "date":
        made = cast_to(made, spelled)
        made.meta["done"] = True
        made.meta["known"] = known
    return made


def _constant(text: str, wanted: Type, limits: tuple[int, int], ctx: Context) -> Node:
    """The number that a text gives, or NULL."""
    form = {"double": FLOAT, "decimal": DECIMAL}.get(wanted.kind, WHOLE)
    if wanted.kind != "decimal" and EMPTY.fullmatch(text):
        value = Decimal(0)
    elif form.fullmatch(text):
        value = Decimal(text.strip())
    else:
        return exp.Null()
    if not -limits[0] <= value <= limits[1]:
        return exp.Null()
    digits: Node = number(str(abs(value)))
    made = cast_to(exp.Neg(this=digits) if value < 0 else digits, spelling(wanted, ctx) or "")
    made.meta["done"] = True
    made.meta["known"] = Known(replace(wanted, raw=""), True)
    return made


def _limits(wanted: Type) -> tuple[int, int]:
    """How far below and above zero values may lie."""
    if wanted.kind == "utinyint":
        return 0, 255
    if wanted.kind in BITS:
        return 2 ** BITS[wanted.kind], 2 ** BITS[wanted.kind] - 1
    if wanted.kind == "decimal":
        most = 10 ** ((wanted.precision or 18) - (wanted.scale or 0)) - 1
        return most, most
    return 10**300, 10**300


def _number(value: int) -> Node:
    made = number(abs(value))
    return exp.Neg(this=made) if value < 0 else made
