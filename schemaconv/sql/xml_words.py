"""The words between the arguments of calls about XML: see :mod:`~schemaconv.sql.documents`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from . import tokens as lex
from .pieces import Piece, Refused
from .runs import Pieces, find, is_word, joined, new_call, new_sign, new_text, phrase, split


def _xmltable(name: Piece, inner: Pieces) -> Pieces:
    """``XMLTABLE('xpath' PASSING doc COLUMNS ...)``."""
    at = find(inner, "COLUMNS")
    columns = inner[at + 1 :] if at >= 0 else []
    head = inner[:at] if at >= 0 else inner
    at = find(head, "RETURNING", "SEQUENCE")
    head = head[:at] if at >= 0 else head
    at = find(head, "PASSING")
    path, doc = (head[:at], head[at + 1 :]) if at >= 0 else (head, [])
    if len(path) != 1 or path[0].kind != lex.STRING:
        raise Refused("SC4218", name.start, what="XMLTABLE with namespaces or a computed path")
    if len(doc) > 2 and is_word(doc[0], "BY"):
        doc = doc[2:]
    if find(doc, ",") >= 0 or find(doc, "AS") >= 0:
        raise Refused("SC4218", name.start, what="XMLTABLE with several values")
    made = [path, doc or [new_sign("NULL", name)._replace(kind=lex.WORD)]]
    made += [_xml_column(name, column) for column in (split(columns) if columns else [])]
    return joined(*made)


def _xml_column(name: Piece, column: Pieces) -> Pieces:
    if len(column) < 1:
        raise Refused("SC4200", name.start, reason="XMLTABLE with these columns")
    first, rest = column[0], column[1:]
    default: Pieces = []
    at = find(rest, "DEFAULT")
    if at >= 0:
        rest, default = rest[:at], rest[at + 1 :]
    where = ""
    at = find(rest, "PATH")
    if at >= 0:
        if at + 2 != len(rest) or rest[at + 1].kind != lex.STRING:
            raise Refused("SC4218", first.start, what="XMLTABLE with such a path")
        where, rest = rest[at + 1].text, rest[:at]
    arguments = [[first], [new_text(phrase(rest), first)], [new_text(where, first)]]
    return new_call("XML COLUMN", first, *arguments, default)


def _passing(name: Piece, inner: Pieces) -> Pieces:
    """``XMLQUERY('path' PASSING doc RETURNING CONTENT)`` and ``XMLEXISTS('path' PASSING doc)``."""
    at = find(inner, "PASSING")
    if at != 1 or inner[0].kind != lex.STRING:
        raise Refused("SC4218", name.start, what=f"{name.upper} with namespaces or without PASSING")
    doc = inner[2:]
    at = find(doc, "RETURNING")
    doc = doc[:at] if at >= 0 else doc
    if len(doc) > 2 and is_word(doc[0], "BY"):
        doc = doc[2:]
    if not doc or find(doc, ",") >= 0 or find(doc, "AS") >= 0:
        raise Refused("SC4218", name.start, what=f"{name.upper} with several values")
    return joined(inner[:1], doc)


def _xmlelement(name: Piece, inner: Pieces) -> Pieces:
    """``XMLELEMENT([ENTITYESCAPING] [NAME] tag, XMLATTRIBUTES(...), value ...)``: the tag becomes a text."""
    parts = split(inner)
    head = parts[0]
    if len(head) > 1 and is_word(head[0], "NAME"):
        head = head[1:]
    if len(head) != 1 or head[0].kind not in (lex.WORD, lex.QUOTED):
        raise Refused("SC4218", name.start, what="XMLELEMENT with a computed name")
    tag = head[0].text if head[0].kind == lex.QUOTED else head[0].upper
    return joined([new_text(tag, head[0])], *parts[1:])


def _content(name: Piece, inner: Pieces) -> Pieces:
    """``XMLSERIALIZE(CONTENT x AS type ...)``, ``XMLPARSE(DOCUMENT x WELLFORMED)``: the words become texts."""
    kind = "CONTENT"
    if inner and (is_word(inner[0], "CONTENT") or is_word(inner[0], "DOCUMENT")):
        kind, inner = inner[0].upper, inner[1:]
    at = find(inner, "AS")
    rest = inner[at + 1 :] if at >= 0 else []
    value = inner[:at] if at >= 0 else inner
    if value and is_word(value[-1], "WELLFORMED"):
        value = value[:-1]
    return joined([new_text(kind, name)], value, [new_text(phrase(rest), name)])


def _xmlroot(name: Piece, inner: Pieces) -> Pieces:
    parts = split(inner)
    return joined(parts[0], [new_text(", ".join(phrase(p) for p in parts[1:]), name)])


#: What makes a plain call of each.
XML_CALLS: Final[dict[str, Callable[[Piece, Pieces], Pieces]]] = {
    "XMLTABLE": _xmltable,
    "XMLQUERY": _passing,
    "XMLEXISTS": _passing,
    "XMLELEMENT": _xmlelement,
    "XMLSERIALIZE": _content,
    "XMLPARSE": _content,
    "XMLROOT": _xmlroot,
}
