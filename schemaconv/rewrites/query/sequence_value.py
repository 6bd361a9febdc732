"""``seq.NEXTVAL``, as which ``NEXT VALUE FOR seq`` is read too, and ``seq.CURRVAL``.

In one row a sequence is drawn from once: all places that name it have the same value (Transact-SQL reference, "NEXT
VALUE FOR"; SQL Language Reference, "Sequence Pseudocolumns").
"""

from __future__ import annotations

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.kinds import INTEGER
from ...sql.tree import Node, exp, nodes, string

REMOVES = "sequences"

NODES = (exp.Column,)
WORDS = frozenset({"NEXTVAL"})

OPERATIONS = {"NEXTVAL": "sequence_next", "CURRVAL": "sequence_current"}


def rewrite(root: Node, ctx: Context) -> Node:
    """In each row all places but the first one take the value that has just been drawn."""
    for row in [n for n in nodes(root) if isinstance(n, (exp.Select, exp.Tuple, exp.Update))]:
        seen: set[str] = set()
        for column in row.find_all(exp.Column, bfs=False):
            if not _is_drawn(column) or column.find_ancestor(exp.Select, exp.Tuple, exp.Update) is not row:
                continue
            if column.name == "NEXTVAL" and column.sql() in seen:
                column.this.set("this", "CURRVAL")
            else:
                seen.add(column.sql())
    return root


def _is_drawn(node: exp.Column) -> bool:
    if node.args.get("table") is None or node.name not in OPERATIONS:
        return False
    return bool(node.this.meta.get("folded"))


def node(node: Node, ctx: Context) -> Node:
    assert isinstance(node, exp.Column)
    if not _is_drawn(node):
        return node
    table = node.args["table"]
    way = ctx.family.way(OPERATIONS[node.name])
    if way is None or not way.sql:
        code = way.code if way is not None and way.code else "SC4203"
        raise ctx.refuse(code, node, function=node.name, what=f"{table.this}.{node.name}")
    schema, name = ctx.names.table_text(node.db, table.this, bool(table.meta.get("folded")))
    quoted = ctx.settings.quoted(name)
    if schema:
        quoted = f"{ctx.settings.quoted(schema)}.{quoted}"
    ctx.consume(node.name, table.this, node.db, node.catalog, "NEXTVAL")
    return ctx.op(OPERATIONS[node.name], node, Known(INTEGER, True), sequence=string(quoted))
