"""ROWNUM: the number of a row as the query block lets it through, before it sorts or groups.

SQL Language Reference, "ROWNUM Pseudocolumn".
"""

from __future__ import annotations

from ...sql.apart import set_apart
from ...sql.context import Context
from ...sql.row_series import limit_of
from ...sql.tree import Node, call, conjunction, conjuncts, exp, identifier, integer, is_call, number
from . import every, selects

REMOVES = "rownum"
WORDS = frozenset({"ROWNUM"})
ADDS = ("unnamed_derived_table",)


def rewrite(root: Node, ctx: Context) -> Node:
    if not any(is_call(n, "ROWNUM") for n in root.find_all(exp.Anonymous)):
        return root
    for select in selects(root):
        _where(select, ctx)
        _listed(select, ctx)
    for node in every(root, exp.Anonymous):
        if is_call(node, "ROWNUM"):
            raise ctx.refuse("SC4249", node)
    return root


def _own_rownums(node: Node | None) -> list[Node]:
    found: list[Node] = []
    stack = [node] if node is not None else []
    while stack:
        part = stack.pop()
        if is_call(part, "ROWNUM"):
            found.append(part)
        elif not isinstance(part, exp.Query):
            stack.extend(part.iter_expressions())
    return found


def _where(select: exp.Select, ctx: Context) -> None:
    where = select.args.get("where")
    if where is None or not _own_rownums(where):
        return
    limits: list[int] = []
    rest: list[Node] = []
    for part in conjuncts(where.this):
        limit = limit_of(part)
        if limit is not None:
            limits.append(limit)
            ctx.consume(*(str(n.this) for n in part.find_all(exp.Literal)))
        elif _own_rownums(part):
            raise ctx.refuse("SC4249", part)
        else:
            rest.append(part)
    if select.args.get("limit") is not None or select.args.get("offset") is not None:
        raise ctx.refuse("SC4249", where)
    left = conjunction(rest)
    select.set("where", exp.Where(this=left) if left is not None else None)
    _put_limit(select, exp.Limit(expression=number(min(limits))), ctx)


def _is_late(select: exp.Select, ctx: Context) -> bool:
    """Whether the block still sorts, groups or counts after its rows have their numbers."""
    if any(select.args.get(k) for k in ("group", "having", "order", "distinct")):
        return True
    for item in select.expressions:
        for node in item.walk():
            if isinstance(node, exp.Window):
                return True
            if isinstance(node, exp.Anonymous):
                row, _ = ctx.typer.choose(node)
                if row is not None and row.aggregate and not node.find_ancestor(exp.Subquery):
                    return True
    return False


def _put_limit(select: exp.Select, limit: exp.Limit, ctx: Context) -> None:
    from_ = select.args.get("from_")
    source = from_.this if from_ is not None else None
    alone = not select.args.get("joins")
    if _is_late(select, ctx):
        if source is None:
            raise ctx.refuse("SC4249", select)
        if not alone:
            apart = set_apart(select, ctx, ctx.refuse("SC4249", select))
            apart.inner.set("limit", limit)
            apart.close()
            return
        rows = exp.From(this=source.copy())
        inner = exp.Select(expressions=[exp.Star()], from_=rows, where=select.args.get("where"), limit=limit)
        alias = exp.TableAlias(this=_alias_of(source))
        select.args["from_"].set("this", exp.Subquery(this=inner, alias=alias if source.alias_or_name else None))
        select.set("where", None)
        return
    inner_query = source.this if isinstance(source, exp.Subquery) else None
    if isinstance(inner_query, exp.Select) and inner_query.args.get("order") is not None:
        if alone and select.args.get("where") is None and inner_query.args.get("limit") is None:
            inner_query.set("limit", limit)  # the first rows of a sorted query
            return
        ctx.say("SC4247", select)
    select.set("limit", limit)


def _alias_of(source: Node) -> exp.Identifier:
    made = exp.Identifier(this=source.alias_or_name, quoted=False)
    alias = source.args.get("alias")
    named = alias.this if alias is not None else source.this
    made.meta["folded"] = named.meta.get("folded", True) if isinstance(named, exp.Identifier) else True
    return made


def _listed(select: exp.Select, ctx: Context) -> None:
    for item in select.expressions:
        for node in _own_rownums(item):
            if select.args.get("group") is not None or select.args.get("distinct") is not None:
                raise ctx.refuse("SC4249", node)
            order = _sorted_source(select)
            if order is None:
                ctx.say("SC4248", node)
            window = exp.Window(this=call("ROW_NUMBER"), order=order, over="OVER")
            if node is item:  # a bare ROWNUM keeps the title that the source gives it
                node.replace(exp.Alias(this=window, alias=identifier("ROWNUM")))
            else:
                node.replace(window)


def _sorted_source(select: exp.Select) -> Node | None:
    """The order of the one derived table that is read, by its columns: in it the rows come, and are numbered."""
    from_ = select.args.get("from_")
    source = from_.this if from_ is not None else None
    query = source.this if isinstance(source, exp.Subquery) else None
    if source is None or select.args.get("joins") or not isinstance(query, exp.Select):
        return None
    if query.args.get("order") is None:
        return None
    made = query.args["order"].copy()
    for key, written in zip(made.expressions, query.args["order"].expressions, strict=True):
        title = _title_of(written.this if isinstance(written, exp.Ordered) else written, query)
        if title is None:
            return None
        column = exp.Column(this=title.copy(), table=_alias_of(source) if source.alias_or_name else None)
        key.set("this", column)
    return made if isinstance(made, exp.Expr) else None


def _title_of(key: Node, query: exp.Select) -> Node | None:
    """The column of ``query`` that it sorts by; ``None`` where none shows it."""
    place = integer(key)
    items = query.expressions
    if place is not None:
        items = items[place - 1 : place]
    for item in items:
        title = item.args.get("alias") if isinstance(item, exp.Alias) else item.this
        if not isinstance(title, exp.Identifier) or not isinstance(item, (exp.Alias, exp.Column)):
            continue
        named = isinstance(key, exp.Column) and not key.table and key.name == title.this
        if place is not None or named or item.unalias() == key:
            return title
    return None
