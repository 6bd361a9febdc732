"""MERGE in statements of its own, where the target has none or takes less of it.

An UPDATE that joins the source, an INSERT of the rows of the source that nothing matches, a DELETE. The order keeps
what MERGE promises, that every branch sees the rows as they were: where it cannot, because the source reads the table,
an update changes what a later statement asks, or an insert would bring back what was deleted and no key tells rows
apart, the statement is refused.

``UPDATE ... DELETE WHERE`` (Oracle SQL Language Reference, "MERGE") looks at the row as the update leaves it: a branch
of its own, whose condition reads the assigned values in the place of the columns.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...ir.fragment import Columns
from ...sql.context import Context
from ...sql.identity import alias_of, column_of, row_key
from ...sql.merging import typed_rows
from ...sql.tree import Node, conjunction, conjuncts, exp, identifier, number, parens, unused
from . import apply

REMOVES = "merge_apart"
ADDS = ("merge", "joined_change", "data_statement", "from_dual", "derived_values")
NEEDS = (exp.Merge,)


@dataclass(frozen=True)
class _Branch:
    """One WHEN: the statement that follows it, and all that must hold of the row and did not hold for others."""

    then: Node
    tests: tuple[Node, ...]


def rewrite(root: Node, ctx: Context) -> Node:
    if not isinstance(root, exp.Merge) or not isinstance(root.this, exp.Table):
        return root
    ctx.consume("TARGET")  # of BY TARGET, which is meant where nothing is said
    typed_rows(root, ctx)
    whens = root.args["whens"].expressions
    for when in list(whens):
        _plain(root, when, ctx)
    whens = root.args["whens"].expressions
    by_source = [w for w in whens if w.args.get("source")]
    if by_source:
        ctx.consume("SOURCE")
    rest = [w for w in whens if not w.args.get("source")]
    native = _native(root, rest, ctx)
    if native and (not by_source or ctx.has("merge_by_source")):
        return root
    if root.args.get("returning") is not None:
        raise ctx.refuse("SC4225", root, what="OUTPUT of a MERGE")
    work = _Apart(root, ctx)
    made = work.lacking(by_source)
    if native and rest:
        if made and work.reads_itself:
            raise ctx.refuse("SC4262", root, reason="its source reads the table that it changes")
        root.args["whens"].set("expressions", rest)
        ctx.before += [apply(m, ctx) for m in made]
        return root
    made += work.matched(rest)
    if work.reads_itself and len(made) > 1:
        raise ctx.refuse("SC4262", root, reason="its source reads the table that it changes")
    if len(made) > 1:
        ctx.say("SC4340", root, count=str(len(made)))
    ctx.before += [apply(m, ctx) for m in made[:-1]]
    return made[-1]


def _native(root: exp.Merge, rest: list[Node], ctx: Context) -> bool:
    """Whether the target's MERGE has the branches ``rest``."""
    if not ctx.has("merge") or (not rest and not ctx.has("merge_one_branch")):
        return False
    if len(rest) < 2 and not ctx.has("merge_one_branch"):
        return False
    if not isinstance(root.args["using"], exp.Table) and not ctx.has("merge_subquery"):
        return False
    if root.args.get("with_") is not None and not ctx.has("merge_subquery"):
        return False
    conditions = any(w.args.get("condition") is not None for w in rest) or len(rest) > 2
    return ctx.has("merge_condition") or not conditions


def _plain(root: exp.Merge, when: exp.When, ctx: Context) -> None:
    """A branch's WHERE as its condition; DELETE WHERE as a branch before it."""
    then = when.args["then"]
    where = then.args.get("where") if isinstance(then, exp.Expr) else None
    if where is not None:
        then.set("where", None)
        when.set("condition", parens(where.this, 2))
    deleted = when.args.get("deleted")
    if deleted is None:
        return
    when.set("deleted", None)
    values = {p.this.name: p.expression for p in then.expressions if isinstance(p.this, exp.Column)}
    own = root.this.alias_or_name
    columns = ctx.names.columns_of(root.this.db, root.this.name) if isinstance(ctx.names, Columns) else None
    test = exp.Paren(this=deleted.this)
    for column in list(test.find_all(exp.Column)):
        if column.table not in ("", own) or column.name not in values:
            continue
        if not column.table and (columns is None or column.find_ancestor(exp.Select) is not None):
            raise ctx.refuse("SC4262", when, reason="DELETE WHERE reads columns that bear no table's name")
        value = values[column.name].copy()
        column.replace(value if isinstance(value, exp.Column) else parens(value))
    tests = conjuncts(when.args["condition"].copy()) if when.args.get("condition") is not None else []
    tests += conjuncts(test.this)
    made = exp.When(matched=True, condition=conjunction([t.copy() for t in tests]), then=exp.Var(this="DELETE"))
    listed = root.args["whens"].expressions
    at = next(i for i, w in enumerate(listed) if w is when)
    root.args["whens"].set("expressions", [*listed[:at], made, *listed[at:]])


def _not(test: Node) -> Node:
    """What holds where ``test`` does not, NULL included."""
    inner = test.this if isinstance(test, (exp.Not, exp.Paren)) else test
    if isinstance(inner, exp.Is):
        return exp.Not(this=test.copy())
    case = exp.Case(ifs=[exp.If(this=test.copy(), true=number(1))], default=number(0))
    return exp.EQ(this=case, expression=number(0))


class _Apart:
    """The statements that a MERGE becomes."""

    def __init__(self, root: exp.Merge, ctx: Context) -> None:
        self.root = root
        self.ctx = ctx
        self.table = root.this
        self.using = root.args["using"]
        self.on = root.args["on"]
        while isinstance(self.on, exp.Paren):
            self.on = self.on.this
        called = alias_of(self.table)
        assert called is not None
        self.called = called
        with_ = root.args.get("with_")
        read = [t for part in (self.using, with_) if part is not None for t in part.find_all(exp.Table)]
        self.reads_itself = any(t.name == self.table.name for t in read)
        self.bare = isinstance(self.using, exp.Table) and self.using.name == "DUAL" and not self.using.alias

    def refuse(self, reason: str) -> Exception:
        return self.ctx.refuse("SC4262", self.root, reason=reason)

    def branches(self, whens: list[Node]) -> list[_Branch]:
        """The branches, each without the rows that one before it takes."""
        made: list[_Branch] = []
        before: list[Node] = []
        for when in whens:
            condition = when.args.get("condition")
            own = conjuncts(condition) if condition is not None else []
            made.append(_Branch(when.args["then"], tuple([t.copy() for t in own] + [_not(t) for t in before])))
            if condition is not None:
                before.append(condition)
            elif when is not whens[-1]:
                raise self.refuse("a branch behind one that takes every row")
        return made

    def own_columns(self, node: Node) -> set[str]:
        """The columns that ``node`` may read of the table."""
        return {c.name for c in node.find_all(exp.Column) if c.table in ("", self.called.name)}

    def assigned(self, then: Node) -> set[str]:
        return {c.name for p in then.expressions for c in p.this.find_all(exp.Column)}

    def lacking(self, whens: list[Node]) -> list[Node]:
        """WHEN NOT MATCHED BY SOURCE: rows that no other branch touches, so that they come first."""
        if not whens:
            return []
        lacks = exp.Select(
            expressions=[number(1)], from_=exp.From(this=self.using.copy()), where=exp.Where(this=self.on.copy())
        )
        made: list[Node] = []
        changed: set[str] = set()
        for branch in self.branches(whens):
            tests: list[Node] = [exp.Not(this=exp.Exists(this=lacks.copy())), *branch.tests]
            if changed & {n for t in branch.tests for n in self.own_columns(t)}:
                raise self.refuse("a branch WHEN NOT MATCHED BY SOURCE changes what the next one asks")
            where = exp.Where(this=conjunction(tests))
            if isinstance(branch.then, exp.Update):
                changed |= self.assigned(branch.then)
                if changed & self.own_columns(self.on):
                    raise self.refuse("WHEN NOT MATCHED BY SOURCE changes what ON compares")
                made.append(exp.Update(this=self.table.copy(), expressions=branch.then.expressions, where=where))
            else:
                made.append(exp.Delete(this=self.table.copy(), where=where))
        return [self.headed(m) for m in made]

    def matched(self, whens: list[Node]) -> list[Node]:
        """The statements of the other branches."""
        found = self.branches([w for w in whens if w.args.get("matched")])
        added = self.branches([w for w in whens if not w.args.get("matched")])
        updates = [b for b in found if isinstance(b.then, exp.Update)]
        deletes = [b for b in found if not isinstance(b.then, exp.Update)]
        changed: set[str] = set()
        for branch in updates:
            if changed & {n for t in branch.tests for n in self.own_columns(t)}:
                raise self.refuse("a branch changes what the next one asks")
            changed |= self.assigned(branch.then)
        if changed & self.own_columns(self.on) and len(updates) + len(added) > 1:
            raise self.refuse("an update changes what ON compares")
        first, last = self.removed(deletes, bool(added))
        return [
            *first,
            *(self.headed(self.updated(b)) for b in updates),
            *(self.headed(self.inserted(b)) for b in added),
            *last,
        ]

    def headed(self, made: Node) -> Node:
        with_ = self.root.args.get("with_")
        if with_ is not None:
            made.set("with_", with_.copy())
        return made

    def joined(self) -> exp.Table:
        """The table, joined to the source."""
        table: exp.Table = self.table.copy()
        if not self.bare:
            table.set("joins", [exp.Join(this=self.using.copy(), on=self.on.copy())])
        return table

    def where(self, tests: tuple[Node, ...]) -> exp.Where | None:
        parts = [*conjuncts(self.on.copy())] if self.bare else []
        parts += tests
        return exp.Where(this=conjunction(parts)) if parts else None

    def updated(self, branch: _Branch) -> Node:
        expressions, where = [e.copy() for e in branch.then.expressions], self.where(branch.tests)
        if self.bare:
            return exp.Update(this=self.table.copy(), expressions=expressions, where=where)
        named = exp.Table(this=self.called.copy())
        return exp.Update(this=named, expressions=expressions, from_=exp.From(this=self.joined()), where=where)

    def inserted(self, branch: _Branch) -> Node:
        then = branch.then
        values = then.args.get("expression") if isinstance(then, exp.Insert) else None
        target = exp.Table(this=self.table.this.copy())
        if self.table.args.get("db"):
            target.set("db", self.table.args["db"].copy())
        listed = then.this if isinstance(then, exp.Insert) else None
        if not isinstance(values, exp.Tuple) and isinstance(listed, exp.Tuple):  # INSERT (values)
            values, listed = listed, None
        if not isinstance(values, exp.Tuple) or any(v.name.upper() == "DEFAULT" for v in values.expressions):
            raise self.refuse("an INSERT without values")
        names = [c.this.copy() for c in listed.expressions] if isinstance(listed, exp.Tuple) else []
        if names:
            for column in listed.expressions if listed is not None else []:
                self.ctx.consume(column.table)
        there = exp.Select(
            expressions=[number(1)], from_=exp.From(this=self.table.copy()), where=exp.Where(this=self.on.copy())
        )
        tests: list[Node] = [*branch.tests, exp.Not(this=exp.Exists(this=there))]
        query = exp.Select(
            expressions=[v.copy() for v in values.expressions],
            from_=None if self.bare else exp.From(this=self.using.copy()),
            where=exp.Where(this=conjunction(tests)),
        )
        into: Node = exp.Schema(this=target, expressions=names) if names else target
        return exp.Insert(this=into, expression=query)

    def removed(self, deletes: list[_Branch], added: bool) -> tuple[list[Node], list[Node]]:
        """The statements that delete, first and last.

        Behind them an INSERT would bring the rows back, before them it adds some that they must not touch: then the
        keys of the rows are set aside first.
        """
        if not deletes:
            return [], []
        if not added:
            return [self.headed(self.deleted(b)) for b in deletes], []
        key = row_key(self.table, self.ctx, f"a MERGE that deletes from {self.table.name} and inserts")
        if any(k.meta.get("target") for k in key):
            raise self.refuse("it deletes and inserts, and no key tells rows apart")
        taken = {t.name for t in self.root.find_all(exp.Table)} | {self.called.name}
        first: list[Node] = []
        last: list[Node] = []
        for branch in deletes:
            name = identifier(unused("MERGE_DELETED", taken).lower())
            name.meta["target"] = True
            aside = exp.Table(this=name)
            query = exp.Select(
                expressions=[column_of(k, self.table, self.called, self.ctx) for k in key],
                distinct=exp.Distinct(),
                from_=exp.From(this=self.table.copy()),
                joins=[] if self.bare else [exp.Join(this=self.using.copy(), on=self.on.copy())],
                where=self.where(branch.tests),
            )
            temporary = exp.Properties(expressions=[exp.TemporaryProperty()])
            first.append(
                exp.Create(this=aside.copy(), kind="TABLE", expression=self.headed(query), properties=temporary)
            )
            table = self.table.copy()
            equal: list[Node] = []
            for k in key:
                kept = column_of(k, self.table, self.called, self.ctx)
                equal.append(exp.EQ(this=column_of(k, self.table, name, self.ctx), expression=kept))
            table.set("joins", [exp.Join(this=aside.copy(), on=conjunction(equal))])
            last.append(exp.Delete(this=table, tables=[exp.Table(this=self.called.copy())]))
            last.append(exp.Drop(tables=[aside.copy()], kind="TABLE"))
        return first, last

    def deleted(self, branch: _Branch) -> Node:
        if self.bare:
            return exp.Delete(this=self.table.copy(), where=self.where(branch.tests))
        named = exp.Table(this=self.called.copy())
        return exp.Delete(this=self.joined(), tables=[named], where=self.where(branch.tests))
