"""``AT TIME ZONE`` and ``AT LOCAL``: the same instant, shown in another zone."""

from __future__ import annotations

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.infer import source_call
from ...sql.kinds import TIMESTAMP, ZONED, family, read_type
from ...sql.rows import CLOCKS
from ...sql.tree import Node, exp, literal_text, parens, string, type_of_cast

REMOVES = "at_time_zone"

NODES = (exp.AtTimeZone,)

UTC = frozenset({"UTC", "GMT", "+00:00", "00:00", "+0:00", "ETC/UTC"})


def node(node: Node, ctx: Context) -> Node:
    assert isinstance(node, exp.AtTimeZone)
    if node.meta.get("done"):
        return node
    ctx.consume("AT", "TIME", "ZONE")
    if ctx.source.zones:
        return _named(node, ctx)
    zone = node.args["zone"]
    text = literal_text(zone)
    known = Known(TIMESTAMP, ctx.typer.not_null(node.this))
    if text is not None and text.upper() in UTC and source_call(node.this) in CLOCKS:
        ctx.consume(text)
        return ctx.op("now_utc", node, known)
    if text is None or ctx.typer.family(node.this) != "zoned":
        raise ctx.refuse("SC4204", node, function="AT TIME ZONE")
    return ctx.op("at_zone", node, known, t=node.this, zone=zone)


def _named(node: exp.AtTimeZone, ctx: Context) -> Node:
    """In a zone with one of the source's own names. A moment without a zone is one of that zone, and gets one; a moment
    with a zone is shown there (Transact-SQL reference, "AT TIME ZONE")."""
    text = literal_text(node.args["zone"])
    zone = ctx.source.zones.get((text or "").upper())
    given = ctx.typer.family(node.this)
    if text is None or zone is None or given not in ("timestamp", "zoned"):
        what = "zones are named as the IANA does, and a zone in a column as a row of a table of both names"
        raise ctx.refuse("SC4316", node, function="AT TIME ZONE", what=what)
    ctx.consume(text)
    sure = ctx.typer.not_null(node.this)
    if given == "timestamp":
        return ctx.op("in_zone", node, Known(ZONED, sure), t=parens(node.this), zone=string(zone))
    wanted = read_type(type_of_cast(node.parent), ctx.source.types) if isinstance(node.parent, exp.Cast) else None
    clock = wanted is not None and family(wanted) in ("date", "timestamp", "time")
    op = "clock_in_zone" if clock else "at_zone"
    return ctx.op(op, node, Known(TIMESTAMP, sure), t=parens(node.this), zone=string(zone))
