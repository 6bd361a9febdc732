"""``FROM t WITH (NOLOCK)`` and ``OPTION (RECOMPILE)``: hints for an optimizer and a lock manager of the source."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp, nodes

REMOVES = "table_hint"
WORDS = frozenset({"(hint)"})

#: What holds hints: of a table, and of a query.
PLACES = ("hints", "options")


def rewrite(root: Node, ctx: Context) -> Node:
    for node in nodes(root):
        for place in PLACES:
            hints = node.args.get(place) if isinstance(node, (exp.Table, exp.Select)) else None
            if not hints:
                continue
            ctx.say("SC4252", node)
            for hint in hints:
                _consume(hint, ctx)
            node.set(place, None)
    return root


def _consume(hint: Node, ctx: Context) -> None:
    for part in hint.walk():
        if isinstance(part, (exp.Identifier, exp.Literal, exp.Var, exp.Anonymous)):
            ctx.consume(str(part.this))
