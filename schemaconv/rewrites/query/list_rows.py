"""Functions that give rows, in FROM: STRING_SPLIT, GENERATE_SERIES, OPENJSON without columns.

Transact-SQL reference, the pages of these names: STRING_SPLIT gives the column ``value`` (and ``ordinal`` where its
third argument is 1) and nothing for NULL, GENERATE_SERIES ``value``, OPENJSON ``key``, ``value`` and ``type`` (0 null,
1 text, 2 number, 3 true or false, 4 array, 5 object).
"""

from __future__ import annotations

import json
import re

from ...ir.fragment import Known
from ...sql.casts import spelling
from ...sql.context import Context
from ...sql.kinds import INTEGER, TEXT, family, is_integer
from ...sql.table_calls import alias_of, own_names, put_rows, table_calls
from ...sql.tree import Node, cast_to, exp, identifier, integer, literal_text, number, string
from . import blocks

REMOVES = "list_rows"
ADDS = ("apply_join", "unnamed_derived_table", "function", "xml_rows")
#: What JSON_TABLE is told of its columns, by the name of the hole in a target's rows.
COLUMNS = {
    "values": "'$[*]' COLUMNS (value longtext PATH '$')",
    "numbered": "'$[*]' COLUMNS (value longtext PATH '$', ordinal FOR ORDINALITY)",
    "places": "'$[*]' COLUMNS (i FOR ORDINALITY)",
    "elements": "'$[*]' COLUMNS (n FOR ORDINALITY, value json PATH '$')",
    "names": "'$[*]' COLUMNS (name varchar(4000) PATH '$')",
}
WORDS = frozenset({"STRING_SPLIT", "GENERATE_SERIES", "OPENJSON", "LISTED ROWS", "TABLE ROWS", "XMLTABLE"})


def rewrite(root: Node, ctx: Context) -> Node:
    taken: set[str] = set()
    for node in list(table_calls(root, *WORDS)):
        if not taken:
            taken = {i.this.upper() for i in root.find_all(exp.Identifier)}
        made: Node
        match node.name.upper():
            case "STRING_SPLIT":
                made = _split(node, ctx)
            case "GENERATE_SERIES":
                made = _series(node, ctx)
            case "LISTED ROWS":
                made = _listed(node, ctx)
            case "TABLE ROWS":
                made = _collection(node, ctx)
            case "XMLTABLE":
                counted = _counted(node, ctx)
                if counted is None:
                    continue
                made = counted
            case _:
                made = _elements(node, ctx)
        alias = alias_of(node, "LISTED", taken)
        if node.name.upper() == "TABLE ROWS" and literal_text(node.expressions[1]):
            alias.set("columns", [identifier("COLUMN_VALUE")])
        ctx.consume(node.name)
        ctx.consume_tree(node)
        query = node.find_ancestor(exp.Select)
        put_rows(node, made, alias)
        if query is not None:
            _compared(query, ctx)
    return root


def _compared(query: exp.Select, ctx: Context) -> None:
    """``number IN (SELECT value ...)``: the text takes the type of what it is compared with, as the source has it."""
    holder = query.parent.parent if isinstance(query.parent, exp.Subquery) else query.parent
    if not isinstance(holder, exp.In) or len(query.expressions) != 1 or not ctx.has("strict_types"):
        return
    value, wanted = query.expressions[0].unalias(), ctx.infer(holder.this).type
    if ctx.typer.family(value) != "text" or family(wanted) in ("text", "unknown", "null"):
        return
    spelled = spelling(wanted, ctx)
    if spelled is None:
        raise ctx.refuse("SC4208", value, type=wanted.raw)
    made = cast_to(value.copy(), spelled)
    made.meta["done"] = True
    value.replace(made)


def _rows(op: str, node: Node, ctx: Context, /, **holes: Node) -> exp.Select:
    """The query that a target's row gives for ``op``; its names are the target's own."""
    way = ctx.family.way(op)
    if way is None or not way.sql or not ctx.has("lateral"):
        raise ctx.refuse("SC4350", node, what=f"{node.name.upper()} in FROM")
    for column in own_names(ctx.templates.parsed(way.sql)).find_all(exp.Column):
        column.meta["known"] = Known(INTEGER if column.name in ("n", "i") else TEXT)
    columns = {name: exp.Var(this=text) for name, text in COLUMNS.items() if f":{name}" in way.sql}
    made = ctx.op(op, node, None, **holes, **columns)
    while isinstance(made, (exp.Paren, exp.Subquery)):
        made = made.this
    assert isinstance(made, (exp.Select, exp.SetOperation))
    return made  # type: ignore[return-value]


def _split(node: exp.Anonymous, ctx: Context) -> exp.Select:
    arguments = node.expressions
    separator = literal_text(arguments[1]) if len(arguments) in (2, 3) else None
    flag = integer(arguments[2]) if len(arguments) == 3 else 0
    if separator is None or len(separator) != 1 or separator.isalnum() or separator in "\\\"" or flag not in (0, 1):
        raise ctx.refuse("SC4204", node, function="STRING_SPLIT")
    op = "split_rows_numbered" if flag else "split_rows"
    pattern, between = string(re.escape(separator)), string('","')
    return _rows(op, node, ctx, s=arguments[0].copy(), separator=string(separator), pattern=pattern, between=between)


def _series(node: exp.Anonymous, ctx: Context) -> exp.Select:
    arguments = node.expressions
    if len(arguments) not in (2, 3) or not all(is_integer(ctx.infer(a).type) for a in arguments):
        raise ctx.refuse("SC4204", node, function="GENERATE_SERIES")
    if len(arguments) == 3:
        return _rows("series_by", node, ctx, a=arguments[0].copy(), b=arguments[1].copy(), n=arguments[2].copy())
    first, last = integer(arguments[0]), integer(arguments[1])
    if first is not None and last is not None:  # it goes down where the end lies below
        step: Node = number(1) if first <= last else exp.Neg(this=number(1))
        return _rows("series_by", node, ctx, a=arguments[0].copy(), b=arguments[1].copy(), n=step)
    return _rows("series", node, ctx, a=arguments[0].copy(), b=arguments[1].copy())


def _listed(node: exp.Anonymous, ctx: Context) -> exp.Select:
    """``TABLE(sys.odcivarchar2list('a', 'b'))``: a row for each value."""
    made: Node | None = None
    for value in node.expressions:
        one = exp.Select(expressions=[exp.Alias(this=value.copy(), alias=identifier("COLUMN_VALUE"))])
        made = one if made is None else exp.Union(this=made, expression=one, distinct=False)
    if made is None:
        raise ctx.refuse("SC4216", node, what="an empty list")
    return made  # type: ignore[return-value]


def _collection(node: exp.Anonymous, ctx: Context) -> Node:
    """``TABLE(f(x))``, ``TABLE(list)``: a row for each element."""
    way = ctx.family.way("rows_of_array")
    if way is None or not way.sql:
        raise ctx.refuse("SC4216", node, what="TABLE")
    value: Node = node.expressions[0].copy()
    if node.meta.get("set"):
        return value
    made = exp.Anonymous(this="UNNEST", expressions=[value])
    made.meta["done"] = True
    return made


def _counted(node: exp.Anonymous, ctx: Context) -> exp.Select | None:
    """``XMLTABLE('1 to 10')``: the numbers."""
    match = re.fullmatch(r"\s*(\d+)\s+to\s+(\d+)\s*", literal_text(node.expressions[0]) or "")
    if match is None or len(node.expressions) != 2:
        return None
    made = _rows("series_by", node, ctx, a=number(match[1]), b=number(match[2]), n=number(1))
    item = made.expressions[0]
    made.set("expressions", [exp.Alias(this=item.unalias().copy(), alias=identifier("COLUMN_VALUE"))])
    return made


def _elements(node: exp.Anonymous, ctx: Context) -> exp.Select:
    doc, path = node.expressions[:2]
    if len(node.expressions) > 2 or literal_text(path) not in ("$", "lax $"):
        raise ctx.refuse("SC4350", node, what="OPENJSON with a path and without columns")
    kind = _kind(literal_text(doc))
    op = {"array": "json_elements", "object": "json_members"}.get(kind, "json_parts")
    made = _rows(op, node, ctx, x=doc.copy())
    query = node.find_ancestor(exp.Select)
    if query is not None and not any(item.is_star for item in query.expressions):
        used = {c.name.upper() for c in query.find_all(exp.Column)}
        for block in blocks(made):  # what nobody asks for is left out
            kept = [item for item in block.expressions if item.alias_or_name.upper() in used]
            block.set("expressions", kept or block.expressions[1:2])
    return made


def _kind(text: str | None) -> str:
    """Whether a constant text is an array or an object; empty where it is none."""
    try:
        value = json.loads(text or "")
    except ValueError:
        return ""
    return "array" if isinstance(value, list) else "object" if isinstance(value, dict) else ""
