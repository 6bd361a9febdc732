"""``LISTAGG(x) WITHIN GROUP (ORDER BY k) OVER (PARTITION BY p)`` where no window joins texts: from rows listed in WITH.

SQL Language Reference, "LISTAGG": as an analytic function it joins the texts of the partition, for each of its rows.
"""

from __future__ import annotations

from ...sql.apart import Apart, set_apart
from ...sql.context import Context
from ...sql.tree import Node, call_name, exp, identifier, unused
from . import selects

REMOVES = "window_text"
ADDS = ("within_group", "null_order", "null_safe_equal", "derived_table_alias")
NEEDS = (exp.WithinGroup,)


def rewrite(root: Node, ctx: Context) -> Node:
    if ctx.has("aggregate_order_in_window") or ctx.family.way("listagg_in_window") is not None:
        return root
    for select in selects(root):
        found = [n for n in select.find_all(exp.Window) if n.find_ancestor(exp.Select) is select and _joins(n)]
        if not found:
            continue
        refusal = ctx.refuse("SC4204", found[0], function="LISTAGG OVER")
        if any(select.args.get(k) for k in ("group", "having", "qualify")):
            raise refusal
        apart = set_apart(select, ctx, refusal)
        for window in found:
            window.replace(_joined(window, apart))
        apart.close(listed=True)
    return root


def _joins(window: exp.Window) -> bool:
    call = window.this.this if isinstance(window.this, exp.WithinGroup) else None
    return isinstance(call, exp.Anonymous) and call_name(call).upper() == "LISTAGG"


def _joined(window: exp.Window, apart: Apart) -> exp.Subquery:
    """The joined texts of the rows of WITH that are in the partition of a row."""
    other = identifier(unused("OTHER_ROW", apart.taken))
    join = window.this.copy()

    def inside(node: Node) -> None:
        for column in list(node.find_all(exp.Column)):
            if "own" in column.meta:
                made = apart.column(column, column.name)
                made.set("table", other.copy())
                column.replace(made)

    inside(join)
    where: Node | None = None
    for part in window.args.get("partition_by") or ():
        mine = apart.column(part, part.name if isinstance(part, exp.Column) else "PART")
        mine.set("table", apart.name.copy())
        theirs = mine.copy()
        theirs.set("table", other.copy())
        same: Node = exp.NullSafeEQ(this=theirs, expression=mine)
        if apart.ctx.typer.not_null(part):
            same = exp.EQ(this=theirs, expression=mine)
        where = same if where is None else exp.And(this=where, expression=same)
    table = exp.Table(this=apart.name.copy(), alias=exp.TableAlias(this=other))
    query = exp.Select(expressions=[join], from_=exp.From(this=table))
    query.set("where", exp.Where(this=where) if where is not None else None)
    made = exp.Subquery(this=query)
    made.meta["known"] = apart.ctx.infer(window)
    return made
