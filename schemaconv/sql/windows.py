"""Windows and their order, as rewrites put them together."""

from __future__ import annotations

from collections.abc import Sequence

from .tree import Node, exp


def windowed(inner: Node, parts: Sequence[Node], keys: Sequence[Node]) -> exp.Window:
    """``inner OVER (PARTITION BY parts ORDER BY keys)``, of copies."""
    made = exp.Window(this=inner, over="OVER")
    made.set("partition_by", [p.copy() for p in parts] or None)
    made.set("order", exp.Order(expressions=[k.copy() for k in keys]) if keys else None)
    return made


def turned(key: Node) -> Node:
    """A key of an order, going the other way."""
    made = key.copy()
    if not isinstance(made, exp.Ordered):
        return exp.Ordered(this=made, desc=True, nulls_first=True)
    made.set("desc", not made.args.get("desc"))
    made.set("nulls_first", not made.args.get("nulls_first"))
    return made
