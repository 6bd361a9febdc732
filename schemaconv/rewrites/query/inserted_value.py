"""Values of an INSERT in the types of their columns, where the source would convert them."""

from __future__ import annotations

from ...ir.fragment import Columns, Known
from ...sql.context import Context
from ...sql.convert import assigned
from ...sql.tree import Node, exp

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
    if isinstance(values, exp.Query):
        _selected(values, [columns.get(name) for name in listed], ctx)
        return node
    for row in values.expressions:
        for i, value in enumerate(list(row.expressions) if isinstance(row, exp.Tuple) else []):
            known = columns.get(listed[i]) if i < len(listed) else None
            if known is not None and not isinstance(value, exp.Query):
                made = assigned(value, known.type, ctx)
                if made is not value:
                    row.set("expressions", made, i)
    return node


def _selected(query: Node, columns: list[Known | None], ctx: Context) -> None:
    """The same for INSERT ... SELECT: each query block gives the values of its own."""
    match query:
        case exp.SetOperation():
            _selected(query.this, columns, ctx)
            _selected(query.expression, columns, ctx)
        case exp.Subquery():
            _selected(query.this, columns, ctx)
        case exp.Select():
            items = list(query.expressions)
            if len(items) != len(columns) or any(i.is_star for i in items):
                return
            for item, known in zip(items, columns, strict=True):
                value = item.this if isinstance(item, exp.Alias) else item
                if known is None or isinstance(value, exp.Query):
                    continue
                parent, key, index = value.parent, value.arg_key, value.index
                made = assigned(value, known.type, ctx)
                if made is not value and parent is not None and key is not None:
                    parent.set(key, made, index)
        case _:
            pass
