"""UPDATE and DELETE: words, aliases and row assignments that differ."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp

REMOVES = "data_statement"
ADDS = ("output_clause",)
NEEDS = (exp.Delete, exp.Update, exp.Insert, exp.Merge)


def rewrite(root: Node, ctx: Context) -> Node:
    if not isinstance(root, exp.Delete):
        _defaults(root)
    match root:
        case exp.Delete():
            _delete(root, ctx)
        case exp.Update():
            _update(root, ctx)
        case exp.Insert():
            _insert(root, ctx)
    _with(root, ctx)
    if isinstance(root, (exp.Update, exp.Delete)) and not ctx.has("change_reads_itself"):
        _not_itself(root, ctx)
    return root


def _defaults(root: Node) -> None:
    """DEFAULT in the place of a value is a word, and no column."""
    for column in list(root.find_all(exp.Column)):
        own = column.this
        if column.table or not isinstance(own, exp.Identifier) or own.args.get("quoted") or column.name != "DEFAULT":
            continue
        assigned = isinstance(column.parent, exp.EQ) and column.arg_key == "expression"
        if assigned or isinstance(column.parent, exp.Tuple):
            column.replace(exp.Var(this="DEFAULT"))


def _with(root: Node, ctx: Context) -> None:
    """A WITH in front of the statement: where it may stand, and whether the statement changes what it names."""
    with_ = root.args.get("with_")
    if with_ is None:
        return
    target = root.this.this if isinstance(root.this, exp.Schema) else root.this
    named = {cte.alias for cte in with_.expressions}
    if isinstance(target, exp.Table) and target.name in named and not target.args.get("db"):
        raise ctx.refuse("SC4261", root, what=f"a change of {target.name}, which is a query of WITH")
    if not isinstance(root, exp.Insert) or ctx.has("insert_after_with"):
        return
    if not isinstance(root.expression, exp.Query) or root.expression.args.get("with_") is not None:
        raise ctx.refuse("SC4261", root, what="WITH before an INSERT that reads no query")
    root.set("with_", None)
    root.expression.set("with_", with_)


def _not_itself(root: exp.Update | exp.Delete, ctx: Context) -> None:
    """A subquery on the table that is changed reads a derived table instead.

    MySQL reference, "Subqueries", "Restrictions on Subqueries": what is materialized first may read that table; a
    derived table in a subquery of UPDATE or DELETE always is, one that is joined is where it cannot be merged.
    """
    name = _changed(root)
    for table in [t for t in root.find_all(exp.Table) if t.name == name]:
        inside = [q for q in _around(table, root) if isinstance(q, (exp.Select, exp.SetOperation))]
        if not inside:
            continue
        if _derived(inside[-1]):
            if not any(_materialized(q) for q in inside if _derived(q)):
                raise ctx.refuse("SC4261", inside[-1], what=f"a subquery on {name} in a statement that changes it")
        elif not any(_derived(q) for q in inside):
            called = table.args.get("alias") or exp.TableAlias(this=table.this.copy())
            joins, alias = table.args.get("joins"), called.copy()
            table.set("joins", None)
            table.set("alias", None)
            rows = exp.Select(expressions=[exp.Star()], from_=exp.From(this=table.copy()))
            table.replace(exp.Subquery(this=rows, alias=alias, joins=joins))


def _around(node: Node, root: Node) -> list[Node]:
    """The nodes around ``node`` inside ``root``, inner ones first."""
    made: list[Node] = []
    part = node.parent
    while part is not None and part is not root:
        made.append(part)
        part = part.parent
    return made


def _derived(query: Node) -> bool:
    """Whether ``query`` is a derived table or a query of WITH."""
    part = query
    while isinstance(part.parent, (exp.Subquery, exp.SetOperation)):
        part = part.parent
    return isinstance(part.parent, (exp.CTE, exp.From, exp.Join, exp.Table)) or part.arg_key == "joins"


def _materialized(query: Node) -> bool:
    """Whether ``query`` cannot be merged into the one around it."""
    if not isinstance(query, exp.Select):
        return True
    shaped = any(query.args.get(k) for k in ("distinct", "group", "having", "limit"))
    return shaped or any(isinstance(n, exp.Window) for item in query.expressions for n in item.walk())


def _changed(root: exp.Update | exp.Delete) -> str:
    """The name of the table that is changed."""
    tables = root.args.get("tables") if isinstance(root, exp.Delete) else None
    if not tables:
        return str(root.this.name)
    found = next((t for t in root.find_all(exp.Table) if t.alias == tables[0].name), tables[0])
    return str(found.name)


def _delete(root: exp.Delete, ctx: Context) -> None:
    if root.args.get("tables") and not isinstance(root.this, exp.Table):  # DELETE t WHERE ... without FROM
        root.set("this", root.args["tables"][0])
        root.set("tables", None)
    table = root.this
    if not isinstance(table, exp.Table):
        raise ctx.refuse("SC4261", root, what="DELETE from a query")
    if table.args.get("joins") and not root.args.get("tables"):
        raise ctx.refuse("SC4261", root, what="DELETE from several tables that does not say which")
    if table.alias and not ctx.has("delete_alias"):
        _drop_alias(root, table, ctx)


def _drop_alias(root: Node, table: exp.Table, ctx: Context) -> None:
    """Columns of the alias get the table's own name, unless a subquery reads the same table."""
    alias = table.alias
    for column in list(root.find_all(exp.Column)):
        if column.table != alias:
            continue
        inner = [t.alias_or_name for q in _around(column, root) for t in _own_tables(q)]
        if alias in inner:  # it is that of a subquery
            continue
        if table.name in inner:
            raise ctx.refuse("SC4261", root, what="DELETE with an alias and a subquery on the same table")
        column.set("table", table.this.copy())
    ctx.consume(alias)
    table.set("alias", None)


def _own_tables(query: Node) -> list[Node]:
    """What a query block reads."""
    from_ = query.args.get("from_") if isinstance(query, exp.Select) else None
    return [from_.this, *(j.this for j in query.args.get("joins") or [])] if from_ is not None else []


def _update(root: exp.Update, ctx: Context) -> None:
    if not isinstance(root.this, exp.Table):
        raise ctx.refuse("SC4261", root, what="UPDATE of a query")
    own = {root.this.alias, root.this.name} - {""}
    assignments: list[Node] = []
    for part in root.expressions:
        target = part.this
        single = target.this if isinstance(target, exp.Paren) else target
        columns = target.expressions if isinstance(target, exp.Tuple) else [single]
        if not ctx.has("update_qualified"):
            for column in columns:
                if isinstance(column, exp.Column) and column.table in own:
                    ctx.consume(column.table)
                    column.set("table", None)
        if isinstance(target, (exp.Tuple, exp.Paren)) and not ctx.has("update_row"):
            assignments += _split_row(part, columns, ctx)
        else:
            assignments.append(part)
    root.set("expressions", assignments)


def _split_row(part: Node, columns: list[Node], ctx: Context) -> list[Node]:
    """``(a, b) = (SELECT x, y ...)`` as one assignment per column."""
    query = part.expression.this if isinstance(part.expression, exp.Subquery) else None
    if not isinstance(query, exp.Select) or len(query.expressions) != len(columns):
        raise ctx.refuse("SC4261", part, what="SET (...) = (query)")
    made: list[Node] = []
    for i, column in enumerate(columns):
        one = query.copy()
        one.set("expressions", [one.expressions[i]])
        made.append(exp.EQ(this=column, expression=exp.Subquery(this=one)))
    return made


def _insert(root: exp.Insert, ctx: Context) -> None:
    target = root.this
    table = target.this if isinstance(target, exp.Schema) else target
    if not isinstance(table, exp.Table):
        raise ctx.refuse("SC4261", root, what="INSERT into a query")
    if table.alias and not ctx.has("insert_alias"):
        ctx.consume(table.alias)
        table.set("alias", None)
