"""``JSON_EXISTS``, ``JSON_QUERY`` and ``JSON_VALUE`` with what stands behind their path, and ``t.doc.a.b``.

SQL Language Reference, the pages of these names and "JSON Object Access Expressions".
"""

from __future__ import annotations

import re

from ...ir.fragment import Known
from ...sql.casts import spelling
from ...sql.context import Context
from ...sql.json_paths import keys, steps, written
from ...sql.kinds import BOOLEAN, JSON, TEXT, family, read_type
from ...sql.tree import Node, cast_to, exp, is_call, literal_text, string
from . import every, put_in

REMOVES = "json_query"
TRAIT = "json_conditions"
ADDS = ("function",)
CALLS = ("JSON_EXISTS", "JSON_QUERY", "JSON_VALUE")
WORDS = frozenset({*CALLS, "a.b.c"})

_DEFAULTS = re.compile(
    r"\b(?:NULL ON (?:ERROR|EMPTY)|FALSE ON (?:ERROR|EMPTY)|WITHOUT (?:ARRAY )?WRAPPER|TRUNCATE|PRETTY|ASCII)\b"
)
_FILTER = re.compile(r"\$[\w.\[\]*\"'\s?(@)=<>!&|$-]*")


def rewrite(root: Node, ctx: Context) -> Node:
    for node in every(root, exp.Anonymous):
        if not isinstance(node, exp.Anonymous) or not is_call(node, *CALLS) or node.meta.get("done"):
            continue
        if len(node.expressions) not in (2, 3):
            raise ctx.refuse("SC4204", node, function=node.name.upper())
        options = literal_text(node.expressions[2]) or "" if len(node.expressions) == 3 else ""
        match node.name.upper():
            case "JSON_EXISTS":
                made = _exists(node, options, ctx)
            case "JSON_QUERY":
                made = _part(node, options, ctx)
            case _:
                if not options:
                    continue
                made = _value(node, options, ctx)
        ctx.consume(options)
        root = put_in(node, made, root)
    for column in every(root, exp.Column):
        if isinstance(column, exp.Column) and column.args.get("db") is not None:
            root = _member(column, root, ctx)
    return root


def _document(node: exp.Anonymous, ctx: Context) -> Node:
    if ctx.typer.family(node.expressions[0]) == "binary":
        raise ctx.refuse("SC4350", node, what="JSON kept as bytes")
    held: Node = node.expressions[0]
    return held.copy()


def _exists(node: exp.Anonymous, options: str, ctx: Context) -> Node:
    text = literal_text(node.expressions[1]) or ""
    if _DEFAULTS.sub("", options).strip():
        raise ctx.refuse("SC4350", node, what=f"JSON_EXISTS ... {options}")
    if steps(text) is None and not (ctx.has("json_path_filters") and _FILTER.fullmatch(text)):
        raise ctx.refuse("SC4206", node, element=text, what="JSON path")
    doc = _document(node, ctx)
    made = ctx.op("json_exists", node, Known(BOOLEAN), doc=doc, path=node.expressions[1].copy())
    if isinstance(node.parent, exp.Not) and not ctx.typer.not_null(node.expressions[0]):
        made = exp.Anonymous(this="COALESCE", expressions=[made, exp.Boolean(this=False)])
        made.meta["done"] = True
        made.meta["known"] = Known(BOOLEAN, True)
    return made


def _part(node: exp.Anonymous, options: str, ctx: Context) -> Node:
    text = literal_text(node.expressions[1]) or ""
    found = steps(text)
    rest = re.sub(r"RETURNING (?:CLOB|JSON|VARCHAR2 ?(?:\([^)]*\))?)", "", _DEFAULTS.sub("", options)).strip()
    if found is None or -1 in found:
        raise ctx.refuse("SC4206", node, element=text, what="JSON path")
    if rest or ctx.family.way("json_queried") is None:
        raise ctx.refuse("SC4350", node, what=f"JSON_QUERY {rest}".strip())
    strict = f'strict {written(found)} ? (@.type() == "object" || @.type() == "array")'
    way = ctx.family.way("json_queried")
    holes = {"doc": _document(node, ctx)}
    if way is not None and ":strict_path" in way.sql:
        ctx.consume(text)
        made = ctx.op("json_queried", node, Known(JSON), strict_path=string(strict), **holes)
    else:
        made = ctx.op("json_queried", node, Known(JSON), path=string(text), **holes)
    made.meta["json"] = "nulls"
    return made


def _value(node: exp.Anonymous, options: str, ctx: Context) -> Node:
    rest = _DEFAULTS.sub("", options)
    match = re.search(r"RETURNING (\w+(?: ?\([^)]*\))?)", rest)
    spelled = match[1] if match else ""
    rest = rest.replace(match[0], "") if match else rest
    if steps(literal_text(node.expressions[1]) or "") is None:
        raise ctx.refuse("SC4206", node, element=literal_text(node.expressions[1]) or "", what="JSON path")
    if rest.strip():
        raise ctx.refuse("SC4350", node, what=f"JSON_VALUE ... {rest.strip()}")
    made = ctx.op("json_value", node, Known(TEXT), doc=_document(node, ctx), path=node.expressions[1].copy())
    if not spelled:
        return made
    wanted = read_type(spelled, ctx.source.types)
    if wanted is None or family(wanted) not in ("number", "text"):
        raise ctx.refuse("SC4350", node, what=f"JSON_VALUE ... RETURNING {spelled}")
    if family(wanted) == "text":
        return made
    target = spelling(wanted, ctx)
    if target is None:
        raise ctx.refuse("SC4208", node, type=spelled)
    cast = cast_to(made, target)
    cast.meta["done"] = True
    cast.meta["known"] = Known(wanted)
    return cast


def _member(column: exp.Column, root: Node, ctx: Context) -> Node:
    """``t.doc.a.b``, where t is an alias of the query and doc a column of JSON."""
    found_parts = (column.args.get(k) for k in ("catalog", "db", "table", "this"))
    parts = [p for p in found_parts if isinstance(p, exp.Identifier)]
    source = _source(column, parts[0].this)
    if source is None:
        return root
    columns = ctx.names.columns_of(source.db, source.name) if hasattr(ctx.names, "columns_of") else None
    known = (columns or {}).get(parts[1].this)
    if known is None or known.type.kind not in ("json", "text", "varchar"):
        return root
    path: list[str | int] = [str(p.meta.get("written") or p.this) for p in parts[2:]]
    ctx.consume(*(p.this for p in parts[2:]))
    held = exp.Column(this=parts[1].copy(), table=parts[0].copy())
    held.meta["known"] = known
    found = ctx.family.way("json_member")
    if found is None:
        raise ctx.refuse("SC4350", column, what="a member of JSON by its name")
    where = {"keys": string(keys(path) or "")} if ":keys" in found.sql else {"path": string(written(path))}
    return put_in(column, ctx.op("json_member", column, Known(TEXT), x=held, **where), root)


def _source(column: exp.Column, name: str) -> exp.Table | None:
    """The table of the query, or of one around it, that bears ``name``."""
    query = column.find_ancestor(exp.Select)
    while query is not None:
        sources = [query.args.get("from_"), *(query.args.get("joins") or [])]
        for source in sources:
            table = source.this if source is not None else None
            if isinstance(table, exp.Table) and isinstance(table.this, exp.Identifier) and table.alias_or_name == name:
                return table
        query = query.find_ancestor(exp.Select)
    return None
