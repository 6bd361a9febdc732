"""``x (CHAR(10))``: a cast of a text. Of a number or a date it is the text that a format makes.

Teradata SQL Data Types and Literals, "Numeric-to-Character Conversion": the result has the width of the format, and
stands on its right side.
"""

from __future__ import annotations

from ...sql.context import Context
from ...sql.convert import to_text
from ...sql.tree import Node, cast_to, exp, is_call, literal_text, put
from . import every

REMOVES = "postfix_cast"
ADDS = ("cast_type",)
WORDS = frozenset({"TDCAST"})


def rewrite(root: Node, ctx: Context) -> Node:
    for node in every(root, exp.Anonymous):
        if not is_call(node, "TDCAST") or len(node.expressions) != 2:
            continue
        value, spelled = node.expressions[0], literal_text(node.expressions[1]) or ""
        if ctx.typer.family(value) == "number":
            value = to_text(value, ctx)
        if ctx.typer.family(value) != "text":
            raise ctx.refuse("SC4205", node, what=f"({spelled}) of what is no text", function="CAST")
        made = cast_to(value, spelled)
        made.meta["start"] = node.meta.get("start", 0)
        root = put(node, made, root)
    return root
