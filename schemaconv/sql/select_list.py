"""The columns of a select list, for a query that becomes part of another one."""

from __future__ import annotations

from ..ir.fragment import Columns
from .context import Context
from .tree import Node, exp, identifier


def title(item: Node, ctx: Context) -> exp.Identifier:
    """The name of a column of the select list. Raises :class:`Refused` for one without, and for ``*``."""
    named = item.args.get("alias") if isinstance(item, exp.Alias) else item.this
    if not isinstance(named, exp.Identifier) or not isinstance(item, (exp.Alias, exp.Column)):
        raise ctx.refuse("SC4284", item, what="an expression")
    return named


def put_value(block: Node, at: int, value: Node) -> None:
    """``value`` as the expression at ``at`` of a select list or a row; its alias stays."""
    item = block.expressions[at]
    if isinstance(item, exp.Alias):
        item.set("this", value)
    else:
        block.set("expressions", value, at)


def enclose(select: exp.Select, inner: list[Node], outer: exp.Select, moved: tuple[str, ...], name: str) -> exp.Select:
    """``outer`` over ``select`` as its derived table ``name`` of the columns ``inner``; clauses ``moved`` go out."""
    for clause in moved:
        outer.set(clause, select.args.get(clause))
        select.set(clause, None)
    table = select.copy()
    table.set("expressions", inner)
    alias = exp.TableAlias(this=identifier(name))
    outer.set("from_", exp.From(this=exp.Subquery(this=table, alias=alias)))
    return outer


def written_out(item: Node, select: exp.Select, ctx: Context) -> list[Node]:
    """The columns that ``*`` or ``t.*`` stands for. Raises :class:`Refused` where the script does not say which."""
    if not item.is_star:
        return [item]
    wanted = item.table if isinstance(item, exp.Column) else ""
    made: list[Node] = []
    sources = [select.args["from_"].this, *(j.this for j in select.args.get("joins") or ())]
    for source in sources:
        if wanted and source.alias_or_name != wanted:
            continue
        known = ctx.names if isinstance(source, exp.Table) and isinstance(ctx.names, Columns) else None
        columns = known.columns_of(source.db, source.name) if known is not None else None
        if columns is None:
            raise ctx.refuse("SC4284", item, what="*")
        qualifier = identifier(source.alias_or_name) if len(sources) > 1 else None
        made += (exp.Column(this=identifier(c), table=qualifier and qualifier.copy()) for c in columns)
    if len({c.name for c in made}) < len(made):
        raise ctx.refuse("SC4284", item, what="a column of two tables")
    return made
