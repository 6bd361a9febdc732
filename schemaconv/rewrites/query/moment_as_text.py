"""A date where a text is asked for: made text as CAST makes it.

Transact-SQL reference, "CAST and CONVERT": the text of a datetime is that of style 0, of the newer types that of style
121, whatever the session says; CONCAT, LEFT and their kin convert their arguments so.
"""

from __future__ import annotations

from ...sql.context import Context
from ...sql.kinds import is_moment
from ...sql.tree import Node, cast_to, exp, is_call
from . import every

REMOVES = "moment_as_text"
ADDS = ("convert_call", "null_concat", "concat_call")
TRAIT = "date_text_order"
NEEDS = (exp.Anonymous,)

#: As long as any of these texts gets.
_TEXT = "VARCHAR(40)"


def rewrite(root: Node, ctx: Context) -> Node:
    for node in every(root, exp.Anonymous):
        if not isinstance(node, exp.Anonymous) or node.meta.get("done"):
            continue
        for place, argument in enumerate(list(node.expressions)):
            if is_moment(ctx.infer(argument).type) and _text_wanted(node, place, ctx):
                argument.replace(cast_to(argument.copy(), _TEXT))
    return root


def _text_wanted(node: exp.Anonymous, place: int, ctx: Context) -> bool:
    if is_call(node, "CONCAT"):
        return True
    row, _ = ctx.typer.choose(node)
    if row is None or not row.parameters:
        return False
    parameter = row.parameters[min(place, len(row.parameters) - 1)]
    return parameter.kind == "text" and (place < len(row.parameters) or parameter.many)
