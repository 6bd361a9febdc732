"""``x IS JSON``."""

from __future__ import annotations

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.kinds import BOOLEAN
from ...sql.tree import Node, exp

REMOVES = "is_json"

NODES = (exp.Is,)


def node(node: Node, ctx: Context) -> Node:
    if not isinstance(node.expression, exp.JSON):
        return node
    bytes_ = ctx.typer.family(node.this) == "binary"
    if ctx.has("is_json"):
        if bytes_ and ctx.family.way("is_json_bytes") is not None:
            return ctx.op("is_json_bytes", node, Known(BOOLEAN), x=node.this)
        return node
    way = ctx.family.way("check_json_bytes" if bytes_ else "check_json")
    negated = isinstance(node.parent, exp.Not) or node.args.get("negate")
    if way is None or negated or (not ctx.standalone and ctx.has("strict_types")):
        raise ctx.refuse("SC4219", node, what="IS JSON")
    return ctx.op("check_json_bytes" if bytes_ else "check_json", node, Known(BOOLEAN), x=node.this)
