"""What packages declare, and functions without arguments: names that are no columns become calls."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp

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
    made = exp.Anonymous(this=found.text, expressions=[])
    made.meta.update(done=True, known=found.known, was=name)
    ctx.consume(*(part.name for part in node.parts))
    if not found.immutable:
        ctx.immutable = False
    return made
