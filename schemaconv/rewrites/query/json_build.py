"""``JSON_OBJECT``, ``JSON_ARRAY`` and their aggregates: documents of values.

SQL Language Reference, the pages of these names: objects keep NULLs unless ABSENT ON NULL says otherwise, arrays leave
them out unless NULL ON NULL does; what another of these functions gives is JSON, and so is a text with FORMAT JSON.
"""

from __future__ import annotations

import re

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.kinds import JSON
from ...sql.tree import Node, exp, is_call, literal_text
from . import every, put_in

REMOVES = "json_call"
ADDS = ("json_query",)
WORDS = frozenset({"JSON_OBJECT", "JSON_ARRAY", "JSON_OBJECTAGG", "JSON_ARRAYAGG"})

_IGNORED = re.compile(r"RETURNING (?:CLOB|JSON|N?VARCHAR2? ?(?:\([^)]*\))?)|STRICT|PRETTY|TRUNCATE|ASCII|FORMAT JSON")


def rewrite(root: Node, ctx: Context) -> Node:
    for node in every(root, exp.Anonymous):
        if not isinstance(node, exp.Anonymous) or not is_call(node, *WORDS) or node.meta.get("done"):
            continue
        name = node.name.upper()
        if ctx.family.way("json_object") is None:
            raise ctx.refuse("SC4350", node, what=name)
        options = literal_text(node.expressions[0]) or ""
        absent, rest = "ABSENT ON NULL" in options, options
        for phrase in ("ABSENT ON NULL", "NULL ON NULL"):
            rest = rest.replace(phrase, "")
        rest = _IGNORED.sub("", rest).strip()
        if rest:
            raise ctx.refuse("SC4350", node, what=f"{name} ... {rest}")
        kept = absent is False and (name.startswith("JSON_OBJECT") or "NULL ON NULL" in options)
        parts = node.expressions[1:]
        match name:
            case "JSON_OBJECT":
                made = _object(node, parts, kept, ctx)
            case "JSON_ARRAY":
                made = _array(node, [_value(p, node, ctx) for p in parts], kept, ctx)
            case "JSON_OBJECTAGG":
                made = _members(node, parts, kept, ctx)
            case _:
                made = _elements(node, parts, kept, ctx)
        ctx.consume(options)
        made.meta["json"] = "nulls" if kept else "stripped"
        made.meta["known"] = Known(JSON)
        root = put_in(node, made, root)
    return root


def _pair(part: Node, node: Node, ctx: Context) -> tuple[Node, Node]:
    if not is_call(part, "JSON PAIR") or not isinstance(part, exp.Anonymous) or len(part.expressions) != 3:
        raise ctx.refuse("SC4350", node, what=f"{node.name.upper()} of *")
    key, value, form = part.expressions
    ctx.consume(literal_text(form) or "")
    if literal_text(key) is not None and isinstance(value, exp.Column):
        ctx.consume(literal_text(key) or "")
    return key.copy(), _typed(value, literal_text(form) == "FORMAT JSON", ctx)


def _value(part: Node, node: Node, ctx: Context) -> Node:
    if is_call(part, "JSON PAIR") and isinstance(part, exp.Anonymous):
        ctx.consume("FORMAT JSON")
        return _typed(part.expressions[0], True, ctx)
    return _typed(part, False, ctx)


def _typed(value: Node, formatted: bool, ctx: Context) -> Node:
    """A value as it goes into a document."""
    kind = ctx.typer.family(value)
    if formatted:
        made = value.copy()
        if not made.meta.get("json"):
            made = ctx.op("json_doc_kept", value, Known(JSON), x=made)
            made.meta["json"] = "nulls"
        return made
    if kind in ("binary", "xml"):
        raise ctx.refuse("SC4350", value, what=f"JSON of {kind}")
    if kind == "boolean" and ctx.family.way("json_flag_of") is not None:
        return ctx.op("json_flag_of", value, None, x=value.copy())
    iso = ctx.has("json_dates_iso") and kind != "zoned"
    if kind in ("date", "timestamp", "zoned") and not iso and ctx.infer(value).type.kind != "date":
        ctx.say("SC4354", value)
    return value.copy()


def _object(node: exp.Anonymous, parts: list[Node], kept: bool, ctx: Context) -> Node:
    pairs = [_pair(p, node, ctx) for p in parts]
    flat = [half for pair in pairs for half in pair]
    if kept or all(ctx.typer.not_null(v) for _, v in pairs):
        return ctx.op("json_object", node, None, pairs=flat)
    if any(_held(v) == "nulls" for _, v in pairs):
        raise ctx.refuse("SC4350", node, what="ABSENT ON NULL around a document that may hold NULLs")
    return ctx.op("json_object_without_nulls", node, None, pairs=flat)


def _array(node: exp.Anonymous, values: list[Node], kept: bool, ctx: Context) -> Node:
    if kept or all(ctx.typer.not_null(v) for v in values):
        return ctx.op("json_array", node, None, args=values)
    return ctx.op("json_array_without_nulls", node, None, args=values)


def _members(node: exp.Anonymous, parts: list[Node], kept: bool, ctx: Context) -> Node:
    key, value = _pair(parts[0], node, ctx)
    made = ctx.op("json_object_rows", node, None, k=key, x=value)
    return made if kept else _of_present(made, value, node, ctx)


def _elements(node: exp.Anonymous, parts: list[Node], kept: bool, ctx: Context) -> Node:
    part = parts[0]
    keys = [k.copy() for k in part.expressions] if isinstance(part, exp.Order) else []
    value = _value(part.this if isinstance(part, exp.Order) else part, node, ctx)
    if keys and ctx.family.way("json_rows_ordered") is not None:
        made = ctx.op("json_rows_ordered", node, None, x=value, order=keys)
    else:
        if keys:
            ctx.say("SC4353", node, what="JSON_ARRAYAGG")
            for key in keys:
                ctx.consume_tree(key)
        made = ctx.op("json_rows", node, None, x=value)
    return made if kept else _of_present(made, value, node, ctx)


def _of_present(made: Node, value: Node, node: Node, ctx: Context) -> Node:
    """An aggregate over the rows whose value is not NULL."""
    if ctx.typer.not_null(value) or value.meta.get("json"):
        return made
    if not ctx.has("aggregate_filter"):
        raise ctx.refuse("SC4350", node, what=f"{node.name.upper()} that leaves NULLs out")
    test = exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null()))
    return exp.Filter(this=made, expression=exp.Where(this=test))


def _held(value: Node) -> str:
    inner = value.this if isinstance(value, exp.Subquery) else value
    if isinstance(inner, exp.Select) and len(inner.expressions) == 1:
        inner = inner.expressions[0].unalias()
    return str(inner.meta.get("json") or "")
