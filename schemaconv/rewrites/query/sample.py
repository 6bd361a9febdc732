"""``SAMPLE 10``, ``SAMPLE 0.25``, ``SAMPLE 0.25, 0.25`` and SAMPLEID: rows by chance.

Teradata SQL Data Manipulation Language, "SAMPLE Clause": a number above 1 counts rows, a fraction is of all rows, with
half a row and more giving another one; no row is in two samples; SAMPLEID is the number of a row's sample.
"""

from __future__ import annotations

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.infer import DOUBLE
from ...sql.kinds import INTEGER
from ...sql.select_list import enclose, title, written_out
from ...sql.tree import Node, exp, identifier, number, put, source_function, unused
from . import selects

REMOVES = "sample_clause"
ADDS = ("qualify_clause", "unnamed_derived_table", "fetch_clause")
NEEDS = (exp.Sort,)


def rewrite(root: Node, ctx: Context) -> Node:
    taken = {i.this.upper() for i in root.find_all(exp.Identifier)}
    for select in selects(root):
        if select.args.get("sort") is not None:
            root = _sampled(select, taken, root, ctx)
    for clause in root.find_all(exp.Sort):  # of a set operation
        raise ctx.refuse("SC4220", clause)
    return root


def _sampled(select: exp.Select, taken: set[str], root: Node, ctx: Context) -> Node:
    sizes = [k.this if isinstance(k, exp.Ordered) else k for k in select.args["sort"].expressions]
    if not all(isinstance(s, exp.Literal) and not s.is_string for s in sizes) or len(sizes) > 16:
        raise ctx.refuse("SC4220", select)
    fraction = any("." in s.this and float(s.this) < 1 for s in sizes)
    if not all(("." in s.this) is fraction for s in sizes) or sum(float(s.this) for s in sizes if fraction) > 1:
        raise ctx.refuse("SC4220", select)
    select.set("sort", None)
    ids = [c for c in select.find_all(exp.Column) if c.name == "SAMPLEID" and not c.table]
    order, limit = select.args.get("order"), select.args.get("limit")
    bare = order is None and limit is None and not select.args.get("distinct")
    if len(sizes) == 1 and not fraction and not ids and bare:
        chance = ctx.op("chance", select, Known(DOUBLE, True))
        key = exp.Ordered(this=chance, desc=False, nulls_first=not ctx.has("nulls_large"))
        select.set("order", exp.Order(expressions=[key]))
        select.set("limit", exp.Limit(expression=sizes[0]))
        return root
    if select.args.get("distinct") or limit is not None:
        raise ctx.refuse("SC4220", select)
    return _around(select, sizes, fraction, taken, root, ctx)


def _around(
    select: exp.Select, sizes: list[exp.Literal], fraction: bool, taken: set[str], root: Node, ctx: Context
) -> Node:
    """The query with its rows numbered by chance, inside one that takes the first of them."""
    select.set("expressions", [made for item in select.expressions for made in written_out(item, select, ctx)])
    place, counted = identifier(unused("SAMPLE_ROW", taken)), identifier(unused("SAMPLE_ROWS", taken))
    ends: list[Node] = []
    for size in sizes:
        step: Node = size.copy()
        if fraction:
            share = exp.Mul(this=size.copy(), expression=exp.Column(this=counted.copy()))
            step = source_function("ROUND", share)
        ends.append(exp.Add(this=ends[-1].copy(), expression=step) if ends else step)
    row = exp.Column(this=place.copy())
    branches = [
        exp.If(this=exp.LTE(this=row.copy(), expression=end), true=number(i + 1)) for i, end in enumerate(ends)
    ]
    inner: list[Node] = []
    titles: list[Node] = []
    for item in select.expressions:
        value = item.unalias()
        if isinstance(value, exp.Column) and value.name == "SAMPLEID" and not value.table:
            ctx.consume("SAMPLEID")
            named = item.args["alias"] if isinstance(item, exp.Alias) else identifier("SAMPLEID")
            case = exp.Case(ifs=[b.copy() for b in branches])
            case.meta["known"] = Known(INTEGER)
            titles.append(exp.Alias(this=case, alias=named.copy()))
            continue
        titles.append(exp.Column(this=title(item, ctx).copy()))
        inner.append(item)
    drawn = ctx.op("row_by_chance", select, Known(INTEGER, True))
    for key in drawn.find_all(exp.Ordered):
        key.this.meta["known"] = Known(DOUBLE, True)
    inner.append(exp.Alias(this=drawn, alias=place))
    if fraction:
        rows = exp.Window(this=source_function("COUNT", exp.Star()), over="OVER")
        inner.append(exp.Alias(this=rows, alias=counted))
    outer = exp.Select(expressions=titles, where=exp.Where(this=exp.LTE(this=row, expression=ends[-1].copy())))
    known = {t.alias_or_name for t in titles}
    order = select.args.get("order")
    for column in order.find_all(exp.Column) if order is not None else ():
        if column.table or column.name not in known:
            raise ctx.refuse("SC4220", select)
    enclose(select, inner, outer, ("with_", "order"), unused("SAMPLED", taken))
    return put(select, outer, root)
