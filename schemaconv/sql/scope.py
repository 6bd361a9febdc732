"""Which column a name means: every column of a query learns its type before anything is rewritten.

Names are compared in the source's canonical case; :func:`fold` has brought them there. What cannot be found stays
unknown, and the rewrites say so where it matters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from ..ir.fragment import Frame, Known, Standing
from ..ir.types import UNKNOWN
from . import locks, named, targets, walks
from .frames import Scope, marked
from .infer import Typer
from .kinds import TEXT
from .lexis import Lexis
from .outputs import Columns, nullable, pivoted, renamed
from .table_calls import given
from .tree import Node, call_name, children, exp, nodes

Lookup = Callable[[str, str], Columns]
Part = Callable[[tuple[str, ...]], Standing | None]
"""Columns of a table or view by schema (or empty) and name; ``None`` when it is not known."""

DUMMY: Columns = {"DUMMY": Known(TEXT, True)}


_MARKS: Final = {"#": "temporary", "##": "global_"}


def fold(root: Node, words: Lexis) -> bool:
    """Bring unquoted identifiers into the source's case; note which ones may be folded again by a target.

    Whether columns bear the mark of an outer join.
    """
    outer = False
    for identifier in nodes(root):
        if not isinstance(identifier, exp.Identifier):
            outer = outer or (isinstance(identifier, exp.Column) and bool(identifier.args.get("join_mark")))
            continue
        args, meta = identifier.args, identifier.meta
        for mark, word in _MARKS.items():  # of a temporary table: it belongs to the name
            if args.get(word):
                args["this"] = mark + args["this"]
                args[word] = None
        written = args["this"]
        text, meta["folded"] = words.fold(written, bool(args.get("quoted")))
        if text != written:
            meta["written"] = written
            args["this"] = text
    return outer


class Binder:
    """Binds the columns of a tree."""

    def __init__(
        self, typer: Typer, lookup: Lookup, bare: Mapping[str, Known] | None = None, frame: Frame | None = None,
        part: Part | None = None, outer_marks: bool = True,
    ) -> None:
        self.typer = typer
        self.lookup = lookup
        self.named = bool(typer.source.traits.get("named_expressions"))
        self.guessed: list[tuple[str, Node]] = []  # names taken for expressions of the select list, see :mod:`named`
        self.part = part
        self.outer_marks = outer_marks  # whether columns may bear the mark of an outer join
        self.bare = bare or {}  # types by bare column name, where nothing better is known
        self.outer = None if frame is None else Scope(tables={"": frame.variables}, records=frame.records)

    def expression(self, root: Node, columns: Columns) -> None:
        self.bind(root, Scope(self.outer, tables={"": columns}))

    def statement(self, root: Node) -> Columns:
        """Bind a query or a data statement; a query's output columns, where they are known."""
        scope = Scope(self.outer)
        if isinstance(root, exp.Query):
            return self.query(root, self.outer)
        if (with_ := root.args.get("with_")) is not None:
            for cte in with_.expressions:
                self.cte(cte, scope)
        match root:
            case exp.Insert():
                target = root.this.this if isinstance(root.this, exp.Schema) else root.this
                self.source(target, Scope())
                if isinstance(root.expression, exp.Query):
                    self.query(root.expression, scope)
                else:
                    self.children(root, scope)
            case exp.Update() | exp.Delete():
                self.change(root, scope)
            case exp.Merge():
                self.source(root.this, scope)
                self.source(root.args["using"], scope)
                self.children(root, scope)
                self.inserted(root)
            case _:
                self.children(root, scope)
        self.returned(root)
        return None

    def returned(self, root: Node) -> None:
        """Bind what the statement returns of the rows before and after."""
        returning = root.args.get("returning")
        target = root.this.this if isinstance(root.this, exp.Schema) else root.this
        if isinstance(root, (exp.Update, exp.Delete)):
            target = targets.changed(root) or targets.named(root)
        if returning is None or not isinstance(target, exp.Table):
            return
        own = Scope()
        self.source(target, own)
        rows = next(iter(own.tables.values()), None)
        scope = Scope(tables={"INSERTED": rows, "DELETED": rows})
        if isinstance(root, (exp.Update, exp.Delete)) and (first := targets.origin(root)) is not None:
            self.source(first, scope)
        if isinstance(root, exp.Merge):
            self.source(root.args["using"], scope)
        for item in returning.expressions:
            self.bind(item, scope)

    def change(self, root: exp.Update | exp.Delete, scope: Scope) -> None:
        """Bind an UPDATE or DELETE: to the tables that it reads, and what it assigns to the one that it changes."""
        table = targets.changed(root)
        own = Scope(scope)
        named = table if table is not None else targets.named(root)
        if named is not None:
            self.source(named, own)
        if table is None:
            scope.tables |= own.tables
        if (first := targets.origin(root)) is not None:
            self.source(first, scope)
        self.children(root, scope)
        for part in root.expressions if isinstance(root, exp.Update) else []:
            self.bind(part.this, own)

    def inserted(self, root: exp.Merge) -> None:
        """Bind what a MERGE inserts, which sees nothing of the tables but the source."""
        scope = Scope(self.outer)
        self.source(root.args["using"], scope)
        for when in root.args["whens"].expressions:
            then = when.args["then"]
            if isinstance(then, exp.Insert) and isinstance(then.expression, exp.Expr):
                self.bind(then.expression, scope)

    def children(self, node: Node, scope: Scope) -> None:
        for child in children(node):
            if child.arg_key not in ("with_", "returning") or child.parent is not node:
                self.bind(child, scope)

    def bind(self, node: Node, scope: Scope) -> None:
        stack = [node]
        while stack:
            part = stack.pop()
            if isinstance(part, exp.Column):
                part.meta.pop("standing", None)
                if part.name[:1] == "%":
                    found = marked(part.name, scope)
                else:
                    found = scope.find(part.table, part.name) or self.standing(part, scope)
                part.meta["known"] = found or self.bare.get(part.name) or Known(UNKNOWN)
                if found is None and scope.lacks(part.table, part.name):
                    part.meta["strange"] = True
                if found is None and part.table and scope.holds(part.db, part.table):
                    part.meta["member"] = True
                    held = scope.find(part.db, part.table)
                    if held is not None and held.type.kind == "json":
                        part.meta["known"] = Known(TEXT)  # by its name a member is a text
            elif isinstance(part, exp.Query) and not isinstance(part, exp.Subquery):
                self.query(part, scope)
            elif isinstance(part, exp.Table):
                continue
            else:
                stack += children(part)

    def standing(self, column: exp.Column, scope: Scope) -> Known | None:
        """What a name means that no table has: something that a package declares, or a function of the script."""
        if self.part is None or isinstance(column.this, exp.Star) or (column.name in self.bare and not column.table):
            return None
        qualifiers = [str(q.this) for q in (column.args.get("catalog"), column.args.get("db"), column.args.get("table"))
                      if isinstance(q, exp.Identifier)]  # fmt: skip
        found = self.part((*qualifiers, column.name))
        if found is None:
            self.stranger(column, qualifiers, scope)
            return None
        if not scope.settled(qualifiers[0] if qualifiers else ""):
            if qualifiers or not found.sure:
                return None
            found = replace(found, text="")
        column.meta["standing"] = found
        return found.known

    def stranger(self, column: exp.Column, qualifiers: list[str], scope: Scope) -> None:
        """In a routine a name behind that of no table is something of a package that is not there."""
        if self.outer is None or len(qualifiers) != 1 or qualifiers[0] in (self.outer.tables.get("") or ()):
            return  # a variable may have fields that are not known
        if scope.settled(qualifiers[0]) and column.name not in ("NEXTVAL", "CURRVAL"):
            column.meta["standing"] = Standing("", Known(UNKNOWN))

    def query(self, query: Node, parent: Scope | None) -> Columns:
        """Bind a query; its output columns in order, or ``None`` when they are not known."""
        scope = Scope(parent)
        with_ = query.args.get("with_")
        if with_ is not None:
            for cte in with_.expressions:
                self.cte(cte, scope)
        match query:
            case exp.Subquery():
                return self.query(query.this, scope)
            case exp.SetOperation():
                left = self.query(query.this, scope)
                right = self.query(query.expression, scope)
                outer = Scope(parent, {"": left})
                if query.args.get("order") is not None:
                    self.bind(query.args["order"], outer)
                return self.either(left, right)
            case exp.Select():
                return self.select(query, scope)
            case _:
                self.children(query, scope)
                return None

    def either(self, left: Columns, right: Columns) -> Columns:
        """The columns of a set operation: named by the left query, typed by both."""
        if left is None or right is None or len(left) != len(right):
            return left
        pairs = zip(left.items(), right.values(), strict=True)
        return {name: self.typer.either(a, b) for (name, a), b in pairs}

    def cte(self, cte: exp.CTE, scope: Scope) -> None:
        name = cte.args["alias"].name
        if walks.is_mark(cte):
            self.query(cte.this, scope)
            of, added = walks.adds(cte)
            given_columns = scope.with_.get(of)
            if given_columns is not None and added is not None:
                scope.with_[of] = {**given_columns, **added}
            return
        names = [c.name for c in cte.args["alias"].args.get("columns") or []]
        scope.with_[name] = None
        body = cte.this
        if isinstance(body, exp.SetOperation):  # the first branch gives a recursive name its columns
            scope.with_[name] = renamed(self.query(body.this, scope), names)
        scope.with_[name] = renamed(self.query(body, scope), names)

    def select(self, select: exp.Select, scope: Scope) -> Columns:
        weak = _outer_marked(select) if self.outer_marks else frozenset()
        from_ = select.args.get("from_")
        if from_ is not None:
            self.source(from_.this, scope, weak)
        self.joined(select, scope, weak, False)
        if select.args.get("locks"):
            locks.bind(select, scope.tables.get)
        if self.named and (names := named.given(select, scope)):
            self.guessed += named.substitute(select, names)
        for key, value in select.args.items():
            if key in ("from_", "with_", "joins", "order", "locks"):
                continue
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, exp.Expr):
                    self.bind(part, scope)
        columns = self.outputs(select, scope)
        order = select.args.get("order")
        if order is not None:  # an alias of the select list comes before a column
            self.bind(order, Scope(scope, {"": _aliases(select, columns)}))
        return columns

    def source(self, node: Node, scope: Scope, weak: frozenset[str] = frozenset(), optional: bool = False) -> None:
        columns: Columns = None
        alias = node.alias if isinstance(node, (exp.Table, exp.Subquery, exp.Values, exp.Lateral)) else ""
        if isinstance(node, exp.Subquery) and not alias and isinstance(node.this, (exp.Table, exp.Subquery)):
            self.source(node.this, scope, weak, optional)  # a join in parentheses
            self.joined(node, scope, weak, optional)
            return
        match node:
            case exp.Table() if isinstance(node.this, exp.Identifier):
                name = node.name
                known, columns = (False, None) if node.args.get("db") else scope.cte(name)
                if not known:
                    columns = DUMMY if name == "DUAL" else self.lookup(node.db, name)
                alias = alias or name
                if (version := node.args.get("version")) is not None:  # the moment of which it is asked
                    self.bind(version, Scope(self.outer))
            case exp.Subquery():
                columns = renamed(self.query(node.this, _only_with(scope)), _listed(node))
            case exp.Values():
                self.children(node, scope)
                columns = self.rows(node)
            case exp.Table() | exp.Lateral() if isinstance(node.this, exp.Anonymous):
                self.children(node, scope)
                named = given(node.this, self.typer.source)
                schema, _, name = call_name(node.this).upper().rpartition(".")
                columns = named or self.lookup(schema or node.text("db").upper(), name)
                columns = renamed(columns, _listed(node))
            case exp.Lateral() if isinstance(node.this, exp.Dot) and isinstance(node.this.expression, exp.Anonymous):
                self.children(node, scope)
                name = call_name(node.this.expression).upper().rpartition(".")[2]
                columns = renamed(self.lookup(node.this.this.name.upper(), name), _listed(node))
            case _:
                self.children(node, scope)
        for pivot in node.args.get("pivots") or ():
            pivot.meta["columns"] = columns
            self.bind(pivot, Scope(scope, {"": columns}))
            columns = pivoted(columns, pivot)
            alias = pivot.alias or alias
        if optional or alias in weak:
            columns = nullable(columns)
        scope.tables[alias or f" {len(scope.tables)}"] = columns
        self.joined(node, scope, weak, optional)

    def rows(self, values: exp.Values) -> Columns:
        """The columns of a list of rows, by the names that its alias gives them."""
        rows = [row.expressions for row in values.expressions if isinstance(row, exp.Tuple)]
        names = _listed(values)
        if not rows or any(len(row) != len(names) for row in rows):
            return None
        return {
            name: Known(self.typer.chosen_type([row[i] for row in rows]), all(self.typer.not_null(r[i]) for r in rows))
            for i, name in enumerate(names)
        }

    def joined(self, node: Node, scope: Scope, weak: frozenset[str], optional: bool) -> None:
        """The tables that are joined to ``node`` inside parentheses."""
        for join in node.args.get("joins") or []:
            side = str(join.args.get("side") or "").upper()
            before = set(scope.tables)
            self.source(join.this, scope, weak, optional or side in ("LEFT", "FULL"))
            if side in ("RIGHT", "FULL"):
                for name in before:
                    scope.tables[name] = nullable(scope.tables[name])
            if join.args.get("on") is not None:
                self.bind(join.args["on"], scope)

    def outputs(self, select: exp.Select, scope: Scope) -> Columns:
        made: dict[str, Known] = {}
        listed: list[tuple[str, Known, bool]] = []  # with names that come again; whether it is a table's column
        direct = _reads_tables(select, scope)
        for i, item in enumerate(select.expressions):
            if isinstance(item, exp.Star) or (isinstance(item, exp.Column) and isinstance(item.this, exp.Star)):
                tables = [item.table] if isinstance(item, exp.Column) else list(scope.tables)
                for table in tables:
                    columns = scope.tables.get(table)
                    if columns is None:
                        return None
                    for name, known in columns.items():
                        made[name if name not in made else f" {i} {name}"] = known
                    listed += [(name, known, direct) for name, known in columns.items()]
            else:
                titled = item.alias_or_name if isinstance(item, (exp.Alias, exp.Column)) else ""
                known = self.typer.infer(item)
                made[titled if titled and titled not in made else f" {i} {titled}".rstrip()] = known
                own = item.unalias()
                plain = isinstance(own, exp.Column) and (direct or own.name[:1] == "%")
                listed.append((item.alias_or_name if plain or own is not item else "", known, plain))
        select.meta["outputs"] = listed
        return made


def _reads_tables(select: exp.Select, scope: Scope) -> bool:
    """Whether all that a query reads are tables, and no queries."""
    from_ = select.args.get("from_")
    read = [] if from_ is None else [from_.this, *(j.this for j in select.args.get("joins") or [])]
    return all(isinstance(t, exp.Table) and not t.args.get("joins") and not scope.cte(t.name)[0] for t in read)


def _listed(node: Node) -> list[str]:
    """The names that the alias of a derived table gives its columns."""
    alias = node.args.get("alias")
    return [c.name for c in (alias.args.get("columns") or [])] if alias is not None else []


def _only_with(scope: Scope) -> Scope:
    """A derived table sees the outer blocks and the names of WITH, and not its neighbours."""
    return Scope(scope.parent, {}, scope.with_)


def _aliases(select: exp.Select, columns: Columns) -> Columns:
    if columns is None:
        return {}
    named = {item.alias for item in select.expressions if isinstance(item, exp.Alias)}
    return {name: known for name, known in columns.items() if name in named}


def _outer_marked(select: exp.Select) -> frozenset[str]:
    """Tables whose columns bear the outer join mark: their rows may be missing."""
    where = select.args.get("where")
    if where is None:
        return frozenset()
    return frozenset(c.table for c in nodes(where) if isinstance(c, exp.Column) and c.args.get("join_mark"))
