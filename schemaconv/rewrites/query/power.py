"""``a ** b``. Teradata "SQL Functions, Expressions, and Predicates", "Arithmetic Operators": the result is a FLOAT."""

from __future__ import annotations

from ...ir.fragment import Known
from ...ir.types import Type
from ...sql.context import Context
from ...sql.tree import Node, exp

REMOVES = "power_operator"
NODES = (exp.Pow,)


def node(node: Node, ctx: Context) -> Node:
    return ctx.op("power", node, Known(Type("double")), a=node.this, b=node.expression)
