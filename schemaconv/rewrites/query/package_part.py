"""What packages declare, and functions without arguments: names that are no columns become calls."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp, string

REMOVES = "package_part"

NODES = (exp.Column,)


def node(node: Node, ctx: Context) -> Node:
    found = node.meta.get("standing")
    if found is None:
        return node
    assert isinstance(node, exp.Column)
    name = ".".join(part.name for part in node.parts)
    if not found.text:
        raise ctx.refuse("SC5043", node, clause=name)
    made: Node = exp.Anonymous(this=found.text, expressions=[])
    if found.value:
        quoted = found.value[0] == "'"
        made = string(found.value[1:-1].replace("''", "'")) if quoted else exp.Literal.number(found.value)
    made.meta.update(done=True, known=found.known, was=name)
    ctx.consume(*(part.name for part in node.parts))
    if not found.immutable:
        ctx.immutable = False
    return made
