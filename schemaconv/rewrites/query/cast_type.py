"""CAST: the target's type, and what the conversion really does."""

from __future__ import annotations

import re
from dataclasses import replace

from ...ir.fragment import Constant, Known
from ...ir.types import Type
from ...sql.casts import spelling
from ...sql.context import Context
from ...sql.convert import as_date, to_text
from ...sql.date_digits import date_digits, digits_as_date
from ...sql.flags import from_flag, is_flag, to_flag
from ...sql.intervals import moment
from ...sql.kinds import MOMENTS, family, is_integer, is_moment, read_type
from ...sql.tree import Node, cast_to, exp, literal_text, type_of_cast

REMOVES = "cast_type"

NODES = (exp.Cast,)
TIMED = frozenset({"time", "timestamp", "null"})  # what has a time of day and no zone
SIZED = frozenset({"char", "varchar", "nchar", "nvarchar"})


def node(node: Node, ctx: Context) -> Node:
    assert isinstance(node, exp.Cast)
    if node.meta.get("done"):
        return node
    spelled = type_of_cast(node)
    wanted = read_type(spelled, ctx.source.types)
    if wanted is None:
        raise ctx.refuse("SC4208", node, type=spelled)
    if wanted.length is None and wanted.kind in SIZED:
        wanted = replace(wanted, length=ctx.source.cast_length)
    known = ctx.infer(node)
    given = ctx.typer.family(node.this)
    target = family(wanted)
    value: Node = node.this
    traits = ctx.source.traits
    if given == "text" and (target in MOMENTS or (target == "time" and traits.get("date_text_order"))):
        if traits.get("iso_text_is_date") or (traits.get("date_text_order") and target in MOMENTS):
            made = as_date(value, ctx, wanted)
            made.meta["known"] = known
            return made
    if target == "time" and traits.get("iso_text_is_date") and given not in TIMED:
        text = literal_text(value) or ""
        if given != "text" or not re.fullmatch(r"\d{2}:\d{2}:\d{2}(\.\d{1,6})?", text):
            raise ctx.refuse("SC4208", node, type=spelled)
        return _spelled(value, wanted, spelled, known, node, ctx)
    odd = (target in MOMENTS and given == "time") or (target == "time" and given not in TIMED)
    unread = target == "time" and given == "text" and not ctx.has("strict_types")  # NULL for a text that is no time
    if (target in MOMENTS and given == "binary") or (odd and traits.get("date_text_order")) or unread:
        raise ctx.refuse("SC4208", node, type=spelled)
    if given in MOMENTS and target == "number" and traits.get("number_is_day_since"):
        return _spelled(_days(value, wanted, spelled, node, ctx), wanted, spelled, known, node, ctx)
    if target == "boolean":
        return _truth(node, value, known, ctx)
    if ctx.source.traits.get("number_is_date_digits") and {given, target} == {"date", "number"}:
        kinds = ctx.infer(value).type, wanted
        if given == "date" and kinds[0].kind == "date" and is_integer(wanted):
            made = date_digits(value, node, ctx)
            return made if wanted.kind == "integer" else _spelled(made, wanted, spelled, known, node, ctx)
        if given == "number" and wanted.kind == "date":
            return digits_as_date(value, wanted, known, node, ctx)
        raise ctx.refuse("SC4208", node, type=spelled)
    if given == "boolean":
        value, given = from_flag(value, ctx), "number"
        if wanted.kind == "integer" and isinstance(value, exp.Cast):
            return value
    if given == "number" and _cuts(ctx.infer(value).type, wanted, ctx):
        value = ctx.op("truncate", node, None, n=value)
    if target == "date":
        if given == "text":
            raise ctx.refuse("SC4207", node, what="a text cast to DATE")
        if given == "date" and wanted.kind != "date":
            return value
        if wanted.kind == "date":
            return _spelled(value, wanted, spelled, known, node, ctx)
        made = ctx.op("cast_date", node, known, d=value)
        return made
    if target == "text":
        if is_moment(ctx.infer(value).type):
            raise ctx.refuse("SC4207", node, what="a date cast to text")
        if given == "number":
            value = to_text(value, ctx, aligned=False)
        elif given == "binary" and ctx.source.traits.get("bytes_are_characters"):
            value = ctx.op("bytes_to_wide_text" if wanted.kind[0] == "n" else "bytes_to_text", node, None, r=value)
        elif ctx.infer(value).type.kind == "uuid":
            value = ctx.op("uuid_to_text", node, None, g=value)
    if target in ("timestamp", "zoned") and given == "text":
        raise ctx.refuse("SC4207", node, what="a text cast to TIMESTAMP")
    if target == "zoned" and traits.get("moment_is_utc") and given != "zoned":
        if given != "timestamp":
            raise ctx.refuse("SC4208", node, type=spelled)
        value = ctx.op("utc_instant", node, None, t=value)
    return _spelled(value, wanted, spelled, known, node, ctx)


def _days(value: Node, wanted: Type, spelled: str, node: Node, ctx: Context) -> Node:
    """The days that a date counts; a whole number takes the nearest, so that from noon on it is the next."""
    if not ctx.source.is_counted(ctx.infer(value).type):
        raise ctx.refuse("SC4208", node, type=spelled)
    first = moment(Constant("timestamp", f"{ctx.source.traits['number_is_day_since']} 00:00:00"), ctx, False)
    days = ctx.op("days_counted", node, None, a=value, b=first)
    if wanted.kind in ("decimal", "number", "real", "double") and not is_integer(wanted):
        return days
    return ctx.op("floor", node, None, n=exp.Add(this=days, expression=exp.Literal.number("0.5")))


def _cuts(given: Type, wanted: Type, ctx: Context) -> bool:
    """Whether the source cuts the fraction off, where the targets round; it rounds to decimals, and money."""
    whole = is_integer(wanted) and wanted.kind != "decimal"
    cuts = bool(ctx.source.traits.get("integer_cast_cuts"))
    return cuts and whole and not is_integer(given) and given.kind != "money"


def _spelled(value: Node, wanted: Type, spelled: str, known: Known, node: Node, ctx: Context) -> Node:
    made = cast_to(value, _spelling(wanted, spelled, node, ctx))
    made.meta["done"] = True
    made.meta["known"] = known
    return made


def _truth(node: Node, value: Node, known: Known, ctx: Context) -> Node:
    """A number as a flag: anything but 0 is true."""
    if not is_flag(value, ctx) and ctx.typer.family(value) not in ("boolean", "number", "null"):
        raise ctx.refuse("SC4208", node, type=type_of_cast(node))  # type: ignore[arg-type]
    made = to_flag(value, ctx)
    made.meta["known"] = known
    return made


def _spelling(wanted: Type, spelled: str, node: Node, ctx: Context) -> str:
    text = spelling(wanted, ctx)
    if text is None:
        raise ctx.refuse("SC4208", node, type=spelled)
    return text
