"""The rows of a query block as a derived table, for columns that must be there before the block groups or counts."""

from __future__ import annotations

from dataclasses import dataclass, field

from .context import Context
from .hierarchy import Block, taken_in
from .pieces import Refused
from .tree import Node, exp, identifier, unused


@dataclass
class Apart:
    """A block and the query that gives it its rows: ``inner`` holds FROM, joins and WHERE, and what was carried."""

    select: exp.Select
    inner: exp.Select
    name: exp.Identifier
    ctx: Context
    taken: set[str]
    carried: dict[str, exp.Identifier] = field(default_factory=dict)

    def column(self, value: Node, stem: str, nested: bool = False) -> exp.Column:
        """``value`` of a row, as a column outside; it has the name ``stem`` if that is free."""
        key = value.sql()
        if key not in self.carried:
            title = identifier(unused(stem, self.taken))
            if isinstance(value, exp.Column) and title.this == value.name:
                title = value.this.copy()
                self.inner.append("expressions", value.copy())
            else:
                self.inner.append("expressions", exp.Alias(this=value.copy(), alias=title))
            self.carried[key] = title
        made = exp.Column(this=self.carried[key].copy(), table=self.name.copy() if nested else None)
        made.meta["known"] = self.ctx.infer(value)
        return made

    def close(self, listed: bool = False) -> None:
        """What the block still names of its tables, as columns of the derived table; of a query of WITH if ``listed``,
        which can be read twice."""
        for part in [*self.select.expressions, *(self.select.args.get(k) for k in ("where", "group", "having", "order"))]:
            for column in list(part.find_all(exp.Column)) if part is not None else ():
                if "own" not in column.meta:
                    continue
                nested = column.find_ancestor(exp.Select) is not self.select
                item = column.parent is self.select and column.arg_key == "expressions"
                made: Node = self.column(column, column.name, nested)
                if item and made.name != column.name:
                    made = exp.Alias(this=made, alias=column.this.copy())
                column.replace(made)
        if not self.inner.expressions:
            self.inner.set("expressions", [exp.Alias(this=exp.Literal(this="1", is_string=False), alias=self.name)])
        alias = exp.TableAlias(this=self.name)
        if listed:
            with_ = self.select.args.get("with_") or exp.With(expressions=[])
            with_.append("expressions", exp.CTE(this=self.inner, alias=alias))
            self.select.set("with_", with_)
            self.select.set("from_", exp.From(this=exp.Table(this=self.name.copy())))
            return
        self.select.set("from_", exp.From(this=exp.Subquery(this=self.inner, alias=alias)))


def set_apart(select: exp.Select, ctx: Context, refusal: Refused) -> Apart:
    """The rows of ``select`` taken out of it. Raises ``refusal`` where it cannot be told which columns are theirs."""
    if select.args.get("from_") is None or select.args.get("connect") is not None:
        raise refusal
    try:
        block = Block(select, ctx)
        if any(i.is_star for i in select.expressions):
            block.written_out()
    except Refused:
        raise refusal from None
    taken = taken_in(select.root())
    name = identifier(unused("SOURCE_ROW", taken))
    taken -= {c.name for part in block.parts() for c in part.find_all(exp.Column)}
    inner = exp.Select(expressions=[])
    for clause in ("from_", "joins", "laterals", "where"):
        inner.set(clause, select.args.get(clause))
        select.set(clause, None)
    return Apart(select, inner, name, ctx, taken)
