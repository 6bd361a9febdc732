"""Values and queries of an INSERT in the types of their columns, where the source would convert them."""

from __future__ import annotations

from ...ir.fragment import Columns, Known
from ...sql.context import Context
from ...sql.convert import assigned
from ...sql.select_list import put_value
from ...sql.tree import Node, exp
from . import blocks

REMOVES = "implicit_conversion_of_inserted_value"

NODES = (exp.Insert,)


def node(node: Node, ctx: Context) -> Node:
    target, values = node.this, node.expression
    if isinstance(node.parent, exp.When):
        _merged(node, ctx)
        return node
    if not isinstance(values, (exp.Values, exp.Query)) or not isinstance(ctx.names, Columns):
        return node
    table = target.this if isinstance(target, exp.Schema) else target
    columns = ctx.names.columns_of(table.db, table.name) if isinstance(table, exp.Table) else None
    if columns is None:
        return node
    listed = [i.name for i in target.expressions] if isinstance(target, exp.Schema) else list(columns)
    wanted = [columns.get(name) for name in listed]
    if isinstance(values, exp.Values):
        for row in values.expressions:
            if isinstance(row, exp.Tuple):
                _fit(row, wanted, ctx)
    else:
        for block in blocks(values):
            _fit(block, wanted, ctx)
    return node


def _merged(node: Node, ctx: Context) -> None:
    """The INSERT of a MERGE."""
    merge = node.find_ancestor(exp.Merge)
    table = merge.this if merge is not None else None
    if not isinstance(table, exp.Table) or not isinstance(ctx.names, Columns):
        return
    columns = ctx.names.columns_of(table.db, table.name)
    if columns is None or not isinstance(node.expression, exp.Tuple):
        return
    listed = [c.name for c in node.this.expressions] if isinstance(node.this, exp.Tuple) else list(columns)
    _fit(node.expression, [columns.get(name) for name in listed], ctx)


def _fit(row: Node, columns: list[Known | None], ctx: Context) -> None:
    """The values of a row, or the select list of a query, as these columns take them."""
    items = list(row.expressions)
    if len(items) != len(columns) or any(i.is_star for i in items):
        return
    for i, (item, known) in enumerate(zip(items, columns, strict=True)):
        value = item.this if isinstance(item, exp.Alias) else item
        made = value if known is None else assigned(value, known.type, ctx)
        if made is not value:
            put_value(row, i, made)
