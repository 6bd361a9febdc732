"""``XMLAGG(text ORDER BY keys)``: the texts of a group one behind the other.

Teradata XML, "XMLAGG". Over plain texts it is how scripts join the values of a group, mostly with a cast to VARCHAR
around it; over elements it is not translated.
"""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp, is_call
from . import every, put_in

REMOVES = "xml_aggregate"
ADDS = ("within_group", "function", "xml_call", "postfix_cast", "formatted_value")
TRAIT = "default_number_format"
WORDS = frozenset({"XMLAGG"})

#: A call that the rows of the source translate, and that nobody can write.
JOINED = "TEXTS JOINED"


def rewrite(root: Node, ctx: Context) -> Node:
    for node in every(root, exp.Anonymous):
        if not is_call(node, "XMLAGG") or len(node.expressions) != 1 or isinstance(node.parent, exp.WithinGroup):
            continue
        order = node.expressions[0]
        ctx.consume("XMLAGG")
        if isinstance(order, exp.Order):
            bare = exp.Anonymous(this=JOINED, expressions=[order.this.copy()])
            keys = exp.Order(expressions=[k.copy() for k in order.expressions])
            root = put_in(node, exp.WithinGroup(this=bare, expression=keys), root)
        else:
            root = put_in(node, exp.Anonymous(this=JOINED, expressions=[order.copy()]), root)
    return root
