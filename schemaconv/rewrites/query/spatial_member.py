"""Members of a geometry or geography: ``c.Location.Lat``, ``Border.ToString()``.

Transact-SQL reference, "Spatial types": Lat and Long are NULL for what is no point; the text is WKT with the longitude
first, `POINT (-122.3 47.6)`.
"""

from __future__ import annotations

from typing import Final

from ...ir.fragment import Columns, Known
from ...ir.types import Type
from ...sql.context import Context
from ...sql.kinds import INTEGER, TEXT
from ...sql.tree import Node, call_name, exp, identifier, offset
from . import every, put_in

REMOVES = "spatial_member"
ADDS = ("null_concat", "concat_call", "function", "convert_call")
NEEDS = (exp.Column, exp.Anonymous)
TRAIT = "date_text_order"

_DOUBLE: Final = Type("double")
_PROPERTIES: Final = {
    "LAT": ("spatial_lat", _DOUBLE), "LONG": ("spatial_long", _DOUBLE), "STX": ("spatial_x", _DOUBLE),
    "STY": ("spatial_y", _DOUBLE), "STSRID": ("spatial_system", INTEGER),
}  # fmt: skip
_METHODS: Final = {
    "TOSTRING": ("spatial_text", TEXT), "STASTEXT": ("spatial_text", TEXT), "ASTEXTZM": ("spatial_text", TEXT),
    "STGEOMETRYTYPE": ("spatial_kind", TEXT),
}  # fmt: skip


def rewrite(root: Node, ctx: Context) -> Node:
    for node in every(root, exp.Column, exp.Anonymous):
        if isinstance(node, exp.Column):
            parts = [p for k in ("catalog", "db", "table", "this") if isinstance(p := node.args.get(k), exp.Identifier)]
            names, found = [p.this for p in parts], _PROPERTIES
        elif isinstance(node, exp.Anonymous) and not node.expressions and "." in call_name(node):
            names, found = call_name(node).split("."), _METHODS
        else:
            continue
        if len(names) < 2 or names[-1].upper() not in found:
            continue
        held = _held(node, names[:-1], ctx)
        if held is None:
            continue
        op, type_ = found[names[-1].upper()]
        of = ctx.infer(held).type.kind
        if op == "spatial_text" and of == "geography" and ctx.family.way("spatial_text_round") is not None:
            op = "spatial_text_round"
        if ctx.family.way(op) is None:
            raise ctx.refuse("SC4364", node, what=".".join(names).lower())
        ctx.consume(*names, call_name(node) if isinstance(node, exp.Anonymous) else "")
        ctx.say("SC4394", node, what=".".join(names).lower())
        made = ctx.op(op, node, Known(type_), g=held)
        root = put_in(node, made, root)
    return root


def _held(node: Node, names: list[str], ctx: Context) -> exp.Column | None:
    """The column of a spatial type that ``names`` mean: alone, or behind the alias or the name of its table."""
    if not isinstance(ctx.names, Columns):
        return None
    query = node.find_ancestor(exp.Select)
    while query is not None:
        for source in (query.args.get("from_"), *(query.args.get("joins") or [])):
            table = source.this if source is not None else None
            if not isinstance(table, exp.Table) or not isinstance(table.this, exp.Identifier):
                continue
            if len(names) > 1 and names[-2] != table.alias_or_name:
                continue
            known = (ctx.names.columns_of(table.db, table.name) or {}).get(names[-1])
            if known is None or known.type.kind not in ("geometry", "geography"):
                continue
            held = exp.Column(this=identifier(names[-1]))
            if len(names) > 1:
                held.set("table", identifier(names[-2]))
            held.meta.update(known=known, start=offset(node))
            return held
        query = query.find_ancestor(exp.Select)
    return None
