"""``x.nodes('/a/b') AS t(c)`` and ``XMLTABLE(...)``: the nodes of a document as rows.

Transact-SQL reference, "nodes() Method": what ``t.c.value(...)`` asks for becomes a column of its own. SQL Language
Reference, "XMLTABLE".
"""

from __future__ import annotations

import re

from ...ir.fragment import Known
from ...sql.casts import spelling
from ...sql.context import Context
from ...sql.kinds import read_type
from ...sql.table_calls import alias_of, put_rows, table_calls
from ...sql.tree import Node, exp, identifier, is_call, literal_text, unused
from ...sql.xml_paths import XPath, within
from ...sql.xml_tables import document, path_of, quoted, xml_table

REMOVES = "xml_rows"
ADDS = ("apply_join", "xml_method")
WORDS = frozenset({"XML NODES", "XMLTABLE"})


def rewrite(root: Node, ctx: Context) -> Node:
    calls = list(table_calls(root, "XML NODES", "XMLTABLE"))
    taken = {i.this.upper() for i in root.find_all(exp.Identifier)}
    fragments = {_key(node) for node in calls if is_call(node, "XML NODES")}
    for node in calls:
        if node.parent is None:
            continue
        if not ctx.has("xmltable"):
            raise ctx.refuse("SC4350", node, what="rows of XML")
        if is_call(node, "XML NODES"):
            _nodes(node, fragments, taken, ctx)
        else:
            _table(node, taken, ctx)
    return root


def _key(node: Node) -> tuple[str, str]:
    alias = node.parent.args.get("alias") if node.parent is not None else None
    columns = alias.args.get("columns") or [] if alias is not None else []
    return (alias.name if alias is not None else "", columns[0].name if columns else "")


def is_fragment(node: Node, fragments: set[tuple[str, str]]) -> bool:
    if not isinstance(node, exp.Column):
        return False
    return any(node.name == c and node.table in ("", t) for t, c in fragments)


def _nodes(node: exp.Anonymous, fragments: set[tuple[str, str]], taken: set[str], ctx: Context) -> None:
    doc, text = node.expressions
    path: XPath | None = path_of(literal_text(text), node, ctx)
    if is_fragment(doc, fragments) and path is not None:
        path = within(path)
    alias, held = _key(node)
    query = node.find_ancestor(exp.Select)
    if path is None or not alias or not held or query is None:
        raise ctx.refuse("SC4350", node, what="nodes() with such a path or name")
    ctx.say("SC4357", node)
    columns: list[str] = []
    paths: list[XPath] = []
    made: dict[tuple[str, str], str] = {}
    for call in list(query.find_all(exp.Anonymous)):
        if not is_call(call, "XML VALUE") or not is_fragment(call.expressions[0], {(alias, held)}):
            continue
        asked, spelled = literal_text(call.expressions[1]) or "", literal_text(call.expressions[2]) or ""
        inner = path_of(asked, call, ctx)
        if inner.text.startswith(("/", "(/", "..", "(..")):
            raise ctx.refuse("SC4350", call, what=f"the path {asked}")
        wanted = read_type(spelled, ctx.source.types)
        type_ = spelling(wanted, ctx) if wanted is not None else None
        if wanted is None or type_ is None:
            raise ctx.refuse("SC4208", call, type=spelled)
        name = made.get((asked, spelled))
        if name is None:
            name = made[asked, spelled] = unused(_name(asked), taken)
            columns.append(f"{_spelled(name, ctx)} {type_} PATH {quoted(inner.text)}")
            paths.append(inner)
        ctx.consume_tree(call)
        new = exp.Column(this=identifier(name), table=identifier(alias))
        new.meta["known"] = Known(wanted)
        call.replace(new)
    left = [c for c in query.find_all(exp.Column) if is_fragment(c, {(alias, held)})]
    if left or not columns:
        columns.append(f"{_spelled(held, ctx)} xml PATH '.'")
    if left:
        for column in left:
            column.meta["fragment"] = True
    ctx.consume(held)
    ctx.consume_tree(node)
    rows = xml_table(path, document(doc, ctx), columns, ctx, tuple(paths))
    put_rows(node, rows, exp.TableAlias(this=identifier(alias)))


def _name(path: str) -> str:
    """A name for what a path finds: the last name in it."""
    name = re.compile(r"[A-Za-z_]\w*(?!\w*[(:])")
    names = name.findall(path.rpartition("/")[2]) or name.findall(path)
    return names[-1].upper() if names else "VALUE1"


def _spelled(name: str, ctx: Context) -> str:
    target = ctx.names.column_text(name, True)
    ctx.spelled.setdefault(name, set()).add(target)
    return ctx.settings.quoted(target)


def _table(node: exp.Anonymous, taken: set[str], ctx: Context) -> None:
    """XMLTABLE with columns: each one with its path, which is its name where none is given."""
    text, doc = node.expressions[:2]
    path = path_of(literal_text(text), node, ctx)
    if isinstance(doc, exp.Null):
        raise ctx.refuse("SC4350", node, what="XMLTABLE over no document")
    ctx.say("SC4357", node)
    columns: list[str] = []
    paths: list[XPath] = []
    for part in node.expressions[2:]:
        name = part.expressions[0].this if isinstance(part.expressions[0], exp.Column) else None
        if not is_call(part, "XML COLUMN") or name is None or len(part.expressions) > 3:
            raise ctx.refuse("SC4350", node, what="such a column of XMLTABLE")
        spelled, where = literal_text(part.expressions[1]) or "", literal_text(part.expressions[2]) or ""
        target = ctx.names.column_text(name.this, bool(name.meta.get("folded")))
        ctx.spelled.setdefault(name.this, set()).add(target)
        shown = ctx.settings.quoted(target)
        if spelled.startswith("FOR ORDINALITY"):
            columns.append(f"{shown} FOR ORDINALITY")
            continue
        inner = path_of(where or f"{name.this}", part, ctx)
        if not spelled or spelled.startswith("XMLTYPE"):
            type_: str | None = "xml"
        else:
            wanted = read_type(spelled, ctx.source.types)
            type_ = spelling(wanted, ctx) if wanted is not None else None
        if type_ is None:
            raise ctx.refuse("SC4208", part, type=spelled)
        columns.append(f"{shown} {type_} PATH {quoted(inner.text)}")
        paths.append(inner)
    if not columns:
        columns.append(f"{_spelled('COLUMN_VALUE', ctx)} xml PATH '.'")
    alias = alias_of(node, "NODES", taken)
    ctx.consume_tree(node)
    put_rows(node, xml_table(path, document(doc, ctx), columns, ctx, tuple(paths)), alias)
