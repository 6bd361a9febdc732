"""Methods and functions that read XML: ``value``, ``query``, ``exist``; EXTRACTVALUE, EXISTSNODE, XMLQUERY.

Transact-SQL reference, "xml Data Type Methods"; SQL Language Reference, the pages of these names. What a value is read
into is the type of a column of XMLTABLE, which undoes entities as the source does; nothing found is NULL.
"""

from __future__ import annotations

from ...ir.fragment import Known
from ...ir.types import Type
from ...sql.casts import spelling
from ...sql.context import Context
from ...sql.kinds import BOOLEAN, INTEGER, TEXT, read_type
from ...sql.table_calls import own_names
from ...sql.tree import Node, call, cast_to, exp, identifier, integer, is_call, literal_text, string
from ...sql.xml_paths import XPath, within
from ...sql.xml_tables import document, path_of, quoted, xml_table
from . import every, put_in

REMOVES = "xml_method"
ADDS = ("function",)
WORDS = frozenset(
    {"XML VALUE", "XML QUERY", "XML EXIST", "XML EXTRACT", "EXTRACTVALUE", "EXISTSNODE", "XMLEXISTS", "XMLQUERY"}
)
XML = Known(Type("xml"))


def rewrite(root: Node, ctx: Context) -> Node:
    for node in every(root, exp.Anonymous):
        if not isinstance(node, exp.Anonymous) or not is_call(node, *WORDS):
            continue
        name = node.name.upper()
        shown = {"XML VALUE": "value()", "XML QUERY": "query()", "XML EXIST": "exist()"}.get(name, name)
        if not ctx.has("xmltable"):
            raise ctx.refuse("SC4350", node, what=shown)
        ctx.say("SC4357", node)
        doc, text = _operands(node, name, ctx)
        path = _path(doc, text, node, ctx)
        place: Node = node
        match name:
            case "XML VALUE":
                made = _value(node, path, doc, literal_text(node.expressions[2]) or "", ctx)
            case "EXTRACTVALUE":
                made = _value(node, path, doc, "", ctx)
            case "XML QUERY" | "XML EXTRACT" | "XMLQUERY":
                made = _query(node, path, doc, ctx)
            case _:
                place, made = _exists(node, path, doc, ctx)
        ctx.consume(name)
        ctx.consume_tree(node)
        root = put_in(place, made, root)
    return root


def _operands(node: exp.Anonymous, name: str, ctx: Context) -> tuple[Node, str | None]:
    """The document and the path. Raises :class:`Refused` for a call without any."""
    if not node.expressions:
        raise ctx.refuse("SC4204", node, function=name)
    if name in ("XMLQUERY", "XMLEXISTS"):
        return node.expressions[1], literal_text(node.expressions[0])
    return node.expressions[0], literal_text(node.expressions[1]) if len(node.expressions) > 1 else None


def _path(doc: Node, text: str | None, node: Node, ctx: Context) -> XPath:
    found = path_of(text, node, ctx)
    if doc.meta.get("fragment"):
        inner = within(found)
        if inner is None:
            raise ctx.refuse("SC4350", node, what=f"the path {text}")
        return inner
    return found


def _value(node: exp.Anonymous, path: XPath, doc: Node, spelled: str, ctx: Context) -> Node:
    """``(SELECT found.v FROM XMLTABLE(path PASSING doc COLUMNS v type PATH '.') AS found)``."""
    wanted = read_type(spelled, ctx.source.types) if spelled else TEXT
    type_ = (spelling(wanted, ctx) if spelled else ctx.family.casts["text"]) if wanted is not None else None
    if wanted is None or type_ is None or len(node.expressions) > 3:
        raise ctx.refuse("SC4208", node, type=spelled)
    table = exp.Table(this=xml_table(path, document(doc, ctx), [f"v {type_} PATH '.'"], ctx))
    table.set("alias", exp.TableAlias(this=own_names(identifier("found"))))
    held = own_names(exp.Column(this=identifier("v"), table=identifier("found")))
    made = exp.Select(expressions=[held], from_=exp.From(this=table))
    found = exp.Subquery(this=made)
    found.meta["known"] = Known(wanted)
    return found


def _spaces(path: XPath) -> list[Node]:
    if not path.namespaces:
        return []
    pairs = ", ".join(f"ARRAY[{quoted(p)}, {quoted(u)}]" for p, u in path.namespaces)
    return [exp.Var(this=f"ARRAY[{pairs}]")]


def _query(node: exp.Anonymous, path: XPath, doc: Node, ctx: Context) -> Node:
    """The nodes that a path finds, one behind the other."""
    if len(node.expressions) > 2:
        raise ctx.refuse("SC4204", node, function=node.name.upper())
    found = call("XPATH", string(path.text), document(doc, ctx), *_spaces(path))
    table = exp.Table(this=call("UNNEST", found), alias=exp.TableAlias(this=own_names(identifier("found"))))
    made = exp.Select(from_=exp.From(this=table))
    made.set("expressions", [call("XMLAGG", own_names(exp.Column(this=identifier("found"))))])
    whole = exp.Subquery(this=made)
    whole.meta["known"] = XML
    return whole


def _exists(node: exp.Anonymous, path: XPath, doc: Node, ctx: Context) -> tuple[Node, Node]:
    """``exist(...) = 1`` as a condition; elsewhere a number."""
    made: Node = call("XPATH_EXISTS", string(path.text), document(doc, ctx), *_spaces(path))
    made.meta["known"] = Known(BOOLEAN)
    parent = node.parent
    if is_call(node, "XMLEXISTS"):
        return node, made
    if isinstance(parent, (exp.EQ, exp.NEQ)) and parent.this is node and integer(parent.expression) in (0, 1):
        ctx.consume_tree(parent.expression)
        wanted = (integer(parent.expression) == 1) is isinstance(parent, exp.EQ)
        return parent, made if wanted else exp.Not(this=made)
    cast = cast_to(made, str(ctx.family.casts["integer"]))
    cast.meta["done"] = True
    cast.meta["known"] = Known(INTEGER)
    return node, cast
