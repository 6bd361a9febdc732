"""FULL JOIN, where the target lacks it: the rows of a left join, and those of the other side that no row matches.

The joined rows become a derived table, so that whatever the query does with them stays as it is.
"""

from __future__ import annotations

from ...ir.fragment import Columns, Known
from ...sql.context import Context
from ...sql.tree import Node, exp, identifier, number, unused
from . import every, put_in

REMOVES = "full_join"
ADDS = ("unnamed_derived_table",)
NEEDS = (exp.Join,)


def rewrite(root: Node, ctx: Context) -> Node:
    if ctx.has("full_join"):
        return root
    for join in every(root, exp.Join):
        if str(join.args.get("side") or "").upper() != "FULL":
            continue
        query = join.parent
        if not isinstance(query, exp.Select) or len(query.args["joins"]) != 1 or not isinstance(join, exp.Join):
            raise ctx.refuse("SC4255", join)
        root = _apart(query, join, root, ctx)
    return root


def _apart(query: exp.Select, join: exp.Join, root: Node, ctx: Context) -> Node:
    left, right = query.args["from_"].this, join.this
    sources: dict[str, Node] = {s.alias_or_name: s for s in (left, right) if isinstance(s, (exp.Table, exp.Subquery))}
    plain = all(isinstance(getattr(s, "this", None), (exp.Identifier, exp.Query)) for s in sources.values())
    starred = any(item.is_star for item in query.expressions)
    if len(sources) != 2 or "" in sources or not plain or starred or join.args.get("on") is None:
        raise ctx.refuse("SC4255", join)
    used = _columns(query, join, sources, ctx)
    taken = {i.this.upper() for i in root.find_all(exp.Identifier)}
    named = identifier(unused("JOINED", taken))
    names: dict[tuple[str, str], exp.Identifier] = {}
    items: list[Node] = []
    for column in used:
        key = (column.table, column.name)
        if key in names:
            continue
        same = any(n.this == column.name for n in names.values())
        names[key] = identifier(unused(f"{column.name}_2", taken)) if same else column.this.copy()
        items.append(exp.Alias(this=column.copy(), alias=names[key].copy()))
    rows = exp.Union(this=_matched(left, right, join, items), expression=_alone(left, right, join, items),
                     distinct=False)  # fmt: skip
    for column in used:
        made = exp.Column(this=names[column.table, column.name].copy(), table=named.copy())
        made.meta["known"] = Known(ctx.infer(column).type)
        titled = column.parent is query and column.arg_key == "expressions" and made.name != column.name
        put_in(column, exp.Alias(this=made, alias=column.this.copy()) if titled else made, root)
    query.set("joins", None)
    query.args["from_"].set("this", exp.Subquery(this=rows, alias=exp.TableAlias(this=named.copy())))
    return root


def _columns(query: exp.Select, join: exp.Join, sources: dict[str, Node], ctx: Context) -> list[exp.Column]:
    """The columns of both sides that the query names outside of the join, with their side."""
    inside = {id(n) for part in (join, query.args["from_"]) for n in part.walk()}
    found: list[exp.Column] = []
    for column in query.find_all(exp.Column):
        if id(column) in inside:
            continue
        own = column.find_ancestor(exp.Select)
        if own is not query and own is not None and any(t.alias_or_name in sources for t in own.find_all(exp.Table)):
            raise ctx.refuse("SC4255", join)
        if not column.table:
            side = [n for n, s in sources.items() if _has(s, column.name, ctx)]
            if len(side) != 1 or own is not query:
                raise ctx.refuse("SC4255", join)
            column.set("table", exp.Identifier(this=side[0], quoted=False))
            column.args["table"].meta["folded"] = True
        if column.table in sources:
            found.append(column)
    return found


def _has(source: Node, name: str, ctx: Context) -> bool:
    if isinstance(source, exp.Table) and isinstance(ctx.names, Columns):
        return name in (ctx.names.columns_of(source.db, source.name) or {})
    inner = source.this if isinstance(source, exp.Subquery) else None
    return isinstance(inner, exp.Select) and any(i.alias_or_name == name for i in inner.expressions)


def _matched(left: Node, right: Node, join: exp.Join, items: list[Node]) -> exp.Select:
    joined = exp.Join(this=right.copy(), side="LEFT", on=join.args["on"].copy())
    return exp.Select(expressions=items, from_=exp.From(this=left.copy()), joins=[joined])


def _alone(left: Node, right: Node, join: exp.Join, items: list[Node]) -> exp.Select:
    """Rows of the right side that no row of the left one matches; the columns of that are NULL."""
    nothing = exp.Join(this=left.copy(), side="LEFT", on=exp.Boolean(this=False))
    match = exp.Select(expressions=[number(1)], from_=exp.From(this=left.copy()),
                       where=exp.Where(this=join.args["on"].copy()))  # fmt: skip
    return exp.Select(
        expressions=[i.copy() for i in items], from_=exp.From(this=right.copy()), joins=[nothing],
        where=exp.Where(this=exp.Not(this=exp.Exists(this=match))),
    )  # fmt: skip
