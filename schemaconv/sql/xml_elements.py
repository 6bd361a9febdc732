"""Elements of XML as SQL/XML builds them: ``XMLELEMENT(NAME a, XMLATTRIBUTES(...), ...)``."""

from __future__ import annotations

from .context import Context
from .flags import from_flag
from .tree import Node, call, exp


def named(name: str) -> exp.Identifier:
    """A name of XML, exactly so."""
    made = exp.Identifier(this=name, quoted=True)
    made.meta["target"] = True
    return made


def element(name: str, attributes: list[tuple[str, Node]], content: list[Node]) -> exp.Anonymous:
    shown = named(name)
    head = exp.Var(this='NAME "' + str(shown.this).replace('"', '""') + '"')
    parts: list[Node] = [head]
    if attributes:
        parts.append(call("XMLATTRIBUTES", *(exp.Alias(this=v, alias=named(n)) for n, v in attributes)))
    return call("XMLELEMENT", *parts, *content)


def forest(members: list[tuple[str, Node]]) -> exp.Anonymous:
    """Elements of values, none for NULL."""
    return call("XMLFOREST", *(exp.Alias(this=v, alias=named(n)) for n, v in members))


def value(node: Node, ctx: Context) -> Node:
    """A value as it goes into XML: flags are 1 and 0. Raises :class:`Refused` for bytes."""
    kind = ctx.typer.family(node)
    if kind == "binary":
        raise ctx.refuse("SC4350", node, what="XML of bytes")
    return from_flag(node, ctx) if kind == "boolean" else node


def all_null(values: list[Node], made: Node, ctx: Context) -> Node:
    """``made``, or NULL where all of ``values`` are."""
    if any(ctx.typer.not_null(v) for v in values):
        return made
    test: Node | None = None
    for one in values:
        present = exp.Not(this=exp.Is(this=one.copy(), expression=exp.Null()))
        test = present if test is None else exp.Or(this=test, expression=present)
    return exp.Case(ifs=[exp.If(this=test, true=made)]) if test is not None else made
