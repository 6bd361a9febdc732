"""CAST: the target's type, and what the conversion really does."""

from __future__ import annotations

from dataclasses import replace

from ...ir.fragment import Known
from ...ir.types import Type
from ...sql.context import Context
from ...sql.convert import as_date, to_text
from ...sql.kinds import MOMENTS, family, is_integer, is_moment, read_type
from ...sql.tree import Node, cast_to, exp, integer, type_of_cast

REMOVES = "cast_type"

NODES = (exp.Cast,)
SIZED = frozenset({"char", "varchar", "nchar", "nvarchar"})


def node(node: Node, ctx: Context) -> Node:
    assert isinstance(node, exp.Cast)
    if node.meta.get("done"):
        return node
    spelled = type_of_cast(node)
    wanted = read_type(spelled, ctx.source.types)
    if wanted is None:
        raise ctx.refuse("SC4208", node, type=spelled)
    if wanted.length is None and wanted.kind in SIZED and "MAX" not in spelled.upper():
        wanted = replace(wanted, length=ctx.source.cast_length)
    known = ctx.infer(node)
    given = ctx.typer.family(node.this)
    target = family(wanted)
    value: Node = node.this
    if given == "text" and target in ("date", "timestamp", "zoned") and ctx.source.traits.get("iso_text_is_date"):
        return as_date(value, ctx, wanted)
    if target in MOMENTS and given == "binary":
        raise ctx.refuse("SC4208", node, type=spelled)
    if target == "boolean":
        return _truth(node, value, known, ctx)
    cuts = ctx.source.traits.get("integer_cast_cuts")  # the targets would round
    if cuts and is_integer(wanted) and given == "number" and not is_integer(ctx.infer(value).type):
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
            value = to_text(value, ctx)
    if target in ("timestamp", "zoned") and given == "text":
        raise ctx.refuse("SC4207", node, what="a text cast to TIMESTAMP")
    return _spelled(value, wanted, spelled, known, node, ctx)


def _spelled(value: Node, wanted: Type, spelled: str, known: Known, node: Node, ctx: Context) -> Node:
    made = cast_to(value, _spelling(wanted, spelled, node, ctx))
    made.meta["done"] = True
    made.meta["known"] = known
    return made


def _truth(node: Node, value: Node, known: Known, ctx: Context) -> Node:
    """A number as a flag: anything but 0 is true."""
    inner = value.this if isinstance(value, exp.Paren) else value
    number = integer(inner)
    if number is not None:
        ctx.consume(str(abs(number)))
        made: Node = exp.Boolean(this=number != 0)
    elif ctx.typer.family(value) == "boolean":
        return value
    elif ctx.typer.family(value) == "number":
        made = ctx.op("number_to_flag", node, known, n=value)
    else:
        raise ctx.refuse("SC4208", node, type=type_of_cast(node))  # type: ignore[arg-type]
    made.meta["known"] = known
    return made


def _spelling(wanted: Type, spelled: str, node: Node, ctx: Context) -> str:
    text = ctx.family.casts.get(wanted.kind)
    if text is None:
        raise ctx.refuse("SC4208", node, type=spelled)
    values = {
        "length": wanted.length, "precision": wanted.precision, "scale": 0 if wanted.scale is None else wanted.scale,
    }  # fmt: skip
    if wanted.kind.startswith("timestamp"):
        values["precision"] = min(wanted.precision or 0, 6)
    if wanted.kind == "decimal" and (wanted.scale or 0) < 0:
        raise ctx.refuse("SC4208", node, type=spelled)
    for key, value in values.items():
        hole = "({" + key + "})"
        if value is None:
            text = text.replace(hole, "")
        text = text.replace("{" + key + "}", str(value))
    return str(text)
