"""A number of rows that UPDATE, DELETE or INSERT stops at: ``DELETE TOP (10) FROM t``, ``WHERE ROWNUM <= 10``.

Which rows these are nobody says (Transact-SQL reference, "TOP": "not arranged in any order"). MySQL has LIMIT;
elsewhere the rows are picked by their key first.
"""

from __future__ import annotations

from ...sql import targets
from ...sql.context import Context
from ...sql.identity import alias_of, column_of, row_key
from ...sql.row_series import limit_of
from ...sql.tree import Node, conjunction, conjuncts, exp, integer, number

REMOVES = "limited_change"
ADDS = ("rownum", "data_statement", "joined_change", "fetch_clause")
NEEDS = (exp.Update, exp.Delete, exp.Insert)


def rewrite(root: Node, ctx: Context) -> Node:
    if isinstance(root, exp.Insert):
        _insert(root, ctx)
        return root
    if not isinstance(root, (exp.Update, exp.Delete)):
        return root
    _numbered(root, ctx)
    limit = root.args.get("limit")
    if limit is None:
        return root
    while isinstance(limit.expression, exp.Paren):
        limit.set("expression", limit.expression.this)
    if integer(limit.expression) is None:
        raise ctx.refuse("SC4246", root, what="a number of rows that is no number")
    sources = targets.sources(root)
    if ctx.has("change_limit") and len(sources) < 2:
        return root
    root.set("limit", None)
    _picked(root, limit, ctx)
    return root


def _insert(root: exp.Insert, ctx: Context) -> None:
    """The query gives so many rows and no more."""
    limit = root.args.get("limit")
    if limit is None:
        return
    query = root.expression
    while isinstance(query, exp.Subquery) and not query.alias:
        query = query.this
    if not isinstance(query, exp.Select) or query.args.get("limit") or query.args.get("offset"):
        raise ctx.refuse("SC4246", root, what="INSERT TOP")
    while isinstance(limit.expression, exp.Paren):
        limit.set("expression", limit.expression.this)
    root.set("limit", None)
    query.set("limit", limit)


def _numbered(root: exp.Update | exp.Delete, ctx: Context) -> None:
    """``WHERE ... AND ROWNUM <= n`` as a limit."""
    where = root.args.get("where")
    parts = conjuncts(where.this) if where is not None else []
    limits = [(p, n) for p in parts if (n := limit_of(p)) is not None]
    if not limits or where is None:
        return
    for part, _ in limits:
        ctx.consume(*(str(n.this) for n in part.find_all(exp.Literal)))
    left = conjunction([p for p in parts if all(p is not q for q, _ in limits)])
    root.set("where", exp.Where(this=left) if left is not None else None)
    root.set("limit", exp.Limit(expression=number(min(n for _, n in limits))))


def _picked(root: exp.Update | exp.Delete, limit: exp.Limit, ctx: Context) -> None:
    """``WHERE key IN (SELECT key ... LIMIT n)``, or a join to that query where the engine joins what it changes."""
    table = targets.changed(root) or targets.named(root)
    if isinstance(root, exp.Delete) and not isinstance(table, exp.Table) and root.args.get("tables"):
        table = root.args["tables"][0]
    sources = targets.sources(root)
    if not isinstance(table, exp.Table) or (sources and (sources[0] is not table or len(sources) > 1)):
        raise ctx.refuse("SC4246", root, what="TOP in a change that reads other tables")
    if sources:  # FROM says no more than the alias of the table
        root.set("this", table)
        root.set("from_" if isinstance(root, exp.Update) else "tables", None)
    key = row_key(table, ctx, f"a limited change of {table.name}")
    called = alias_of(table)
    assert called is not None
    inner = table.copy()
    inner.set("joins", None)
    items: list[Node] = [column_of(k, table, called, ctx) for k in key]
    query = exp.Select(expressions=items, from_=exp.From(this=inner), where=root.args.get("where"), limit=limit)
    outer: list[Node] = [column_of(k, table, called, ctx) for k in key]
    left = outer[0] if len(outer) == 1 else exp.Tuple(expressions=outer)
    root.set("where", exp.Where(this=exp.In(this=left, query=exp.Subquery(this=query))))
