"""OUTPUT: what a statement gives back of the rows that it changes (Transact-SQL reference, "OUTPUT clause").

PostgreSQL has RETURNING; ``OUTPUT ... INTO t`` is an INSERT that reads the statement in its WITH. What an UPDATE
overwrites stands in a row that is joined by its key, read before anything changes.
"""

from __future__ import annotations

from ...ir.fragment import Columns
from ...sql import targets
from ...sql.context import Context
from ...sql.identity import alias_of, column_of, row_key
from ...sql.tree import Node, conjunction, conjuncts, exp, identifier, unused

REMOVES = "output_clause"
ADDS = ("implicit_conversion_of_inserted_value",)
NEEDS = (exp.Returning,)

_ROWS = ("INSERTED", "DELETED")


def rewrite(root: Node, ctx: Context) -> Node:
    returning = root.args.get("returning")
    if returning is None:
        return root
    if not ctx.has("returning"):
        raise ctx.refuse("SC4225", returning, what="OUTPUT")
    if isinstance(root, exp.Merge) and not ctx.has("merge_returning"):
        raise ctx.refuse("SC4225", returning, what="OUTPUT of a MERGE")
    if not isinstance(root, (exp.Insert, exp.Update, exp.Delete)):
        raise ctx.refuse("SC4225", returning, what="OUTPUT of a MERGE")
    into = returning.args.get("into")
    if into is None:
        ctx.say("SC4341", returning)
    items = _items(root, returning, ctx)
    ctx.aliases |= {i.alias for i in items if isinstance(i, exp.Alias)}
    if into is None:
        root.set("returning", exp.Returning(expressions=items))
        return root
    return _into(root, into, items, ctx)


def _items(root: exp.Insert | exp.Update | exp.Delete, returning: Node, ctx: Context) -> list[Node]:
    """The list of OUTPUT in names of the statement's own tables."""
    target = root.this.this if isinstance(root.this, exp.Schema) else root.this
    if isinstance(root, exp.Delete) and root.args.get("tables") and not isinstance(target, exp.Table):
        target = root.args["tables"][0]
    if not isinstance(target, exp.Table):
        raise ctx.refuse("SC4225", returning, what="OUTPUT")
    called = alias_of(target)
    assert called is not None
    before: exp.Identifier | None = None
    columns = ctx.names.columns_of(target.db, target.name) if isinstance(ctx.names, Columns) else None
    made: list[Node] = []
    for item in returning.expressions:
        value = item.this if isinstance(item, exp.Alias) else item
        if isinstance(value, exp.Column) and isinstance(value.this, exp.Star) and value.table in _ROWS:
            if columns is None:
                raise ctx.refuse("SC4225", item, what="OUTPUT of * of a table outside the script")
            ctx.consume(value.table)
            rows = [exp.Column(this=identifier(n), table=identifier(value.table)) for n in columns]
            for row in rows:
                row.meta["known"] = columns[row.name]
            made += rows
            continue
        made.append(item.copy())
    holder = exp.Tuple(expressions=made)
    for column in list(holder.find_all(exp.Column)):
        if column.table not in _ROWS:
            continue
        ctx.consume(column.table)
        old = column.table == "DELETED" and isinstance(root, exp.Update)
        if isinstance(root, {"DELETED": exp.Insert, "INSERTED": exp.Delete}[column.table]):
            raise ctx.refuse("SC4225", column, what=f"OUTPUT {column.table}")
        if old and before is None:
            before = _before(root, target, called, ctx)
        name = before if old else called
        if columns is not None and column.name not in columns:  # a query makes it, whose rows are changed
            read = targets.sources(root) if not isinstance(root, exp.Insert) else []
            others = [t for t in read if t is not target and isinstance(t, exp.Table)]
            if old or len(others) != 1:
                raise ctx.refuse("SC4225", column, what=f"OUTPUT {column.name}")
            name = alias_of(others[0])
        column.set("table", name.copy() if name is not None else None)
    return list(holder.expressions)


def _before(root: Node, table: exp.Table, called: exp.Identifier, ctx: Context) -> exp.Identifier:
    """Join the table to itself, as it was: its name there."""
    assert isinstance(root, exp.Update)
    key = row_key(table, ctx, f"OUTPUT of what was in {table.name}")
    for part in [*(p.expression for p in root.expressions), root.args.get("where")]:
        for column in part.find_all(exp.Column) if part is not None else ():
            if not column.table:
                if column.find_ancestor(exp.Select) is not None:
                    raise ctx.refuse("SC4225", column, what="OUTPUT DELETED beside a subquery without names")
                column.set("table", called.copy())
    from_ = root.args.get("from_")
    if from_ is not None:
        raise ctx.refuse("SC4225", root, what="OUTPUT DELETED of an UPDATE that reads other tables")
    before = identifier(unused("BEFORE", {t.alias_or_name for t in root.find_all(exp.Table)}))
    old = exp.Table(
        this=table.this.copy(), db=table.args["db"].copy() if table.args.get("db") else None,
        alias=exp.TableAlias(this=before.copy()),
    )  # fmt: skip
    equal: list[Node] = [
        exp.EQ(this=column_of(k, table, before, ctx), expression=column_of(k, table, called, ctx)) for k in key
    ]
    where = root.args.get("where")
    root.set("from_", exp.From(this=old))
    root.set("where", exp.Where(this=conjunction(equal + (conjuncts(where.this) if where is not None else []))))
    return before


def _into(root: Node, into: Node, items: list[Node], ctx: Context) -> Node:
    """``WITH changed AS (... RETURNING ...) INSERT INTO t SELECT ... FROM changed``."""
    taken = {t.alias_or_name for t in root.find_all(exp.Table)}
    name = identifier(unused("CHANGED", taken))
    named: list[Node] = []
    used: set[str] = set()
    values: list[Node] = []
    for item in items:
        value = item.this if isinstance(item, exp.Alias) else item
        title = item.alias_or_name if isinstance(item, (exp.Alias, exp.Column)) else "VALUE"
        own = value.this if isinstance(value, exp.Column) else None
        if isinstance(item, exp.Alias):
            own = item.args["alias"]
        if title in used or not isinstance(own, exp.Identifier):
            own = identifier(unused(title, used))
        used.add(own.name)
        ctx.aliases.add(own.name)
        plain = isinstance(item, exp.Column) and item.name == own.name
        named.append(item if plain else exp.Alias(this=value, alias=own.copy()))
        column = exp.Column(this=own.copy(), table=name.copy())
        column.meta["known"] = ctx.infer(value)
        values.append(column)
    with_ = root.args.get("with_")
    root.set("with_", None)
    root.set("returning", exp.Returning(expressions=named))
    cte = exp.CTE(this=root.copy(), alias=exp.TableAlias(this=name.copy()))
    queries = [*(with_.expressions if with_ is not None else []), cte]
    query = exp.Select(expressions=values, from_=exp.From(this=exp.Table(this=name.copy())))
    return exp.Insert(this=into, expression=query, with_=exp.With(expressions=queries))
