"""CONVERT(type, value[, style]): a cast, as long as no style decides about the text of a date.

Transact-SQL reference, "CAST and CONVERT".
"""

from __future__ import annotations

from ...sql import constants
from ...sql.context import Context
from ...sql.kinds import family, is_moment, read_type
from ...sql.tree import Node, cast_to, exp, integer, is_call, literal_text
from . import every

REMOVES = "convert_call"
ADDS = ("cast_type",)
WORDS = frozenset({"CONVERT"})
#: Styles of texts that every session reads alike: ODBC canonical, ISO, ISO 8601.
ISO_STYLES = frozenset({20, 21, 23, 112, 120, 121, 126, 127})


def rewrite(root: Node, ctx: Context) -> Node:
    for node in every(root, exp.Anonymous):
        if not is_call(node, "CONVERT") or node.meta.get("done"):
            continue
        values = list(node.expressions)
        spelled = literal_text(values[0]) if values else None
        if spelled is None or not 2 <= len(values) <= 3:
            raise ctx.refuse("SC4204", node, function="CONVERT")
        if len(values) == 3:
            _style(node, spelled, values[1], values[2], ctx)
        made = cast_to(values[1], spelled)
        made.meta["start"] = node.meta.get("start", 0)
        if node is root:
            root = made
        else:
            node.replace(made)
    return root


def _style(node: Node, spelled: str, value: Node, style: Node, ctx: Context) -> None:
    """Refuse a style that means something; style 0 of numbers and texts is what a cast does."""
    wanted = read_type(spelled, ctx.source.types)
    dated = (wanted is not None and is_moment(wanted)) or is_moment(ctx.infer(value).type)
    text = literal_text(value)
    if dated and text is not None and integer(style) in ISO_STYLES and constants.iso(text) is not None:
        ctx.consume_tree(style)
        return
    plain = wanted is not None and family(wanted) in ("number", "text", "boolean")
    if dated or not plain or integer(style) not in (0, 1):
        raise ctx.refuse("SC4205", node, what=f"CONVERT with style {style.sql()}", function="CONVERT")
    ctx.consume_tree(style)
