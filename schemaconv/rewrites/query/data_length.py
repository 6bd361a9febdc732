"""DATALENGTH(value): the bytes that the source stores. Transact-SQL reference, "DATALENGTH" and the data types.

A character of varchar has one byte in the code pages of one byte, of nvarchar two; blanks at the end count.
"""

from __future__ import annotations

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.kinds import INTEGER, family
from ...sql.tree import Node, exp, is_call, number, put
from . import every

REMOVES = "data_length"
WORDS = frozenset({"DATALENGTH"})
FIXED = {
    "boolean": 1, "bit": 1, "utinyint": 1, "smallint": 2, "integer": 4, "bigint": 8, "real": 4, "double": 8, "date": 3,
    "uuid": 16,
}  # fmt: skip


def rewrite(root: Node, ctx: Context) -> Node:
    for node in every(root, exp.Anonymous):
        if not is_call(node, "DATALENGTH") or node.meta.get("done") or len(node.expressions) != 1:
            continue
        value = node.expressions[0]
        found = ctx.infer(value).type
        known = Known(INTEGER, ctx.typer.not_null(value))
        size = FIXED.get(found.kind)
        if found.kind in ("char", "nchar") and found.length:
            size = found.length * (2 if found.kind == "nchar" else 1)
        if size is not None:
            made = ctx.op("size_of_known", node, known, x=value, size=number(size))
        elif family(found) == "binary":
            made = ctx.op("binary_length", node, known, b=value)
        elif family(found) == "text" and isinstance(value, (exp.Column, exp.Cast)):  # a literal may be N'...'
            wide = found.kind in ("nvarchar", "ntext")
            made = ctx.op("double_length" if wide else "length", node, known, s=value)
        else:
            raise ctx.refuse("SC4204", node, function="DATALENGTH")
        root = put(node, made, root)
    return root
