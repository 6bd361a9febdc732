"""CAST: the target's type, and what the conversion really does."""

from __future__ import annotations

from ...ir.types import Type
from ...sql.context import Context
from ...sql.convert import to_text
from ...sql.kinds import family, is_moment, read_type
from ...sql.tree import Node, cast_to, exp, type_of_cast

REMOVES = "cast_type"

NODES = (exp.Cast,)


def node(node: Node, ctx: Context) -> Node:
    assert isinstance(node, exp.Cast)
    if node.meta.get("done"):
        return node
    spelled = type_of_cast(node)
    wanted = read_type(spelled, ctx.source.types)
    if wanted is None:
        raise ctx.refuse("SC4208", node, type=spelled)
    known = ctx.infer(node)
    given = ctx.typer.family(node.this)
    target = family(wanted)
    value: Node = node.this
    if target == "date":
        if given == "text":
            raise ctx.refuse("SC4207", node, what="a text cast to DATE")
        if given == "date":
            return value
        made = ctx.op("cast_date", node, known, d=value)
        return made
    if target == "text":
        if is_moment(ctx.infer(value).type):
            raise ctx.refuse("SC4207", node, what="a date cast to text")
        if given == "number":
            value = to_text(value, ctx)
    if target in ("timestamp", "zoned") and given == "text":
        raise ctx.refuse("SC4207", node, what="a text cast to TIMESTAMP")
    made = cast_to(value, _spelling(wanted, spelled, node, ctx))
    made.meta["done"] = True
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
