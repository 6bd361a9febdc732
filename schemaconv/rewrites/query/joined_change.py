"""UPDATE and DELETE that read other tables: ``UPDATE z SET ... FROM t AS z JOIN u ON ...`` (Transact-SQL reference,
"UPDATE", "DELETE", FROM clause).

The engines differ in where the other tables stand: behind FROM or USING, without the table that is changed and with
every condition that names it in WHERE; or joined to the table that is changed.
"""

from __future__ import annotations

from ...ir.fragment import Columns
from ...sql import targets
from ...sql.context import Context
from ...sql.identity import column_of, row_key
from ...sql.tree import Node, conjunction, conjuncts, exp, identifier, unused

REMOVES = "joined_change"
ADDS = ("data_statement", "assignment_at_once", "output_clause")
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
    lateral = any(isinstance(s, exp.Lateral) for s in targets.sources(root))  # sees no table that is changed
    beside = [j for j in joins if j.this is table or (first is table and j is joins[0]) or _names(j, table)]
    if lateral or any(map(_outer, beside)):
        return _again(root, table, first, ctx)
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
        if _outer(join):
            raise ctx.refuse("SC4261", join, what="a change with an outer join of the table that is changed")
        if (on := join.args.get("on")) is not None:
            conditions += conjuncts(on)
    return [j.this for j in joins]


def _outer(join: exp.Join) -> bool:
    return bool(join.args.get("side") or join.args.get("using") or join.args.get("method") == "NATURAL")


def _again(root: exp.Update | exp.Delete, table: exp.Table, first: Node, ctx: Context) -> Node:
    """The changed table once more, beside the join that has it, by the key of its rows."""
    key = row_key(table, ctx, f"a change of {table.name}, which has an outer join,")
    if not table.alias:
        _aliased(root, table, ctx)
    called = table.args["alias"].this
    _told_apart(root, table, called, ctx)
    own = exp.Table(this=table.this.copy(), db=table.args["db"].copy() if table.args.get("db") else None)
    equal: list[Node] = [
        exp.EQ(this=column_of(k, table, own.this, ctx), expression=column_of(k, table, called, ctx)) for k in key
    ]
    for part in root.expressions if isinstance(root, exp.Update) else []:
        for column in _assigned(part):
            ctx.consume(str(column.args["table"].name) if column.args.get("table") else "")
            column.set("table", None)
    where = root.args.get("where")
    root.set("where", exp.Where(this=conjunction(equal + (conjuncts(where.this) if where is not None else []))))
    root.set("this", own)
    if isinstance(root, exp.Update):
        root.set("from_", exp.From(this=first))
    else:
        root.set("tables", None)
        root.set("using", [first])
    return root


def _aliased(root: Node, table: exp.Table, ctx: Context) -> None:
    """A name of its own for ``table``, whose columns bear it from now on."""
    taken = {t.alias_or_name for t in root.find_all(exp.Table)}
    alias = identifier(unused("JOINED", taken))
    for column in root.find_all(exp.Column):
        if column.table == table.name:
            if column.find_ancestor(exp.Select) is not None:
                raise ctx.refuse("SC4261", column, what="a change with an outer join and a subquery on the same table")
            column.set("table", alias.copy())
            column.set("db", None)
    table.set("alias", exp.TableAlias(this=alias))


def _told_apart(root: exp.Update | exp.Delete, table: exp.Table, called: exp.Identifier, ctx: Context) -> None:
    """Columns of ``table`` that bear no table's name get one: it stands there twice."""
    columns = ctx.names.columns_of(table.db, table.name) if isinstance(ctx.names, Columns) else None
    parts: list[Node] = [p.expression for p in root.expressions] if isinstance(root, exp.Update) else []
    parts += [root.args["where"]] if root.args.get("where") is not None else []
    for part in parts:
        for column in part.find_all(exp.Column):
            if not column.table and column.name in (columns or ()):
                if column.find_ancestor(exp.Select) is not None:
                    raise ctx.refuse("SC4261", column, what="a change with an outer join and a subquery without names")
                column.set("table", called.copy())


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
