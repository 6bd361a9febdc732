"""FULL JOIN, where the target lacks it: the rows of a LEFT JOIN, and those of the right side that it leaves out."""

from __future__ import annotations

from ...sql.apart import Apart, set_apart
from ...sql.context import Context
from ...sql.tree import Node, exp
from . import selects

REMOVES = "full_join"
ADDS = ("unnamed_derived_table",)
NEEDS = (exp.Join,)


def rewrite(root: Node, ctx: Context) -> Node:
    if ctx.has("full_join"):
        return root
    for select in selects(root):
        full = [j for j in select.args.get("joins") or () if str(j.args.get("side") or "").upper() == "FULL"]
        if full:
            _apart(select, full[0], ctx)
    for join in root.find_all(exp.Join):
        if str(join.args.get("side") or "").upper() == "FULL":
            raise ctx.refuse("SC4255", join)
    return root


def _apart(select: exp.Select, full: Node, ctx: Context) -> None:
    refusal = ctx.refuse("SC4255", full)
    left, right = select.args["from_"].this, full.this
    alone = len(select.args["joins"]) == 1 and full.args.get("on") is not None
    named = all(isinstance(t, (exp.Table, exp.Subquery)) and t.alias_or_name and not t.args.get("joins")
                for t in (left, right))  # fmt: skip
    if not alone or not named:
        raise refusal
    apart = set_apart(select, ctx, refusal)
    select.set("where", apart.inner.args.get("where"))
    apart.inner.set("where", None)
    apart.close()
    _with_the_rest(apart, full, left, right, refusal)


def _with_the_rest(apart: Apart, full: Node, left: Node, right: Node, refusal: Exception) -> None:
    """Add the rows of the right side that have none on the left."""
    full.set("side", "LEFT")
    items: list[Node] = []
    for item in apart.inner.expressions:
        value = item.unalias()
        owner = value.meta.get("own") if isinstance(value, exp.Column) else None
        if isinstance(value, exp.Column) and owner is None:
            raise refusal
        gone = owner == left.alias_or_name
        title = item.args["alias"] if isinstance(item, exp.Alias) else value.this
        items.append(exp.Alias(this=exp.Null() if gone else value.copy(), alias=title.copy()))
    there = exp.Select(expressions=[exp.Literal.number(1)], from_=exp.From(this=left.copy()))
    there.set("where", exp.Where(this=full.args["on"].copy()))
    rest = exp.Select(expressions=items, from_=exp.From(this=right.copy()))
    rest.set("where", exp.Where(this=exp.Not(this=exp.Exists(this=there))))
    derived = apart.select.args["from_"].this
    derived.set("this", exp.Union(this=apart.inner.copy(), expression=rest, distinct=False))
