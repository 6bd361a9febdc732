"""``XMLELEMENT``, ``XMLFOREST``, ``XMLAGG`` and their kin: documents of values.

SQL Language Reference, the pages of these names: a column without a name of its own gives its element the name of the
column. ``XMLAGG(XMLELEMENT(e, x || ',')).EXTRACT('//text()')`` is an old way to join the texts of several rows.
"""

from __future__ import annotations

import re

from ...ir.fragment import Known
from ...ir.types import Type
from ...sql.context import Context
from ...sql.kinds import TEXT
from ...sql.tree import Node, call, cast_to, exp, is_call, literal_text, string
from ...sql.xml_elements import element, forest, value
from . import every, put_in

REMOVES = "xml_call"
ADDS = ("xml_method", "function")
WORDS = frozenset(
    {"XMLELEMENT", "XMLFOREST", "XMLAGG", "XMLCONCAT", "XMLROOT", "XMLSERIALIZE", "XMLPARSE", "XMLTYPE", "XML TEXT"}
)
XML = Known(Type("xml"))


def rewrite(root: Node, ctx: Context) -> Node:
    root = _joined_texts(root, ctx)
    for node in every(root, exp.Anonymous):
        if not isinstance(node, exp.Anonymous) or not is_call(node, *WORDS) or node.meta.get("done"):
            continue
        name = node.name.upper()
        shown = "getStringVal()" if name == "XML TEXT" else name
        if not ctx.has("xmltable"):
            raise ctx.refuse("SC4350", node, what=shown)
        if not node.expressions:
            raise ctx.refuse("SC4204", node, function=shown)
        ctx.consume(name)
        root = put_in(node, _made(node, name, ctx), root)
    return root


def _made(node: exp.Anonymous, name: str, ctx: Context) -> Node:
    arguments = node.expressions
    match name:
        case "XMLELEMENT":
            made = _element(node, ctx)
        case "XMLFOREST":
            made = forest([_titled(a, ctx) for a in arguments])
        case "XMLAGG":
            made = call("XMLAGG", *(a.copy() for a in arguments))
        case "XMLCONCAT":
            made = call("XMLCONCAT", *(a.copy() for a in arguments))
        case "XMLROOT":
            made = _root(node, ctx)
        case "XMLPARSE":
            if len(arguments) < 2:
                raise ctx.refuse("SC4204", node, function="XMLSERIALIZE")
            ctx.consume_tree(arguments[0])
            ctx.consume_tree(arguments[-1])
            return _cast(arguments[1], "xml", XML)
        case "XMLTYPE":
            if len(arguments) != 1 or ctx.typer.family(arguments[0]) == "binary":
                raise ctx.refuse("SC4350", node, what="XMLTYPE with these arguments")
            return _cast(arguments[0], "xml", XML)
        case "XMLSERIALIZE":
            spelled = literal_text(arguments[2] if len(arguments) > 2 else exp.Null()) or ""
            if spelled and not re.fullmatch(r"(?:CLOB|VARCHAR2 ?\([^)]*\))(?: NO INDENT)?", spelled):
                raise ctx.refuse("SC4350", node, what=f"XMLSERIALIZE ... {spelled}")
            if len(arguments) < 3:
                raise ctx.refuse("SC4204", node, function="XMLSERIALIZE")
            ctx.consume_tree(arguments[0])
            for part in arguments[2:]:
                ctx.consume_tree(part)
            return _cast(arguments[1], str(ctx.family.casts["text"]), Known(TEXT))
        case _:
            return _cast(arguments[0], str(ctx.family.casts["text"]), Known(TEXT))
    made.meta["known"] = XML
    return made


def _cast(node: Node, spelled: str, known: Known) -> Node:
    made = cast_to(node.copy(), spelled)
    made.meta["done"] = True
    made.meta["known"] = known
    return made


def _titled(item: Node, ctx: Context) -> tuple[str, Node]:
    """The name that a value gives its element or attribute: its alias, or that of its column."""
    named = item.args["alias"] if isinstance(item, exp.Alias) else item.this if isinstance(item, exp.Column) else None
    if not isinstance(named, exp.Identifier):
        raise ctx.refuse("SC4350", item, what="an element of an expression without a name")
    return str(named.this), value(item.unalias().copy(), ctx)


def _element(node: exp.Anonymous, ctx: Context) -> Node:
    attributes: list[tuple[str, Node]] = []
    content: list[Node] = []
    for part in node.expressions[1:]:
        if is_call(part, "XMLATTRIBUTES") and isinstance(part, exp.Anonymous):
            ctx.consume("XMLATTRIBUTES")
            attributes += [_titled(a, ctx) for a in part.expressions]
        else:
            content.append(value(part.unalias().copy(), ctx))
    tag = literal_text(node.expressions[0]) or ""
    ctx.consume(tag)
    return element(tag, attributes, content)


def _root(node: exp.Anonymous, ctx: Context) -> Node:
    text = literal_text(node.expressions[1] if len(node.expressions) > 1 else exp.Null()) or ""
    match = re.fullmatch(r"VERSION (?P<version>[\d.]+|NO VALUE)(?:, STANDALONE (?P<alone>YES|NO|NO VALUE))?", text)
    if match is None:
        raise ctx.refuse("SC4350", node, what=f"XMLROOT ... {text}")
    ctx.consume(text)
    version = match["version"]
    shown = "VERSION NO VALUE" if version == "NO VALUE" else f"VERSION '{version}'"
    words: list[Node] = [exp.Var(this=shown)]
    if match["alone"]:
        words.append(exp.Var(this=f"STANDALONE {match['alone']}"))
    return call("XMLROOT", node.expressions[0].copy(), *words)


def _joined_texts(root: Node, ctx: Context) -> Node:
    """``XMLAGG(XMLELEMENT(e, text) ORDER BY k).EXTRACT('//text()')``, and the same with EXTRACT inside of XMLAGG, as
    the aggregate that joins texts."""
    for node in every(root, exp.Anonymous):
        if not is_call(node, "XMLAGG") or len(node.expressions) != 1:
            continue
        held = node.expressions[0]
        keys = [k.copy() for k in held.expressions] if isinstance(held, exp.Order) else []
        one = held.this if isinstance(held, exp.Order) else held
        place: Node = node
        if _extracts(one):
            ctx.consume(literal_text(one.expressions[1]) or "")
            one = one.expressions[0]
        elif _extracts(node.parent) and node.parent is not None:
            place = node.parent
            ctx.consume(literal_text(place.expressions[1]) or "")
        else:
            continue
        text = _text(one)
        if text is None:
            continue
        ctx.say("SC4351", node)
        ctx.consume("XMLAGG", "XMLELEMENT", "EXTRACT", one.expressions[0].this)
        place = place.parent if is_call(place.parent, "XML TEXT") and place.parent is not None else place
        place, text, separator = _trimmed(place, text, ctx)
        between: Node = string(separator) if separator else exp.Var(this="''")
        holes: dict[str, Node | list[Node]] = {"x": text, "separator": between}
        if keys:
            made = ctx.op("listagg", node, Known(TEXT), **{**holes, "order": keys})
        else:
            made = ctx.op("listagg_unordered", node, Known(TEXT), **holes)
        made.meta["done"] = True
        made.meta["known"] = Known(TEXT)
        root = put_in(place, made, root)
    return root


def _extracts(node: Node | None) -> bool:
    return isinstance(node, exp.Anonymous) and is_call(node, "XML EXTRACT") and (
        literal_text(node.expressions[1]) in ("//text()", "/E/text()", "/e/text()")
    )  # fmt: skip


def _text(node: Node) -> Node | None:
    """The text of an element without attributes."""
    if not is_call(node, "XMLELEMENT") or len(node.expressions) < 2:
        return None
    made: Node | None = None
    for part in node.expressions[1:]:
        value_ = part.unalias()
        if isinstance(value_, exp.Anonymous) and value_.name.upper().startswith("XML"):
            return None
        made = value_.copy() if made is None else exp.DPipe(this=made, expression=value_.copy())
    return made


def _trimmed(place: Node, text: Node, ctx: Context) -> tuple[Node, Node, str]:
    """RTRIM(..., ',') over texts that end with a comma and have a text before it: the comma stands between them."""
    outer = place.parent
    if isinstance(outer, exp.Anonymous) and is_call(outer, "RTRIM") and len(outer.expressions) == 2:
        cut = literal_text(outer.expressions[1])
        if cut and isinstance(text, exp.DPipe) and literal_text(text.expression) == cut and len(cut) == 1:
            if ctx.typer.not_null(text.this):
                ctx.consume("RTRIM")
                return outer, text.this.copy(), cut
    return place, text, ""
