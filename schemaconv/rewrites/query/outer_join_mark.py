"""The outer join mark ``(+)`` of a WHERE clause, as LEFT JOIN. SQL Language Reference, "Joins", "Outer Joins"."""

from __future__ import annotations

from dataclasses import dataclass

from ...sql.context import Context
from ...sql.tree import Node, conjunction, conjuncts, exp
from . import selects

REMOVES = "outer_join_mark"
WORDS = frozenset({"(+)"})
ADDS = ("connect_by",)  # a hierarchy is walked over rows that are joined


def rewrite(root: Node, ctx: Context) -> Node:
    for select in selects(root):
        marked = [c for c in _own_columns(select) if c.args.get("join_mark")]
        if marked:
            _select(select, ctx)
    for column in root.find_all(exp.Column):
        if column.args.get("join_mark"):
            raise ctx.refuse("SC4253", column, reason="(+) stands outside of WHERE")
    return root


@dataclass
class Source:
    """One entry of the FROM list: ``on`` are the conditions that bear its mark; ``needs`` the tables these name."""

    name: str
    node: Node
    on: list[Node]
    needs: set[str]
    optional: bool = False


def _own_columns(select: exp.Select) -> list[exp.Column]:
    where = select.args.get("where")
    return _columns(where) if where is not None else []


def _columns(node: Node) -> list[exp.Column]:
    """Columns of ``node``, not those of queries inside it."""
    found: list[exp.Column] = []
    stack = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, exp.Column):
            found.append(part)
        elif not isinstance(part, exp.Query):
            stack.extend(part.iter_expressions())
    return found


def _select(select: exp.Select, ctx: Context) -> None:
    joins: list[exp.Join] = select.args.get("joins") or []
    if any(j.args.get("on") or j.args.get("using") or j.args.get("method") for j in joins):
        raise ctx.refuse("SC4253", select, reason="(+) stands beside JOIN clauses")
    if select.args.get("from_") is None:
        raise ctx.refuse("SC4253", select, reason="the query has no FROM")
    tables = [select.args["from_"].this, *(j.this for j in joins)]
    sources = {t.alias_or_name: Source(t.alias_or_name, t, [], set()) for t in tables}
    if len(sources) != len(tables):
        raise ctx.refuse("SC4253", select, reason="two tables of one name")
    rest: list[Node] = []
    for part in conjuncts(select.args["where"].this):
        _assign(part, sources, rest, ctx, select)
    for source in sources.values():
        if source.optional and not source.needs:
            raise ctx.refuse("SC4253", select, reason=f"no condition joins {source.name} to another table")
    ordered = _order(list(sources.values()), rest, ctx, select)
    _rebuild(select, ordered, rest)


def _owner(column: exp.Column, sources: dict[str, Source], ctx: Context, select: exp.Select) -> str | None:
    """The FROM entry of a column; ``None`` for one of an outer query."""
    if column.table:
        return column.table if column.table in sources else None
    if len(sources) == 1:
        return next(iter(sources))
    names = getattr(ctx.names, "columns_of", None)
    hits: list[str] = []
    for name, source in sources.items():
        node = source.node
        columns = names(node.db, node.name) if names is not None and isinstance(node, exp.Table) else None
        if columns is None:
            hits = []
            break
        if column.name in columns:
            hits.append(name)
    if len(hits) != 1:
        raise ctx.refuse("SC4253", column, reason=f"column {column.name} has no table in front of it")
    return hits[0]


def _assign(part: Node, sources: dict[str, Source], rest: list[Node], ctx: Context, select: exp.Select) -> None:
    columns = _columns(part)
    marked = {_owner(c, sources, ctx, select) for c in columns if c.args.get("join_mark")}
    if not marked:
        rest.append(part)
        return
    if len(marked) > 1 or None in marked:
        raise ctx.refuse("SC4253", part, reason="one condition marks two tables, or one of an outer query")
    if isinstance(part, exp.Or) or part.find(exp.Query):
        raise ctx.refuse("SC4253", part, reason="(+) stands under OR or beside a subquery")
    source = sources[str(marked.pop())]
    for column in columns:
        owner = _owner(column, sources, ctx, select)
        if owner is not None and owner != source.name:
            source.needs.add(owner)
        column.set("join_mark", None)
    source.on.append(part)
    source.optional = True


def _order(sources: list[Source], rest: list[Node], ctx: Context, select: exp.Select) -> list[Source]:
    """The sources so that each stands behind those that its conditions name; otherwise as written."""
    placed: list[Source] = []
    waiting = list(sources)
    while waiting:
        names = {s.name for s in placed}
        ready = next((s for s in waiting if (placed or not s.optional) and s.needs <= names), None)
        if ready is None:
            raise ctx.refuse("SC4253", select, reason="the marked tables depend on each other in a circle")
        waiting.remove(ready)
        placed.append(ready)
    return placed


def _rebuild(select: exp.Select, ordered: list[Source], rest: list[Node]) -> None:
    first, *others = ordered
    select.args["from_"].set("this", first.node)
    names = {first.name}
    optional: set[str] = set()
    joins = []
    for source in others:
        names.add(source.name)
        if source.optional:
            optional.add(source.name)
            joins.append(exp.Join(this=source.node, side="LEFT", on=conjunction(source.on)))
            continue
        on = [p for p in rest if _links(p, source.name, names, optional)]
        for part in on:
            rest.remove(part)
        if on:
            joins.append(exp.Join(this=source.node, on=conjunction(on)))
        else:
            joins.append(exp.Join(this=source.node, kind="CROSS"))
    select.set("joins", joins)
    left = conjunction(rest)
    select.set("where", exp.Where(this=left) if left is not None else None)


def _links(part: Node, name: str, names: set[str], optional: set[str]) -> bool:
    """Whether ``part`` ties table ``name`` to tables before it, and touches no table whose rows may be missing."""
    if part.find(exp.Query):
        return False
    tables = {c.table for c in _columns(part)}
    return name in tables and len(tables) > 1 and tables <= names and not tables & optional
