"""The rows of a hierarchical query as a recursive one walks them: what its columns mean, and what each step carries.

SQL Language Reference, "Hierarchical Queries": the joins come first, then the tree is walked, then the other conditions
of WHERE are asked of each row. A row's way is told from the expressions under PRIOR: the same values twice are a loop.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..ir.fragment import Columns, Known
from .context import Context
from .kinds import INTEGER, TEXT
from .tree import Node, call_name, conjuncts, exp, identifier, is_call, nodes, number, parens, put, unused

#: The calls that only a hierarchical query knows, and how many arguments they have.
ARGUMENTS = {
    "LEVEL": 0, "PRIOR": 1, "CONNECT_BY_ROOT": 1, "CONNECT_BY_ISLEAF": 0, "CONNECT_BY_ISCYCLE": 0,
    "SYS_CONNECT_BY_PATH": 2,
}  # fmt: skip
WORDS = frozenset(ARGUMENTS)
COUNT = Known(INTEGER, True)
Way = Callable[[Node], Node | None]


def over(node: Node, way: Way) -> Node:
    """A copy of ``node``; ``way`` gives what stands for a part of it, or ``None`` to look inside."""
    holder = exp.Paren(this=node.copy())
    stack = [holder.this]
    while stack:
        part = stack.pop()
        made = way(part)
        if made is None:
            stack.extend(part.iter_expressions())
        else:
            put(part, made, holder)
    made = holder.this
    assert isinstance(made, exp.Expr)
    return made.pop()


@dataclass
class Block:
    """A hierarchical query block: ``sources`` of its FROM by name, with the columns of each where they are known."""

    select: exp.Select
    ctx: Context
    sources: dict[str, list[str] | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        from_ = self.select.args.get("from_")
        for node in [from_.this, *(j.this for j in self.select.args.get("joins") or ())] if from_ is not None else []:
            name = node.alias_or_name
            if not name or name in self.sources or node.args.get("joins") or node.args.get("pivots"):
                raise self.ctx.refuse("SC4210", node, what="a hierarchy over these tables")
            self.sources[name] = _columns_of(node, self.ctx)
        for part in self.parts():
            for call in part.find_all(exp.Anonymous):
                if len(call.expressions) != ARGUMENTS.get(call_name(call), len(call.expressions)):
                    raise self.ctx.refuse("SC4200", call, reason=f"{call_name(call)} without its operand")
            for column in part.find_all(exp.Column):
                if (owner := self._owner(column)) is not None:
                    column.meta["own"] = owner

    def parts(self) -> list[Node]:
        """The clauses whose columns may be those of the rows."""
        args = self.select.args
        clauses = [args.get(k) for k in ("where", "connect", "group", "having", "order")]
        return [*self.select.expressions, *(c for c in clauses if isinstance(c, exp.Expr))]

    def _owner(self, column: exp.Column) -> str | None:
        """The source that ``column`` is of; ``None`` for one of another block, and for an alias of the select list."""
        nested: list[exp.Select] = []
        node = column.parent
        while node is not None and node is not self.select:
            if isinstance(node, exp.Select):
                nested.append(node)
            node = node.parent
        if isinstance(column.this, exp.Star):
            return column.table if column.table in self.sources and not nested else None
        if column.table:
            hidden = any(column.table == n for block in nested for n in _names(block))
            return column.table if column.table in self.sources and not hidden else None
        for block in nested:
            for source in _sources(block):
                columns = _columns_of(source, self.ctx)
                if columns is None or column.name in columns:
                    return None
        if not nested and column.find_ancestor(exp.Order, exp.Select) is self.select.args.get("order"):
            if any(isinstance(i, exp.Alias) and i.alias == column.name for i in self.select.expressions):
                return None
        if len(self.sources) == 1:
            (name, columns), = self.sources.items()
            return name if columns is None or column.name in columns else None
        found = [name for name, columns in self.sources.items() if columns is not None and column.name in columns]
        if len(found) == 1:
            return found[0]
        if None in self.sources.values() or found:
            raise self.ctx.refuse("SC4210", column, what=f"column {column.name} without its table")
        return None

    def written_out(self) -> None:
        """``*`` and ``t.*`` as the columns that they stand for. Raises :class:`Refused` where they are not known."""
        made: list[Node] = []
        for item in self.select.expressions:
            if not item.is_star or (isinstance(item, exp.Column) and "own" not in item.meta):
                made.append(item)
                continue
            for name in [item.table] if isinstance(item, exp.Column) else self.sources:
                columns = self.sources[name]
                if columns is None:
                    raise self.ctx.refuse("SC4210", item, what=f"* of {name}, whose columns are not in the script,")
                for column in columns:
                    table = identifier(name) if len(self.sources) > 1 else None
                    part = exp.Column(this=identifier(column), table=table)
                    part.meta.update(own=name, known=self._known(name, column))
                    made.append(part)
        self.select.set("expressions", made)

    def _known(self, source: str, column: str) -> Known:
        from_ = self.select.args["from_"]
        for node in (from_.this, *(j.this for j in self.select.args.get("joins") or ())):
            if node.alias_or_name == source and isinstance(node, exp.Table) and isinstance(self.ctx.names, Columns):
                found = self.ctx.names.columns_of(node.db, node.name)
                if found is not None and column in found:
                    return found[column]
        return self.ctx.infer(exp.Column(this=identifier(column)))


def _sources(select: exp.Select) -> list[Node]:
    from_ = select.args.get("from_")
    return [from_.this, *(j.this for j in select.args.get("joins") or ())] if from_ is not None else []


def _names(select: exp.Select) -> list[str]:
    return [s.alias_or_name for s in _sources(select)]


def _columns_of(node: Node, ctx: Context) -> list[str] | None:
    """The names of the columns of a table, of a WITH name or of a derived table, where they are known."""
    if isinstance(node, exp.Table):
        if node.name == "DUAL" and not node.db:
            return ["DUMMY"]
        if not node.db and (query := _with(node)) is not None:
            return query
        known = ctx.names.columns_of(node.db, node.name) if isinstance(ctx.names, Columns) else None
        return list(known) if known is not None else None
    return _titles(node.this) if isinstance(node, exp.Subquery) else None


def _with(table: exp.Table) -> list[str] | None:
    node = table.parent
    while node is not None:
        with_ = node.args.get("with_")
        for cte in with_.expressions if with_ is not None else ():
            if cte.alias == table.name:
                return [c.name for c in cte.args["alias"].args.get("columns") or ()] or _titles(cte.this)
        node = node.parent
    return None


def _titles(query: Node) -> list[str] | None:
    while isinstance(query, (exp.SetOperation, exp.Subquery)):
        query = query.this
    items = query.expressions if isinstance(query, exp.Select) else []
    names = [i.alias_or_name for i in items if not i.is_star]
    return names if names and len(names) == len(items) and all(names) else None


@dataclass
class Step:
    """A column of the tree: its name, its value in a root, and its value in a row below another one."""

    title: exp.Identifier
    first: Node
    later: Node
    known: Known


@dataclass
class Tree:
    """What the recursive query carries from row to row, in the order in which it was asked for.

    ``row`` is what the table is called in the later branch, ``parent`` the tree there, ``name`` the tree outside.
    ``listed``: the rows stand in a WITH query of their own, and their columns have the titles of the tree.
    """

    ctx: Context
    row: exp.Identifier | None
    parent: exp.Identifier
    name: exp.Identifier
    listed: bool
    qualified: bool
    taken: set[str] = field(default_factory=set)
    titles: dict[tuple[str, str], exp.Identifier] = field(default_factory=dict)
    steps: dict[str, Step] = field(default_factory=dict)

    def title(self, column: exp.Column) -> exp.Identifier:
        """The name of a column of the rows in the tree: its own, or with its table's in front of it."""
        key = (str(column.meta["own"]), column.name)
        if key not in self.titles:
            made = column.this.copy()
            if made.this in self.taken:
                made = identifier(unused(f"{key[0]}_{key[1]}", self.taken))
            self.taken.add(made.this)
            self.titles[key] = made
        return self.titles[key].copy()

    def cell(self, column: exp.Column, row: exp.Identifier | None, kept: bool = False) -> exp.Column:
        """A column of the table, called ``row``; as it was written if ``kept``."""
        title = self.title(column)
        if kept and not self.listed:
            return column.copy()
        made = exp.Column(this=title if self.listed else column.this.copy(), table=row.copy() if row else None)
        made.meta["known"] = self.ctx.infer(column)
        return made

    def carried(self, key: str, stem: str | exp.Identifier, first: Node, later: Node, known: Known) -> Step:
        if key not in self.steps:
            title = stem if isinstance(stem, exp.Identifier) else identifier(unused(stem, self.taken))
            self.steps[key] = Step(title, first, later, known)
        return self.steps[key]

    def own(self, column: exp.Column) -> Step:
        key = f"{column.meta['own']}.{column.name}"
        first = self.cell(column, self.row if self.listed and self.qualified else None, True)
        return self.carried(key, self.title(column), first, self.cell(column, self.row), self.ctx.infer(column))

    def level(self) -> Step:
        if "LEVEL" not in self.steps:
            self.taken.add("LEVEL")
            step = self.carried("LEVEL", identifier("LEVEL"), number(1), number(1), COUNT)
            step.later = exp.Add(this=self.of(step, self.parent), expression=number(1))
        return self.steps["LEVEL"]

    def of(self, step: Step, qualifier: exp.Identifier | None) -> exp.Column:
        """A column of the tree, called ``qualifier``."""
        made = exp.Column(this=step.title.copy(), table=qualifier.copy() if qualifier else None)
        made.meta["known"] = step.known
        return made

    def above(self, node: Node, tree: exp.Identifier) -> Node:
        """``node`` of a row of the tree, called ``tree``."""

        def way(part: Node) -> Node | None:
            if isinstance(part, exp.Column) and "own" in part.meta:
                return self.of(self.own(part), tree)
            if is_call(part, "LEVEL"):
                return self.of(self.level(), tree)
            return self._no_other(part)

        return over(node, way)

    def root(self, node: Node) -> Node:
        """``node`` of a row without a parent."""

        def way(part: Node) -> Node | None:
            if isinstance(part, exp.Column) and "own" in part.meta:
                return self.cell(part, self.row if self.listed and self.qualified else None, True)
            return number(1) if is_call(part, "LEVEL") else self._no_other(part)

        return over(node, way)

    def below(self, node: Node, row: exp.Identifier | None, tree: exp.Identifier) -> Node:
        """``node`` of a row called ``row`` under one of the tree, called ``tree``."""

        def way(part: Node) -> Node | None:
            if isinstance(part, exp.Column) and "own" in part.meta:
                return self.cell(part, row)
            if is_call(part, "LEVEL"):
                return exp.Add(this=self.of(self.level(), tree), expression=number(1))
            if is_call(part, "PRIOR"):
                return parens(self.above(part.expressions[0], tree))
            return self._no_other(part)

        return over(node, way)

    def _no_other(self, part: Node) -> Node | None:
        """Nothing; raises :class:`Refused` for a word that may not stand here."""
        if isinstance(part, exp.Anonymous) and call_name(part) in WORDS:
            raise self.ctx.refuse("SC4210", part, what=f"{call_name(part)} in this place")
        if is_call(part, "ROWNUM"):
            raise self.ctx.refuse("SC4249", part)
        return None

    def prior(self, node: Node) -> Step:
        """``PRIOR node`` outside the condition: nothing in a root."""
        nothing = exp.EQ(this=number(1), expression=number(0))
        first = exp.Case(ifs=[exp.If(this=nothing, true=self.root(node))])
        later = self.above(node, self.parent)
        return self.carried(f"PRIOR {node.sql()}", _stem("PRIOR", node), first, later, Known(self.ctx.infer(node).type))

    def origin(self, node: Node) -> Step:
        """``CONNECT_BY_ROOT node``."""
        key, title = f"ROOT {node.sql()}", _stem("ROOT", node)
        if key not in self.steps:
            step = self.carried(key, title, self.root(node), exp.Null(), self.ctx.infer(node))
            step.later = self.of(step, self.parent)
        return self.steps[key]

    def path(self, node: Node, separator: Node, at: Node) -> Step:
        """``SYS_CONNECT_BY_PATH(node, separator)``."""
        key = f"PATH {node.sql()} {separator.sql()}"
        if key not in self.steps:
            known = Known(TEXT, True)
            first: Node = exp.DPipe(this=separator.copy(), expression=parens(self.root(node)))
            first = self.ctx.op("hierarchy_text", at, known, s=first)
            step = self.carried(key, _stem("PATH", node), first, first, known)
            joined = exp.DPipe(this=self.of(step, self.parent), expression=separator.copy())
            joined = exp.DPipe(this=joined, expression=parens(self.below(node, self.row, self.parent)))
            step.later = self.ctx.op("hierarchy_text_next", at, known, s=joined)
        return self.steps[key]


def _stem(word: str, node: Node) -> str:
    return f"{word}_{node.name}" if isinstance(node, exp.Column) and node.name.isidentifier() else word


def taken_in(root: Node) -> set[str]:
    """The names that a tree of SQL uses already."""
    return {n.this for n in nodes(root) if isinstance(n, exp.Identifier)}


def conditions(connect: Node, ctx: Context) -> tuple[list[Node], list[Node]]:
    """The parts of a condition, and what stands under PRIOR in them, each once.

    A part that only keeps Oracle from seeing a loop (``PRIOR SYS_GUID() IS NOT NULL``) is left out: it makes every row
    another one, so that nothing under PRIOR tells loops.
    """
    parts: list[Node] = []
    found: dict[str, Node] = {}
    tricked = False
    for part in conjuncts(connect.args["connect"]):
        inner = part.this.this if isinstance(part, exp.Not) and isinstance(part.this, exp.Is) else part
        if is_call(inner, "PRIOR") and isinstance(inner.expressions[0], exp.Anonymous) and not inner.find(exp.Column):
            ctx.consume_tree(inner)
            ctx.consume(*call_name(inner.expressions[0]).split("."))
            tricked = True
        else:
            parts.append(part)
    for node in (n for part in parts for n in part.find_all(exp.Anonymous) if is_call(n, "PRIOR")):
        found.setdefault(node.expressions[0].sql(), node.expressions[0])
    return parts, [] if tricked else list(found.values())
