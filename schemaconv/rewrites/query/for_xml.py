"""``FOR XML PATH``, ``RAW`` and ``AUTO``: the rows of a query as elements.

Transact-SQL reference, "FOR XML" and the pages of its modes: NULL makes no element and no attribute; in PATH mode
``@a`` names an attribute and ``a/b`` nests, RAW and AUTO write attributes unless ELEMENTS is there; no row gives NULL.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ...ir.fragment import Known
from ...ir.types import Type
from ...sql.context import Context
from ...sql.tree import Node, exp
from ...sql.written import Form, form, rows_of
from ...sql.xml_elements import all_null, element, value
from . import every, put_in

REMOVES = "for_xml"
ADDS = ("unnamed_derived_table",)
NEEDS = (exp.ForClause,)

#: Names that stand for the text of the element around them.
_TEXTS = frozenset({"text()", "*", "node()", ""})


@dataclass
class Part:
    """An element on its way."""

    name: str
    attributes: list[tuple[str, Node]] = field(default_factory=list)
    content: list[Node | Part] = field(default_factory=list)


def rewrite(root: Node, ctx: Context) -> Node:
    for query in every(root, exp.Select, exp.Union):
        assert isinstance(query, exp.Query)
        said = form(query)
        if said is None or said.kind != "XML":
            continue
        shown = f"FOR XML {said.mode}".strip()
        plain = not said.options - {"TYPE", "ELEMENTS", "ABSENT"}
        if not isinstance(query, exp.Select) or not ctx.has("xmltable") or said.mode == "EXPLICIT" or not plain:
            more = " ".join(sorted(said.options - {"TYPE", "ELEMENTS"}))
            raise ctx.refuse("SC4350", query, what=f"{shown} {more}".strip())
        if said.mode == "AUTO" and query.args.get("joins"):
            raise ctx.refuse("SC4350", query, what="FOR XML AUTO over several tables")
        root = _query(query, said, root, ctx)
    return root


def _query(query: exp.Select, said: Form, root: Node, ctx: Context) -> Node:
    items = [_item(i, item, said, ctx) for i, item in enumerate(query.expressions)]
    made, items, keys = rows_of(query, items, root, "FOR XML", ctx)
    row = Part(_row_name(query, said, ctx))
    for title, held in items:
        if said.mode == "PATH":
            _place(row, title, held)
        elif "ELEMENTS" in said.options:
            row.content.append(Part(title, [], [held]))
        else:
            row.attributes.append((title, held))
    if row.name:
        one = _element(row, ctx)
    elif row.attributes:
        raise ctx.refuse("SC4350", query, what="FOR XML PATH('') with an attribute")
    else:
        parts = [_content(c, ctx) for c in row.content]
        one = parts[0] if len(parts) == 1 else exp.Anonymous(this="XMLCONCAT", expressions=parts)
        one.meta["done"] = True
        if any(not isinstance(c, Part) and ctx.typer.family(c) != "xml" for c in row.content):
            raise ctx.refuse("SC4350", query, what="FOR XML PATH('') with texts and elements")
    if keys:
        held_rows = ctx.op("xml_rows_ordered", query, None, x=one, order=keys)
    else:
        held_rows = ctx.op("xml_rows", query, None, x=one)
    found: Node = held_rows
    if said.root:
        test = exp.Not(this=exp.Is(this=held_rows.copy(), expression=exp.Null()))
        found = exp.Case(ifs=[exp.If(this=test, true=element(said.root, [], [held_rows]))])
    if "TYPE" not in said.options and query is not root:
        found = exp.Cast(this=found, to=exp.DataType(this=exp.DType.USERDEFINED, kind="text"))
        found.meta["done"] = True
        found.meta["known"] = Known(Type("varchar"))
    else:
        found.meta["known"] = Known(Type("xml"))
    ctx.consume(*said.texts)
    made.set("expressions", [found])
    return put_in(query, made, root)


def _row_name(query: exp.Select, said: Form, ctx: Context) -> str:
    if said.mode != "AUTO":
        return "row" if said.name is None else said.name
    source = query.args.get("from_")
    table = source.this if source is not None else None
    if not isinstance(table, exp.Table):
        raise ctx.refuse("SC4350", query, what="FOR XML AUTO over no table")
    alias = table.args.get("alias")
    name = alias.this if alias is not None else table.this
    text = str(name.meta.get("written") or name.this)
    db = table.args.get("db")
    return text if alias is not None or db is None else f"{db.meta.get('written') or db.this}.{text}"


def _item(i: int, item: Node, said: Form, ctx: Context) -> tuple[str, Node]:
    if item.is_star:
        raise ctx.refuse("SC4350", item, what="FOR XML of *")
    named = item.args["alias"] if isinstance(item, exp.Alias) else item.this if isinstance(item, exp.Column) else None
    title = ""
    if isinstance(named, exp.Identifier):
        title = str(named.meta.get("written") or named.this)
        ctx.consume(named.this, title)
    if not title and said.mode != "PATH":
        raise ctx.refuse("SC4350", item, what=f"FOR XML {said.mode} of a column without a name")
    if "(" in title and title not in _TEXTS:
        raise ctx.refuse("SC4350", item, what=f"FOR XML PATH with {title}")
    return title, item.unalias().copy()


def _place(row: Part, title: str, held: Node) -> None:
    """Put a column of PATH mode where its name says."""
    *outer, last = title.split("/")
    place = row
    for step in outer:
        before = place.content[-1] if place.content else None
        if not isinstance(before, Part) or before.name != step:
            before = Part(step)
            place.content.append(before)
        place = before
    if last.startswith("@"):
        place.attributes.append((last[1:], held))
    elif last in _TEXTS:
        place.content.append(held)
    else:
        place.content.append(Part(last, [], [held]))


def _leaves(part: Part) -> list[Node]:
    made = [v for _, v in part.attributes]
    for one in part.content:
        made += _leaves(one) if isinstance(one, Part) else [one]
    return made


def _content(one: Node | Part, ctx: Context) -> Node:
    if not isinstance(one, Part):
        return value(one, ctx)
    return all_null(_leaves(one), _element(one, ctx), ctx)


def _element(part: Part, ctx: Context) -> Node:
    attributes = [(n, value(v, ctx)) for n, v in part.attributes]
    return element(part.name, attributes, [_content(c, ctx) for c in part.content])
