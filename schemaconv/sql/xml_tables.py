"""``XMLTABLE(path PASSING document COLUMNS ...)`` as SQL/XML has it."""

from __future__ import annotations

from .context import Context
from .tree import Node, cast_to, exp, string
from .xml_paths import XPath, xpath


def path_of(text: str | None, node: Node, ctx: Context) -> XPath:
    """The path that a text is. Raises :class:`Refused` for what is no plain XPath."""
    found = xpath(text or "")
    if found is None:
        raise ctx.refuse("SC4350", node, what=f"the path {text or ''}")
    return found


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def document(node: Node, ctx: Context) -> Node:
    """``node`` as XML."""
    if ctx.typer.family(node) in ("text", "json"):
        made = cast_to(node.copy(), "xml")
        made.meta["done"] = True
        return made
    if isinstance(node, (exp.Column, exp.Anonymous, exp.Cast, exp.Subquery, exp.Paren)):
        return node.copy()
    return exp.Paren(this=node.copy())


def xml_table(path: XPath, doc: Node, columns: list[str], ctx: Context, more: tuple[XPath, ...] = ()) -> exp.XMLTable:
    """The rows that ``path`` finds; ``columns`` are written out, ``more`` the paths in them."""
    named = dict(n for p in (path, *more) for n in p.namespaces)
    spaces = [exp.Var(this=f"{quoted(uri)} AS {ctx.settings.quoted(prefix)}") for prefix, uri in named.items()]
    made = exp.XMLTable(this=string(path.text), passing=[doc], columns=[exp.Var(this=c) for c in columns])
    if spaces:
        made.set("namespaces", spaces)
    return made
