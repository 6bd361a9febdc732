"""``JSON_MODIFY(doc, '[append] [lax|strict] $.path', value)``: the document with one of its values changed.

Transact-SQL reference, "JSON_MODIFY": in lax mode a missing last step is added, and NULL takes the key away (of an
array it leaves a null); in strict mode the path must be there, and NULL is written as null. ``append`` puts the value
at the end of the array, which lax mode makes where there is none. A value is JSON if JSON_QUERY, FOR JSON or another
JSON_MODIFY gives it, else text, number or true and false.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.convert import to_text
from ...sql.infer import source_call
from ...sql.json_paths import keys, steps, written
from ...sql.kinds import JSON, TEXT
from ...sql.tree import Node, exp, is_call, is_null, literal_text, string
from . import every, put_in

REMOVES = "json_modify"
ADDS = ("json_query", "function")
WORDS = frozenset({"JSON_MODIFY"})

_HEAD = re.compile(r"\s*(append\s+)?(?:(lax|strict)\s+)?(?=\$)", re.I)


@dataclass(frozen=True)
class Place:
    """Where a document is changed, and how."""

    steps: list[str | int]
    append: bool
    strict: bool


def rewrite(root: Node, ctx: Context) -> Node:
    for node in every(root, exp.Anonymous):
        if not is_call(node, "JSON_MODIFY") or not isinstance(node, exp.Anonymous) or _inner(node):
            continue
        if ctx.family.way("json_set") is None:
            way = ctx.family.way("json_modified")
            raise ctx.refuse("SC4310", node, function="JSON_MODIFY", what=way.note if way is not None else "")
        made = ctx.op("json_modified", node, Known(TEXT), x=_changed(node, ctx))
        made.meta["was"] = "JSON_MODIFY"
        root = put_in(node, made, root)
    return root


def _inner(node: Node) -> bool:
    """Whether another JSON_MODIFY takes what ``node`` gives: it takes it as it is, without a text between."""
    above = node.parent
    if is_call(above, "JSON_QUERY") and above is not None and len(above.expressions) == 1:
        node, above = above, above.parent
    return is_call(above, "JSON_MODIFY") and above is not None and node in (above.expressions[0], above.expressions[-1])


def _changed(node: exp.Anonymous, ctx: Context) -> Node:
    """The changed document, in the form in which the target keeps JSON."""
    if len(node.expressions) != 3:
        raise ctx.refuse("SC4204", node, function="JSON_MODIFY")
    doc, path, value = node.expressions
    place = _place(path, ctx)
    ctx.consume("JSON_MODIFY")
    held = _changed(doc, ctx) if is_call(doc, "JSON_MODIFY") else ctx.op("json_doc", node, None, x=doc.copy())
    where: dict[str, Node | list[Node]] = {
        "doc": held,
        "path": string(written(place.steps)),
        "place": string(keys(place.steps) or ""),
        "end": string((keys([*place.steps, 0]) or "")[:-2] + "-1}"),  # behind the last one
        "strict_path": string(f"strict {written(place.steps)}"),
    }
    if is_null(value) and not place.append and not place.strict and isinstance(place.steps[-1], str):
        return ctx.op("json_dropped", node, Known(JSON), **where)
    new, sure = _json(value, ctx), _sure(value, ctx)
    if place.append:
        where["v"] = new if sure else ctx.op("json_null_kept", node, None, x=new)
        return _appended(node, place, where, ctx)
    if place.strict:
        if ctx.family.way("json_set_strict") is None:
            raise ctx.refuse("SC4206", path, element=literal_text(path) or "", what="JSON path")
        return ctx.op("json_set_strict", node, Known(JSON), v=new, **where)
    if sure:
        return ctx.op("json_set", node, Known(JSON), v=new, **where)
    op = "json_set_or_drop" if isinstance(place.steps[-1], str) else "json_set_or_null"
    return ctx.op(op, node, Known(JSON), v=new, x=value.copy(), **where)


def _place(path: Node, ctx: Context) -> Place:
    text = literal_text(path) or ""
    head = _HEAD.match(text)
    found = steps(text[head.end() :].strip()) if head is not None else None
    if head is None or found is None or -1 in found or not (found or head[1]):
        raise ctx.refuse("SC4206", path, element=text or "an expression", what="JSON path")
    ctx.consume(text)
    return Place(found, bool(head[1]), (head[2] or "").lower() == "strict")


def _appended(node: Node, place: Place, where: dict[str, Node | list[Node]], ctx: Context) -> Node:
    if place.strict:  # what has no such array fails, where it fails
        if ctx.family.way("json_append_strict") is None:
            raise ctx.refuse("SC4206", node, element=f"append strict {written(place.steps)}", what="JSON path")
        return ctx.op("json_append_strict", node, Known(JSON), **where)
    if not place.steps:
        return ctx.op("json_append_there", node, Known(JSON), **where)
    if len(place.steps) == 1 and isinstance(place.steps[0], str):
        key = place.steps[0].replace("\\", "\\\\").replace('"', '\\"')
        made = ctx.op("json_append", node, Known(JSON), empty=string(f'{{"{key}": []}}'), **where)
        for join in made.find_all(exp.DPipe):
            join.meta["documents"] = True
        return made
    return ctx.op("json_append_deep", node, Known(JSON), **where)


def _json(value: Node, ctx: Context) -> Node:
    """``value`` as it goes into a document."""
    inner = value
    while isinstance(inner, exp.Paren):
        inner = inner.this
    if is_call(inner, "JSON_QUERY") and isinstance(inner, exp.Anonymous) and len(inner.expressions) == 1:
        ctx.consume("JSON_QUERY")
        inner = inner.expressions[0]
        if not is_call(inner, "JSON_MODIFY"):
            return ctx.op("json_doc_taken", value, Known(JSON), x=inner.copy())
    if is_call(inner, "JSON_MODIFY") and isinstance(inner, exp.Anonymous):
        return _changed(inner, ctx)
    if _is_json(inner) or ctx.typer.family(inner) == "json":
        return ctx.op("json_doc_taken", value, Known(JSON), x=inner.copy())
    match ctx.typer.family(inner):
        case "boolean" if ctx.family.way("json_flag_of") is not None:
            return ctx.op("json_flag_of", value, None, x=inner.copy())
        case "number" | "boolean" | "unknown":
            return ctx.op("json_of", value, None, x=inner.copy())
        case _:
            return ctx.op("json_of_text", value, None, x=to_text(inner.copy(), ctx))


def _sure(value: Node, ctx: Context) -> bool:
    """Whether ``value`` is never NULL."""
    inner = value.expressions[0] if is_call(value, "JSON_QUERY") and len(value.expressions) == 1 else value
    return ctx.typer.not_null(value) or literal_text(inner) is not None


def _is_json(node: Node) -> bool:
    held = node.this if isinstance(node, exp.Subquery) else node
    if isinstance(held, exp.Select) and len(held.expressions) == 1:
        held = held.expressions[0].unalias()
    return bool(held.meta.get("json")) or source_call(node) in ("JSON_QUERY", "JSON_OBJECT", "JSON_ARRAY")
