"""``SELECT NORMALIZE``: rows that agree in everything but a period, with the periods that meet or overlap in one.

Teradata SQL Data Manipulation Language, "SELECT Statement", NORMALIZE. A range of the target ends before its end, as a
period does, and an aggregate of ranges joins those that meet.
"""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp, literal_text
from . import selects

REMOVES = "normalize_clause"
ADDS = ("function",)
NEEDS = (exp.Cluster,)


def rewrite(root: Node, ctx: Context) -> Node:
    for select in selects(root):
        clause = select.args.get("cluster")
        if clause is None:
            continue
        keys = [k.this if isinstance(k, exp.Ordered) else k for k in clause.expressions]
        kind = literal_text(keys[0])
        select.set("cluster", None)
        ctx.consume("CLUSTER", "BY", str(kind))
        if kind == "OVERLAPS":
            raise ctx.refuse("SC4329", select, reason="ON OVERLAPS alone leaves periods apart that only meet")
        if ctx.family.way("merged_ranges") is None:
            raise ctx.refuse("SC4329", select, reason="there are no ranges")
        _merged(select, ctx)
    return root


def _merged(select: exp.Select, ctx: Context) -> None:
    periods = [i for i in select.expressions if ctx.infer(i.unalias()).type.kind == "period"]
    if len(periods) != 1 or any(select.args.get(k) for k in ("group", "distinct", "having", "qualify")):
        raise ctx.refuse("SC4329", select, reason="its select list has not one period, or rows are grouped")
    others = [i.unalias() for i in select.expressions if i is not periods[0]]
    if not all(isinstance(o, exp.Column) for o in others) or any(i.is_star for i in select.expressions):
        raise ctx.refuse("SC4329", select, reason="its select list has more than columns")
    period = periods[0]
    value = period.unalias()
    named = period.args["alias"] if isinstance(period, exp.Alias) else getattr(value, "this", None)
    if not isinstance(named, exp.Identifier):
        raise ctx.refuse("SC4329", select, reason="the period has no name")
    made = ctx.op("merged_ranges", select, ctx.infer(value), p=value.copy())
    period.replace(exp.Alias(this=made, alias=named.copy()))
    if others:
        select.set("group", exp.Group(expressions=[o.copy() for o in others]))
