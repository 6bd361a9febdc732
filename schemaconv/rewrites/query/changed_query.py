"""UPDATE and DELETE of a query: of a common table expression, a derived table, an inline view.

``WITH c AS (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY id) AS n FROM t) DELETE FROM c WHERE n > 1`` changes
rows of ``t`` (Transact-SQL reference, "DELETE", "UPDATE": a CTE or a derived table whose change touches one base
table; Oracle SQL Language Reference, "UPDATE", "DELETE": an inline view that keeps the key of the table). Targets
change tables.

A query that only picks rows and columns gives way to its tables. Any other one stays, gives the key of its rows
besides, and the table is joined to it.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...ir.fragment import Columns
from ...sql import targets
from ...sql.context import Context
from ...sql.identity import alias_of, column_of, row_key
from ...sql.tree import Node, conjunction, conjuncts, exp, identifier, nodes, parens, unused

REMOVES = "changed_query"
ADDS = ("joined_change", "data_statement", "top_clause", "fetch_clause", "outer_join_of_changed_table")
NEEDS = (exp.Update, exp.Delete)

#: Parts of a query that make its rows others than those of its tables.
_SHAPES = ("distinct", "group", "having", "limit", "offset", "qualify")


@dataclass(frozen=True)
class _Changed:
    """The query that a statement changes: ``holder`` stands for it where it is read, under the name ``alias``."""

    query: exp.Select
    alias: exp.Identifier
    holder: Node  # the table that names a CTE, or the derived table
    cte: exp.CTE | None
    names: tuple[exp.Identifier, ...]  # of its columns, where an alias lists them


def rewrite(root: Node, ctx: Context) -> Node:
    if not isinstance(root, (exp.Update, exp.Delete)):
        return root
    found = _find(root, ctx)
    if found is None:
        return root
    outer = _Outer(root, found, ctx)
    if not outer.picks():
        return outer.joined()
    return outer.dissolved() if outer.alone else outer.placed()


def _find(root: exp.Update | exp.Delete, ctx: Context) -> _Changed | None:
    """The query that ``root`` changes, ``None`` if it changes a table."""
    name = targets.named(root)
    if isinstance(name, exp.Subquery):
        return _of(root, name, name, None, ctx)
    if not isinstance(name, exp.Table):
        return None
    sources = targets.sources(root)
    for source in sources:
        if isinstance(source, exp.Subquery) and source.alias == name.name and not name.db:
            return _of(root, source, source, None, ctx)
    table = targets.changed(root) or name
    with_ = root.args.get("with_")
    for cte in with_.expressions if with_ is not None and not table.db else []:
        if cte.alias == table.name:
            return _of(root, cte, table, cte, ctx)
    return None


def _of(root: Node, given: Node, holder: Node, cte: exp.CTE | None, ctx: Context) -> _Changed:
    query = given.this
    while isinstance(query, exp.Subquery) and not query.alias:
        query = query.this
    if not isinstance(query, exp.Select) or query.args.get("from_") is None or query.args.get("with_") is not None:
        raise ctx.refuse("SC4261", root, what="a change of a query")
    alias = given.args.get("alias")
    names = tuple(alias.args.get("columns") or ()) if alias is not None else ()
    called = alias_of(holder) if not isinstance(holder, exp.Subquery) or holder.alias else None
    if called is None:
        called = identifier("C")
        if isinstance(holder, exp.Subquery):
            holder.set("alias", exp.TableAlias(this=called.copy()))
    return _Changed(query, called, holder, cte, names)


class _Outer:
    """The statement around the query that it changes."""

    def __init__(self, root: exp.Update | exp.Delete, found: _Changed, ctx: Context) -> None:
        self.root = root
        self.found = found
        self.ctx = ctx
        first = targets.origin(root)
        self.alone = first is None or (first is found.holder and not first.args.get("joins"))
        self.read = [found.query.args["from_"].this, *(j.this for j in found.query.args.get("joins") or [])]
        for column in found.query.find_all(exp.Column):
            if column.args.get("join_mark"):
                raise ctx.refuse("SC4261", column, what="a change of a query with (+)")
        self.items = self._items()

    def refuse(self, what: str) -> Exception:
        return self.ctx.refuse("SC4261", self.root, what=what)

    def _items(self) -> dict[str, Node]:
        """The expressions of the query by the names under which the statement knows them."""
        made: dict[str, Node] = {}
        listed = self.found.names
        for i, item in enumerate(self.found.query.expressions):
            if isinstance(item, exp.Star) or (isinstance(item, exp.Column) and isinstance(item.this, exp.Star)):
                if listed:
                    raise self.refuse("a change of a query")
                for source in self.read:
                    called = alias_of(source)
                    if called is None or (isinstance(item, exp.Column) and item.table != called.name):
                        continue
                    for column in self._columns(source):
                        made.setdefault(column.name, self._column(column, source))
                continue
            value = item.this if isinstance(item, exp.Alias) else item
            name = listed[i].name if i < len(listed) else item.alias_or_name
            made[name] = value
        return made

    def _columns(self, source: Node) -> list[exp.Identifier]:
        known = None
        if isinstance(source, exp.Table) and isinstance(self.ctx.names, Columns):
            known = self.ctx.names.columns_of(source.db, source.name)
        return [identifier(n) for n in known or ()]

    def _column(self, name: exp.Identifier, source: Node) -> exp.Column:
        called = alias_of(source)
        assert called is not None and isinstance(source, exp.Table)
        return column_of(name, source, called, self.ctx)

    def picks(self) -> bool:
        """Whether the query only picks rows and columns: of one table, where the statement reads others besides."""
        query = self.found.query
        if any(query.args.get(k) for k in _SHAPES) or not (self.alone or len(self.read) == 1):
            return False
        # what a query block shows in its list alone, COUNT(*) say, makes one row of many
        return not any(isinstance(n, exp.Window) for n in nodes(query)) and all(
            isinstance(v, exp.Column) or not self._gathers(v) for v in self.items.values()
        )

    def _gathers(self, value: Node) -> bool:
        for node in value.find_all(exp.Anonymous):
            row, _ = self.ctx.typer.choose(node)
            if row is not None and row.aggregate:
                return True
        return False

    def assigned(self) -> list[exp.Column]:
        """The columns of the query that the statement assigns."""
        made: list[exp.Column] = []
        for part in self.root.expressions if isinstance(self.root, exp.Update) else []:
            target = part.this.this if isinstance(part.this, exp.Paren) else part.this
            for column in target.expressions if isinstance(target, exp.Tuple) else [target]:
                if not isinstance(column, exp.Column):
                    raise self.refuse("a change of a query")
                made.append(column)
        return made

    def base(self) -> exp.Table:
        """The table of the query whose rows change."""
        tables = {id(self._owner(self._value(column))) for column in self.assigned()}
        if isinstance(self.root, exp.Delete):
            tables = {id(s) for s in self.read}
        found = [s for s in self.read if id(s) in tables]
        if len(found) != 1 or len(tables) != 1 or not isinstance(found[0], exp.Table):
            raise self.refuse("a change of a query over several tables")
        with_ = self.root.args.get("with_")
        if with_ is not None and not found[0].db and found[0].name in {c.alias for c in with_.expressions}:
            raise self.refuse(f"a change of {found[0].name}, which is a query of WITH,")
        return found[0]

    def _value(self, column: exp.Column) -> exp.Column:
        value = self.items.get(column.name)
        if not isinstance(value, exp.Column):
            raise self.refuse(f"a change of {column.name}, which is no column of a table,")
        return value

    def _owner(self, column: exp.Column) -> Node | None:
        """The source of the query that ``column`` belongs to."""
        holding: list[Node] = list(self.read)  # where there is one, it is that
        if len(self.read) > 1 and column.table:
            holding = [s for s in self.read if s.alias_or_name == column.table]
        elif len(self.read) > 1:
            holding = [s for s in self.read if any(n.name == column.name for n in self._columns(s))]
        return holding[0] if len(holding) == 1 else None

    # -- without the query ---------------------------------------------------------------------------------------------

    def dissolved(self) -> Node:
        """The statement on the tables of the query, with its condition."""
        root, query = self.root, self.found.query
        base = self.base()
        called = alias_of(base)
        assert called is not None
        for column in self.assigned():
            meant = self._value(column)
            own = exp.Column(this=meant.this.copy(), table=called.copy() if len(self.read) > 1 else None)
            own.meta["known"] = self.ctx.infer(meant)
            self.ctx.consume(column.name, column.table)
            column.replace(own)
        self._substitute()
        tests = [p for w in (query, root) if w.args.get("where") for p in conjuncts(w.args["where"].this)]
        self._forget()
        joins = [j.pop() for j in query.args.get("joins") or []]
        where = exp.Where(this=conjunction([t.copy() for t in tests])) if tests else None
        self.ctx.consume(*(n for n in self.items), self.found.alias.name)
        for value in self.items.values():
            self.ctx.consume_tree(value)
        with_ = root.args.get("with_")
        expressions = root.expressions
        made_root: exp.Update | exp.Delete
        if not joins:
            kept = base.copy()
            if isinstance(root, exp.Update):
                made_root = exp.Update(this=kept, expressions=expressions, where=where)
            else:
                made_root = exp.Delete(this=kept, where=where)
        else:
            first = query.args["from_"].this
            first.set("joins", joins)
            made_root = exp.Update(
                this=exp.Table(this=called.copy()), expressions=expressions, from_=exp.From(this=first), where=where
            )
        for key in ("limit", "returning"):
            if root.args.get(key) is not None:
                made_root.set(key, root.args[key])
        if with_ is not None:
            made_root.set("with_", with_)
        return made_root

    def placed(self) -> Node:
        """The statement with the table of the query in its place, under its name."""
        root, query, alias = self.root, self.found.query, self.found.alias
        table = self.base().copy()
        taken = {table.alias_or_name}
        table.set("alias", exp.TableAlias(this=alias.copy()))
        for column in self.assigned():
            self.ctx.consume(column.name, column.table)
            column.replace(exp.Column(this=self._value(column).this.copy(), table=alias.copy()))
        inner: list[Node] = [*self.items.values()] + ([query.args["where"]] if query.args.get("where") else [])
        for column in [c for part in inner for c in part.find_all(exp.Column)]:
            if column.find_ancestor(exp.Select) is not query:
                raise self.refuse("a change of a query that holds another one")
            if column.table in ("", *taken):
                self.ctx.consume(column.table)
                column.set("table", alias.copy())
        self._substitute()
        self.ctx.consume(*self.items)
        for value in self.items.values():
            self.ctx.consume_tree(value)
        table.set("joins", self.found.holder.args.get("joins"))
        self.found.holder.replace(table)
        tests = [p for w in (query, root) if w.args.get("where") for p in conjuncts(w.args["where"].this.copy())]
        root.set("where", exp.Where(this=conjunction(tests)) if tests else None)
        mention = exp.Table(this=alias.copy())
        if isinstance(root, exp.Update):
            root.set("this", mention)
        else:
            root.set("tables", [mention])
        self._forget()
        return root

    def _read_outside(self) -> list[Node]:
        """The parts of the statement that may read the query's columns."""
        parts = [p.expression for p in self.root.expressions] if isinstance(self.root, exp.Update) else []
        parts += [self.root.args[k] for k in ("where",) if self.root.args.get(k) is not None]
        return parts + [
            j.args["on"] for s in targets.sources(self.root) for j in s.args.get("joins") or [] if j.args.get("on")
        ]

    def _substitute(self) -> None:
        """The expressions of the query in the place of its columns, wherever the statement reads them."""
        for part in self._read_outside():
            for column in list(part.find_all(exp.Column)):
                if not self._means(column):
                    continue
                value = self.items[column.name].copy()
                column.replace(value if isinstance(value, exp.Column) else parens(value))

    def _means(self, column: exp.Column) -> bool:
        """Whether ``column`` is one of the query's."""
        if column.table == self.found.alias.name:
            if column.name not in self.items:
                raise self.refuse("a change of a query whose columns are not known")
            return True
        if column.table or column.name.startswith("%"):  # the variables of a language that marks them
            return False
        if column.find_ancestor(exp.Select) is not None:
            if column.name in self.items:
                raise self.refuse("a change of a query, with a subquery whose columns bear no table's name,")
            return False
        if column.name not in self.items and self.alone:
            raise self.refuse("a change of a query whose columns are not known")
        return column.name in self.items

    def _forget(self) -> None:
        """The query leaves the WITH."""
        cte, with_ = self.found.cte, self.root.args.get("with_")
        if cte is None or with_ is None:
            return
        left = [c for c in with_.expressions if c is not cte]
        if left:
            with_.set("expressions", left)
        else:
            self.root.set("with_", None)

    # -- beside the query ----------------------------------------------------------------------------------------------

    def joined(self) -> Node:
        """The statement on the table, joined to the query by the key of its rows."""
        root, found = self.root, self.found
        if any(found.query.args.get(k) for k in ("distinct", "group", "having")):
            raise self.refuse("a change of a query that gathers rows")
        base = self.base()
        called = alias_of(base)
        assert called is not None
        key = row_key(base, self.ctx, f"a change of a query on {base.name}")
        first = targets.origin(root)
        taken = {found.alias.name} | {s.alias_or_name for s in targets.sources(root)}
        if found.cte is not None and base.name in {c.alias for c in root.args["with_"].expressions}:
            raise self.refuse(f"a change of {base.name}, which is a query of WITH,")
        table = exp.Table(this=base.this.copy(), db=base.args["db"].copy() if base.args.get("db") else None)
        own = table.this
        if base.name in taken:
            own = identifier(unused("CHANGED", taken))
            table.set("alias", exp.TableAlias(this=own.copy()))
        for column in self.assigned():
            self.ctx.consume(column.name, column.table)
            column.replace(exp.Column(this=self._value(column).this.copy()))
        self._qualify()
        tests: list[Node] = []
        for name in key:
            shown = self._shown(name, base, called)
            left = exp.Column(this=shown, table=found.alias.copy())
            right = column_of(name, base, own, self.ctx)
            left.meta["known"] = right.meta["known"]
            tests.append(exp.EQ(this=left, expression=right))
        holder = found.holder
        if first is None:  # the statement names the query alone
            holder = holder.copy() if found.cte is not None else holder
            joins: list[Node] = []
        elif first is holder:
            joins = list(first.args.get("joins") or [])
            first.set("joins", None)
        else:
            raise self.refuse("a change of a query that is joined to a table before it")
        table.set("joins", [exp.Join(this=holder, on=conjunction(tests)), *joins])
        mention = exp.Table(this=own.copy())
        if isinstance(root, exp.Update):
            root.set("this", mention)
            root.set("from_", exp.From(this=table))
        else:
            root.set("this", table)
            root.set("tables", [mention])
        return root

    def _shown(self, name: exp.Identifier, base: exp.Table, called: exp.Identifier) -> exp.Identifier:
        """The name under which the query gives the key column ``name``; it is added where it does not."""
        query = self.found.query
        for item in query.expressions:
            stars = isinstance(item, exp.Star) or (isinstance(item, exp.Column) and isinstance(item.this, exp.Star))
            if stars and len(self.read) == 1 and "target" not in name.meta:
                return name.copy()
            value = item.this if isinstance(item, exp.Alias) else item
            if isinstance(value, exp.Column) and value.name == name.name and self._owner(value) is base:
                if self.found.names or isinstance(item, exp.Alias):
                    break
                return name.copy()
        if self.found.names:
            raise self.refuse("a change of a query whose alias lists its columns")
        made = identifier(unused("ROW_KEY", set(self.items)))
        self.items[made.name] = exp.Null()
        query.append("expressions", exp.Alias(this=column_of(name, base, called, self.ctx), alias=made))
        return made.copy()

    def _qualify(self) -> None:
        """Columns of the query get its name: the table has some of the same names."""
        alias = self.found.alias
        for part in self._read_outside():
            for column in list(part.find_all(exp.Column)):
                if self._means(column):
                    column.set("table", alias.copy())
