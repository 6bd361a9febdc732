"""Values of an INSERT in the types of their columns, where the source would convert them."""

from __future__ import annotations

from ...ir.fragment import Columns
from ...sql.context import Context
from ...sql.convert import assigned
from ...sql.kinds import family
from ...sql.tree import Node, exp

REMOVES = "implicit_conversion_of_inserted_value"

NODES = (exp.Insert,)


def node(node: Node, ctx: Context) -> Node:
    target, values = node.this, node.expression
    if not isinstance(values, exp.Values) or not isinstance(ctx.names, Columns):
        return node
    table = target.this if isinstance(target, exp.Schema) else target
    columns = ctx.names.columns_of(table.db, table.name) if isinstance(table, exp.Table) else None
    if columns is None:
        return node
    listed = [i.name for i in target.expressions] if isinstance(target, exp.Schema) else list(columns)
    for row in values.expressions:
        for i, value in enumerate(list(row.expressions) if isinstance(row, exp.Tuple) else []):
            known = columns.get(listed[i]) if i < len(listed) else None
            if known is not None and not isinstance(value, exp.Query):
                made = assigned(value, family(known.type), ctx)
                if made is not value:
                    row.set("expressions", made, i)
    return node
