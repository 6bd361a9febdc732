"""``AT TIME ZONE`` and ``AT LOCAL``: the same instant, shown in another zone."""

from __future__ import annotations

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.infer import source_call
from ...sql.kinds import TIMESTAMP
from ...sql.rows import CLOCKS
from ...sql.tree import Node, exp, literal_text

REMOVES = "at_time_zone"

NODES = (exp.AtTimeZone,)

UTC = frozenset({"UTC", "GMT", "+00:00", "00:00", "+0:00", "ETC/UTC"})


def node(node: Node, ctx: Context) -> Node:
    assert isinstance(node, exp.AtTimeZone)
    if node.meta.get("done"):
        return node
    ctx.consume("AT", "TIME", "ZONE")
    zone = node.args["zone"]
    text = literal_text(zone)
    known = Known(TIMESTAMP, ctx.typer.not_null(node.this))
    if text is not None and text.upper() in UTC and source_call(node.this) in CLOCKS:
        ctx.consume(text)
        return ctx.op("now_utc", node, known)
    if text is None or ctx.typer.family(node.this) != "zoned":
        raise ctx.refuse("SC4204", node, function="AT TIME ZONE")
    return ctx.op("at_zone", node, known, t=node.this, zone=zone)
