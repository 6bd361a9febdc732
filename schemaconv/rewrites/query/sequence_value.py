"""``seq.NEXTVAL`` and ``seq.CURRVAL``."""

from __future__ import annotations

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.kinds import INTEGER
from ...sql.tree import Node, exp, string

REMOVES = "sequences"

NODES = (exp.Column,)

OPERATIONS = {"NEXTVAL": "sequence_next", "CURRVAL": "sequence_current"}


def node(node: Node, ctx: Context) -> Node:
    assert isinstance(node, exp.Column)
    op = OPERATIONS.get(node.name)
    table = node.args.get("table")
    if op is None or table is None or not node.this.meta.get("folded"):
        return node
    schema, name = ctx.names.table_text(node.db, table.this, bool(table.meta.get("folded")))
    quoted = ctx.settings.quoted(name)
    if schema:
        quoted = f"{ctx.settings.quoted(schema)}.{quoted}"
    ctx.consume(node.name, table.this, node.db)
    return ctx.op(op, node, Known(INTEGER, True), sequence=string(quoted))
