"""UPDATE and DELETE that read other tables: ``UPDATE z SET ... FROM t AS z JOIN u ON ...`` (Transact-SQL reference,
"UPDATE", "DELETE", FROM clause).

The engines differ in where the other tables stand: behind FROM or USING, without the table that is changed and with
every condition that names it in WHERE; or joined to the table that is changed.
"""

from __future__ import annotations

from ...sql import targets
from ...sql.context import Context
from ...sql.tree import Node, conjunction, conjuncts, exp

REMOVES = "joined_change"
ADDS = ("data_statement", "assignment_at_once")
NEEDS = (exp.Update, exp.Delete)


def rewrite(root: Node, ctx: Context) -> Node:
    if not isinstance(root, (exp.Update, exp.Delete)) or not targets.sources(root):
        return root
    name = targets.named(root)
    if any(s.alias == name.name for s in targets.sources(root) if name is not None and isinstance(s, exp.Subquery)):
        raise ctx.refuse("SC4261", root, what="a change of a query")
    table = targets.changed(root)
    if table is None:
        _added(root)
        table = targets.changed(root)
    if not isinstance(table, exp.Table):
        raise ctx.refuse("SC4261", root, what="a change of what is no table")
    if ctx.has("change_joins_tables"):
        return _joined(root, table, ctx)
    return _apart(root, table, ctx)


def _added(root: exp.Update | exp.Delete) -> None:
    """Put the table that is changed in front of the FROM that does not name it."""
    name, first = targets.named(root), targets.origin(root)
    if not isinstance(name, exp.Table) or first is None:
        return
    joins = list(first.args.get("joins") or [])
    first.set("joins", None)
    whole = name.copy()
    if isinstance(root, exp.Update):
        root.args["from_"].set("this", whole)
    else:
        root.set("this", whole)
    whole.set("joins", [exp.Join(this=first, kind="CROSS"), *joins])


def _joined(root: exp.Update | exp.Delete, table: exp.Table, ctx: Context) -> Node:
    """The form of engines that change a table of a join."""
    _unnamed(root, table, ctx)
    first = targets.origin(root)
    assert first is not None
    several = bool(first.args.get("joins"))
    own = table.args["alias"].this if table.alias else table.this
    if isinstance(root, exp.Delete):
        root.set("this", first)
        root.set("tables", [exp.Table(this=own.copy())] if several else None)
        return root
    root.args["from_"].set("this", None)
    root.set("from_", None)
    root.set("this", first)
    for part in root.expressions if several else []:
        for column in _assigned(part):
            column.set("table", own.copy())
            column.set("db", None)
    return root


def _apart(root: exp.Update | exp.Delete, table: exp.Table, ctx: Context) -> Node:
    """The form of engines that read other tables apart from the one that is changed."""
    _unnamed(root, table, ctx)
    first = targets.origin(root)
    assert first is not None
    joins: list[exp.Join] = list(first.args.get("joins") or [])
    first.set("joins", None)
    conditions: list[Node] = []
    if first is table:
        others = _rest(joins[:1], conditions, ctx)
        kept = joins[1:]
    else:
        at = next(i for i, j in enumerate(joins) if j.this is table)
        _rest(joins[at : at + 1], conditions, ctx)
        others, kept = [first], joins[:at] + joins[at + 1 :]
    if any(_names(j, table) for j in kept):  # a join cannot name the table that is changed
        others += _rest(kept, conditions, ctx)
        kept = []
    _write(root, table, others, kept)
    where = root.args.get("where")
    parts = conditions + (conjuncts(where.this) if where is not None else [])
    if conditions:
        root.set("where", exp.Where(this=conjunction(parts)))
    return root


def _rest(joins: list[exp.Join], conditions: list[Node], ctx: Context) -> list[Node]:
    """The tables of inner joins; what they ask goes to ``conditions``."""
    for join in joins:
        if join.args.get("side") or join.args.get("using") or join.args.get("method") == "NATURAL":
            raise ctx.refuse("SC4261", join, what="a change with an outer join of the table that is changed")
        if (on := join.args.get("on")) is not None:
            conditions += conjuncts(on)
    return [j.this for j in joins]


def _names(join: exp.Join, table: exp.Table) -> bool:
    """Whether the condition of a join may name ``table``: by its name, or by a column without one."""
    on = join.args.get("on")
    own = table.alias or table.name
    return on is not None and any(c.table in ("", own) for c in on.find_all(exp.Column))


def _write(root: exp.Update | exp.Delete, table: exp.Table, others: list[Node], kept: list[exp.Join]) -> None:
    joins = [exp.Join(this=t) for t in others[1:]] + kept
    if others and joins:
        others[0].set("joins", joins)
    root.set("this", table)
    if isinstance(root, exp.Update):
        root.set("from_", exp.From(this=others[0]) if others else None)
    else:
        root.set("tables", None)
        root.set("using", others[:1] or None)


def _unnamed(root: exp.Update | exp.Delete, table: exp.Table, ctx: Context) -> None:
    """The name behind UPDATE or DELETE gives way to the table itself."""
    name = targets.named(root)
    if isinstance(name, exp.Table):
        if name.name != table.name:
            ctx.consume(name.name)
        if name.db and not table.db:
            table.set("db", name.args["db"].copy())


def _assigned(part: Node) -> list[Node]:
    target = part.this.this if isinstance(part.this, exp.Paren) else part.this
    columns = target.expressions if isinstance(target, exp.Tuple) else [target]
    return [c for c in columns if isinstance(c, exp.Column)]
