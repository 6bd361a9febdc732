"""``DATE '...'``, ``TIMESTAMP '...'``, ``INTERVAL '...' DAY`` and the constant calls that stand for them."""

from __future__ import annotations

from ...sql import constants
from ...sql.context import Context
from ...sql.intervals import Parts, interval, moment
from ...sql.tree import Node, call_name, exp, literal_text, string

REMOVES = "typed_literal"

NODES = (exp.Anonymous,)

#: Where a bare day is as good as the same day at midnight.
DAY_SUFFICES = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In, exp.Tuple)


def node(node: Node, ctx: Context) -> Node:
    name = call_name(node)  # type: ignore[arg-type]
    values = [literal_text(a) for a in node.expressions]
    if not values or None in values:
        return node
    texts = [v for v in values if v is not None]
    match name.upper():
        case "DATE LITERAL" | "TIMESTAMP LITERAL" | "TIME LITERAL":
            found = constants.ansi(name.split()[0], texts[0])
            if found is None:
                raise ctx.refuse("SC4206", node, element=texts[0], what=name.split()[0])
        case "TO_DATE" | "TO_TIMESTAMP" | "TO_TIMESTAMP_TZ" if len(texts) in (2, 3):
            found = constants.evaluate(texts[0], texts[1], ctx.source.date_elements, name.upper() == "TO_DATE")
            if found is None:
                return node
            if not constants.has_century(texts[1], ctx.source.date_elements):
                ctx.say("SC4256", node, what=texts[0])
            ctx.consume(*texts[1:])
        case "INTERVAL LITERAL":
            parts = Parts.read(texts[0], texts[1])
            if parts is None:
                raise ctx.refuse("SC4206", node, element=texts[0], what="INTERVAL")
            ctx.consume(texts[0])
            return interval(parts, ctx, node)
        case "TO_DSINTERVAL" | "TO_YMINTERVAL" | "NUMTODSINTERVAL":
            return node
        case "UNISTR":
            ctx.consume(texts[0])
            return string(constants.unistr(texts[0]))
        case _:
            return node
    ctx.consume(texts[0])
    day = name.upper() == "DATE LITERAL" and not ctx.source.traits.get("date_has_time", True)
    made = moment(found, ctx, day or isinstance(node.parent, DAY_SUFFICES))
    made.meta["known"] = ctx.infer(node)
    return made
