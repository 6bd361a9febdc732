"""``CONNECT BY``: a hierarchy, walked by a recursive WITH query.

SQL Language Reference, "Hierarchical Queries", "Hierarchical Query Pseudocolumns", "Hierarchical Query Operators". Rows
come in the order of the tree, each before its children, also where nothing is said of their order.
"""

from __future__ import annotations

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.hierarchy import COUNT, WORDS, Block, Step, Tree, conditions, over, taken_in
from ...sql.kinds import TEXT, family
from ...sql.row_series import DIGITS, digits, is_single, limit_of, numbered, series
from ...sql.tree import (
    Node,
    call_name,
    conjunction,
    conjuncts,
    exp,
    identifier,
    integer,
    is_call,
    number,
    source_function,
    unused,
)  # fmt: skip
from . import selects

REMOVES = "connect_by"
ADDS = ("rownum", "pseudo_column", "from_dual", "unnamed_derived_table", "implicit_recursion")
NEEDS = (exp.Connect,)

#: Words of the clause that stand for nothing else.
CLAUSE = ("CONNECT", "START", "NOCYCLE")
#: Levels that a target with a limit walks by default.
DEPTH = 1000


def rewrite(root: Node, ctx: Context) -> Node:
    for select in selects(root):
        if select.args.get("connect") is not None:
            ctx.consume(*CLAUSE, "SYS_CONNECT_BY_PATH", "CONNECT_BY_ISLEAF", "CONNECT_BY_ISCYCLE", "SYS_GUID")
            _hierarchy(select, root, ctx)
    return root


def _hierarchy(select: exp.Select, root: Node, ctx: Context) -> None:
    connect = select.args["connect"]
    condition = connect.args.get("connect")
    if condition is None:
        raise ctx.refuse("SC4210", select, what="START WITH without CONNECT BY")
    block = Block(select, ctx)
    single = is_single(block)
    if single:
        select.set("from_", None)
        numbered(select)
        condition = connect.args["connect"]
        if series(select, condition, ctx):
            return
    block.written_out()
    _Walk(select, root, block, single, ctx).run()


class _Walk:
    """Builds the recursive query of one block."""

    def __init__(self, select: exp.Select, root: Node, block: Block, single: bool, ctx: Context) -> None:
        self.select, self.root, self.block, self.single, self.ctx = select, root, block, single, ctx
        self.connect = select.args["connect"]
        self.items = [item.copy() for item in select.expressions]
        self.written = [part.copy() for part in block.parts()]
        self.parts, self.priors = conditions(self.connect, ctx)
        self.nocycle = bool(self.connect.args.get("nocycle")) and bool(self.priors)
        self.taken = taken_in(root)
        order = select.args.get("order")
        self.siblings = order if order is not None and order.args.get("siblings") else None
        asked = [p for p in (*self.items, select.args.get("where")) if p is not None]
        self.counted = not single and any(self._counts(p) for p in asked)
        if self.counted and (order is not self.siblings or self._is_grouped()):
            raise ctx.refuse("SC4249", select)
        self.implicit = self.siblings is None and not single and (self.counted or self._is_ordered())
        self.listed = not single and self._needs_list()
        source = None if single else select.args["from_"].this
        alias = source.args.get("alias") if source is not None and len(block.sources) == 1 else None
        self.alias = alias.this if alias is not None else None
        name = identifier(unused("HIERARCHY", self.taken))
        self.rows = identifier(unused("HIERARCHY_ROWS", self.taken)) if self.listed else None
        row = self.alias or self.rows or (source.this if isinstance(source, exp.Table) else None)
        self.cte = name
        nested = any(s is not select for s in select.find_all(exp.Select))
        self.tree = Tree(ctx, row, identifier(unused("PARENT", self.taken)), self.alias or name, self.listed, nested)
        self.child = identifier(unused("CHILD", self.taken))

    def run(self) -> None:
        select, tree, ctx = self.select, self.tree, self.ctx
        joined, late = self._where()
        for clause in ("expressions", "group", "having", "order"):
            if clause == "order" and self.siblings is not None:
                continue
            value = select.args.get(clause)
            if isinstance(value, list):
                select.set(clause, [self._item(item) for item in value])
            elif value is not None:
                select.set(clause, self._outside(value))
        asked = conjunction([self._outside(part) for part in late])
        later = [tree.below(part, tree.row, tree.parent) for part in self.parts]
        start = self.connect.args.get("start")
        first = tree.root(start) if start is not None else None
        if self.nocycle:
            key, way = self._below_key(), self._way(tree.parent)
            later.append(ctx.op("hierarchy_not_seen", self.connect, None, k=key, p=way))
        elif self.priors:
            ctx.say("SC4330", self.connect)
        else:
            self._counted()
        order = self._sorted()
        if not tree.steps:
            tree.level()
        rows = self._rows(joined) if self.listed else None
        body = self._body(first, later)
        _attach(select, [*([rows] if rows is not None else []), body])
        select.set("where", exp.Where(this=asked) if asked is not None else None)
        if order is not None:
            select.set("order", order)
        alias = exp.TableAlias(this=self.alias.copy()) if self.alias is not None else None
        select.set("from_", exp.From(this=exp.Table(this=self.cte.copy(), alias=alias)))
        select.set("joins", None)
        select.set("connect", None)

    # -- what the clauses say ------------------------------------------------------------------------------------------

    def _is_ordered(self) -> bool:
        """Whether somebody sees the order of the rows, of which the query says nothing."""
        select = self.select
        if select.args.get("limit") is None and select.args.get("offset") is None and select is not self.root:
            return False
        return select.args.get("order") is None and not self._is_grouped()

    def _is_grouped(self) -> bool:
        if any(self.select.args.get(k) for k in ("group", "having", "distinct")):
            return True
        return any(self._is_aggregate(n) for i in self.select.expressions for n in i.find_all(exp.Anonymous))

    def _counts(self, node: Node) -> bool:
        """Whether ``node`` asks for the number of a row."""
        return any(is_call(n, "ROWNUM") and n.find_ancestor(exp.Subquery) is None for n in node.find_all(exp.Anonymous))

    def _is_aggregate(self, node: exp.Anonymous) -> bool:
        row, _ = self.ctx.typer.choose(node)
        return row is not None and bool(row.aggregate) and node.find_ancestor(exp.Subquery, exp.Window) is None

    def _needs_list(self) -> bool:
        """Whether the rows must be listed and numbered before the tree is walked."""
        source = self.select.args["from_"].this
        if len(self.block.sources) > 1 or not isinstance(source, exp.Table) or self.siblings is not None:
            return True
        key = self.priors[0] if len(self.priors) == 1 else None
        plain = key is not None and digits(key, self.ctx) <= DIGITS and self.ctx.typer.not_null(key)
        return self.implicit and not plain

    def _where(self) -> tuple[list[Node], list[Node]]:
        """The conditions of joins, which come first, and the others."""
        where = self.select.args.get("where")
        joined: list[Node] = []
        late: list[Node] = []
        for part in conjuncts(where.this) if where is not None else []:
            limit = limit_of(part) if self.counted else None
            if limit is not None and self.select.args.get("limit") is None:
                self.ctx.consume_tree(part)
                self.select.set("limit", exp.Limit(expression=number(limit)))
                continue
            if self._counts(part) and not self.single:
                raise self.ctx.refuse("SC4249", part)
            tables = {c.meta["own"] for c in part.find_all(exp.Column) if "own" in c.meta}
            (joined if len(tables) > 1 else late).append(part)
        return joined, late

    def _counted(self) -> None:
        """Say where a condition without PRIOR asks for more levels than the target walks by default."""
        if self.ctx.has("endless_recursion"):
            return
        code = "SC4332"
        for part in self.parts:
            value = integer(part.args.get("expression"))
            if isinstance(part, (exp.LTE, exp.LT)) and is_call(part.this, "LEVEL") and value is not None:
                if value <= DEPTH:
                    return
                code = "SC4331"
        self.ctx.say(code, self.connect)

    # -- the query around the tree -------------------------------------------------------------------------------------

    def _item(self, item: Node) -> Node:
        made = self._outside(item)
        if is_call(item, "ROWNUM"):  # keeps the title that the source gives it
            return exp.Alias(this=made, alias=identifier("ROWNUM"))
        if isinstance(item, exp.Column) and "own" in item.meta and made.name != item.name:
            return exp.Alias(this=made, alias=item.this.copy())
        return made

    def _outside(self, node: Node) -> Node:
        tree = self.tree

        def way(part: Node) -> Node | None:
            if isinstance(part, exp.Column) and "own" in part.meta:
                written = part.args.get("table") is not None or tree.qualified
                return tree.of(tree.own(part), tree.name if written and len(self.block.sources) == 1 else None)
            if not isinstance(part, exp.Anonymous):
                return None
            match call_name(part):
                case "LEVEL":
                    return tree.of(tree.level(), None)
                case "PRIOR":
                    return tree.of(tree.prior(part.expressions[0]), None)
                case "CONNECT_BY_ROOT":
                    return tree.of(tree.origin(part.expressions[0]), None)
                case "SYS_CONNECT_BY_PATH":
                    return tree.of(tree.path(part.expressions[0], part.expressions[1], part), None)
                case "CONNECT_BY_ISLEAF":
                    return self._is_leaf()
                case "CONNECT_BY_ISCYCLE":
                    return self._is_cycle(part)
                case "ROWNUM" if part.find_ancestor(exp.Select) is None and not self.single:
                    return exp.Window(this=source_function("ROW_NUMBER"), order=self._sorted(), over="OVER")
                case _:
                    pass
            return None

        return over(node, way)

    def _is_leaf(self) -> Node:
        return self._flag(self._children("not"), 0, 1)

    def _is_cycle(self, at: Node) -> Node:
        if not self.nocycle:
            raise self.ctx.refuse("SC4210", at, what="CONNECT_BY_ISCYCLE without NOCYCLE and PRIOR")
        return self._flag(self._children("is"), 1, 0)

    @staticmethod
    def _flag(query: Node, there: int, else_: int) -> Node:
        made = exp.Case(ifs=[exp.If(this=exp.Exists(this=query), true=number(there))], default=number(else_))
        made.meta["known"] = COUNT
        return made

    def _children(self, seen: str) -> Node:
        """The rows below that of the tree: those on its way (``is``), or the others."""
        tree = self.tree
        parts = [tree.below(part, self.child, tree.name) for part in self.parts]
        if self.nocycle:
            key = self._key([tree.below(p, self.child, tree.name) for p in self.priors])
            parts.append(self.ctx.op(f"hierarchy_{seen}_seen", self.connect, None, k=key, p=self._way(tree.name)))
        found = exp.Select(expressions=[number(1)], where=exp.Where(this=conjunction(parts)))
        if not self.single:
            found.set("from_", exp.From(this=self._table(self.child)))
        return found

    # -- the way to a row ----------------------------------------------------------------------------------------------

    def _key(self, values: list[Node]) -> Node:
        """What the values under PRIOR are together, as an element of a way."""
        made: Node | None = None
        for value, prior in zip(values, self.priors, strict=True):
            if digits(prior, self.ctx) > DIGITS:
                text = family(self.ctx.infer(prior).type) == "text"
                value = self.ctx.op("hierarchy_key_text" if text else "hierarchy_key", self.connect, None, k=value)
            made = value if made is None else self.ctx.op("hierarchy_key_pair", self.connect, None, a=made, b=value)
        assert made is not None
        return made

    def _below_key(self) -> Node:
        return self._key([self.tree.below(p, self.tree.row, self.tree.parent) for p in self.priors])

    def _way(self, tree: exp.Identifier) -> Node:
        """The column with the keys of a row and those above it."""
        steps = self.tree.steps
        if "SEEN" not in steps:
            key = self._key([self.tree.root(p) for p in self.priors])
            first = self.ctx.op("hierarchy_seen", self.connect, None, k=key)
            step = self.tree.carried("SEEN", "VISITED", first, first, Known(TEXT, True))
            way = self.tree.of(step, self.tree.parent)
            step.later = self.ctx.op("hierarchy_seen_next", self.connect, None, p=way, k=self._below_key())
        return self.tree.of(steps["SEEN"], tree)

    def _sorted(self) -> Node | None:
        """The order of the tree, by the numbers of a row and those above it."""
        if self.siblings is None and not self.implicit:
            return None
        if self.select.args.get("distinct") or self.select.args.get("group"):
            raise self.ctx.refuse("SC4210", self.select, what="ORDER SIBLINGS BY with DISTINCT or GROUP BY")
        step = self.tree.steps.get("ORDER") or self._sort_step()
        key = exp.Ordered(this=self.tree.of(step, None), desc=False, nulls_first=False)
        return exp.Order(expressions=[key])

    def _sort_step(self) -> Step:
        """The column with the numbers of a row and those above it."""
        tree = self.tree
        if self.listed:
            self.sibling = identifier(unused("SIBLING", self.taken))
            first: Node = exp.Column(this=self.sibling.copy())
            below: Node = exp.Column(this=self.sibling.copy(), table=tree.row.copy() if tree.row else None)
        elif self.single:
            first, below = number(1), tree.below(source_function("LEVEL"), None, tree.parent)
        else:
            first, below = tree.root(self.priors[0]), tree.below(self.priors[0], tree.row, tree.parent)
        first = self.ctx.op("hierarchy_order", self.connect, None, n=first)
        step = tree.carried("ORDER", "SORT_PATH", first, first, Known(TEXT, True))
        way = tree.of(step, tree.parent)
        step.later = self.ctx.op("hierarchy_order_next", self.connect, None, p=way, n=below)
        return step

    # -- the queries of WITH -------------------------------------------------------------------------------------------

    def _table(self, alias: exp.Identifier | None) -> Node:
        """The rows as a table that is called ``alias``; ``None``: as it is written."""
        if self.rows is not None:
            table: Node = exp.Table(this=self.rows.copy())
            alias = alias or self.alias
        else:
            table = self.select.args["from_"].this.copy()
        if alias is not None:
            table.set("alias", exp.TableAlias(this=alias.copy()))
        return table

    def _rows(self, joined: list[Node]) -> exp.CTE:
        """The rows of the joined tables, each with its place among the others."""
        select, tree = self.select, self.tree
        items: list[Node] = []
        for (owner, name), title in tree.titles.items():
            column = next(
                c for part in self.written for c in part.find_all(exp.Column)
                if c.meta.get("own") == owner and c.name == name
            ).copy()  # fmt: skip
            items.append(column if title.this == column.name else exp.Alias(this=column, alias=title.copy()))
        if self.siblings is not None or self.implicit:
            rank = exp.Window(this=source_function("ROW_NUMBER"), order=self._ranks(), over="OVER")
            items.append(exp.Alias(this=rank, alias=self.sibling.copy()))
        where = conjunction(joined)
        made = exp.Select(expressions=items, from_=select.args["from_"].copy())
        made.set("joins", [j.copy() for j in select.args.get("joins") or ()])
        made.set("where", exp.Where(this=where.copy()) if where is not None else None)
        assert self.rows is not None
        return exp.CTE(this=made, alias=exp.TableAlias(this=self.rows.copy()))

    def _ranks(self) -> Node | None:
        if self.siblings is None:
            keys: list[Node] = [exp.Ordered(this=p.copy(), desc=False, nulls_first=False) for p in self.priors]
            return exp.Order(expressions=keys) if keys else None
        made: Node = self.siblings.copy()
        made.set("siblings", None)
        made.set("expressions", [k for k in made.expressions if not is_call(k.this, "LEVEL")])
        for key in made.expressions:
            value = key.this if isinstance(key, exp.Ordered) else key
            named = next((i.this for i in self.items if isinstance(i, exp.Alias) and i.alias == value.name
                          and isinstance(value, exp.Column) and not value.table and "own" not in value.meta), None)
            place = integer(value)
            if place is not None and 0 < place <= len(self.items):
                self.ctx.consume(str(place))
                named = self.items[place - 1].unalias()
            if named is not None:
                value = _replaced(value, named.copy())
            if any(call_name(n) in WORDS or is_call(n, "ROWNUM") for n in value.find_all(exp.Anonymous)):
                raise self.ctx.refuse("SC4210", self.connect, what="this key of ORDER SIBLINGS BY")
        return made

    def _body(self, first: Node | None, later: list[Node]) -> exp.CTE:
        steps = list(self.tree.steps.values())
        root = exp.Select(expressions=[s.first for s in steps])
        root.set("where", exp.Where(this=first) if first is not None else None)
        parent = exp.Table(this=self.cte.copy(), alias=exp.TableAlias(this=self.tree.parent.copy()))
        below = exp.Select(expressions=[s.later for s in steps], from_=exp.From(this=parent))
        on = conjunction(later)
        if self.single:
            below.set("where", exp.Where(this=on) if on is not None else None)
        else:
            root.set("from_", exp.From(this=self._table(None)))
            how = {"on": on} if on is not None else {"kind": "CROSS"}
            below.set("joins", [exp.Join(this=self._table(None), **how)])
        union = exp.Union(this=root, expression=below, distinct=False)
        made = exp.CTE(this=union, alias=exp.TableAlias(this=self.cte.copy(), columns=[s.title.copy() for s in steps]))
        made.meta["walk_made"] = True  # its columns have their types already
        return made


def _replaced(old: Node, new: Node) -> Node:
    old.replace(new)
    return new


def _attach(select: exp.Select, queries: list[exp.CTE]) -> None:
    """``queries`` in the WITH of ``select``, or of the set operation whose branch it is."""
    holder: Node = select
    while isinstance(holder.parent, exp.SetOperation):
        holder = holder.parent
    with_ = holder.args.get("with_")
    if with_ is None:
        with_ = exp.With(expressions=[])
        holder.set("with_", with_)
    with_.set("recursive", True)
    with_.set("expressions", [*with_.expressions, *queries])
