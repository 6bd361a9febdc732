"""Values and queries of an INSERT in the types of their columns, where the source would convert them."""

from __future__ import annotations

from ...ir.fragment import Columns
from ...sql.context import Context
from ...sql.convert import assigned
from ...sql.kinds import family
from ...sql.tree import Node, exp
from . import blocks

REMOVES = "implicit_conversion_of_inserted_value"

NODES = (exp.Insert,)


def node(node: Node, ctx: Context) -> Node:
    target, values = node.this, node.expression
    if not isinstance(values, (exp.Values, exp.Query)) or not isinstance(ctx.names, Columns):
        return node
    table = target.this if isinstance(target, exp.Schema) else target
    columns = ctx.names.columns_of(table.db, table.name) if isinstance(table, exp.Table) else None
    if columns is None:
        return node
    listed = [i.name for i in target.expressions] if isinstance(target, exp.Schema) else list(columns)
    kinds = [family(columns[name].type) if name in columns else "" for name in listed]
    if isinstance(values, exp.Values):
        for row in values.expressions:
            if isinstance(row, exp.Tuple):
                _fit(row, kinds, ctx)
    else:
        for block in blocks(values):
            _fit(block, kinds, ctx)
    return node


def _fit(row: Node, kinds: list[str], ctx: Context) -> None:
    """The values of a row, or the select list of a query, as columns of these families take them."""
    for i, item in enumerate(list(row.expressions)):
        value = item.this if isinstance(item, exp.Alias) else item
        if i >= len(kinds) or value.is_star:
            return
        made = assigned(value, kinds[i], ctx) if kinds[i] else value
        if made is value:
            continue
        if item is value:
            row.set("expressions", made, i)
        else:
            item.set("this", made)
