"""CONVERT(type, value[, style]): a cast, as long as no style decides about the text of a date.

Transact-SQL reference, "CAST and CONVERT".
"""

from __future__ import annotations

import re

from ...sql import constants, date_texts
from ...sql.context import Context
from ...sql.date_texts import Reading
from ...sql.kinds import family, is_moment, read_type
from ...sql.tree import Node, cast_to, exp, integer, is_call, literal_text
from . import every

REMOVES = "convert_call"
ADDS = ("cast_type",)
WORDS = frozenset({"CONVERT"})
#: Styles of texts that every session reads alike: ODBC canonical, ISO, ISO 8601.
ISO_STYLES = frozenset({20, 21, 23, 112, 120, 121, 126, 127})
#: The order of day, month and year in the other styles of numbers, with and without a century.
ORDERS = {
    **dict.fromkeys((1, 10, 101, 110), "mdy"), **dict.fromkeys((3, 4, 5, 103, 104, 105), "dmy"),
    **dict.fromkeys((2, 11, 102, 111), "ymd"), **dict.fromkeys(ISO_STYLES, "ymd"),
}  # fmt: skip


def rewrite(root: Node, ctx: Context) -> Node:
    if "CONVERT" not in ctx.source.type_first:  # another function of that name
        return root
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
    if dated and text is not None and (read := _read(text, integer(style), ctx)) is not None:
        ctx.consume_tree(style)
        if read != text:
            ctx.consume(text)
            value.set("this", read)
        return
    plain = wanted is not None and family(wanted) in ("number", "text", "boolean")
    if dated or not plain or integer(style) not in (0, 1):
        raise ctx.refuse("SC4205", node, what=f"CONVERT with style {style.sql()}", function="CONVERT")
    ctx.consume_tree(style)


def _read(text: str, style: int | None, ctx: Context) -> str | None:
    """``text`` of that style in a form that every session reads alike; ``None`` where there is none."""
    order = ORDERS.get(style if style is not None else -1)
    if order is None:
        return None
    if not ctx.source.traits.get("date_text_order"):
        return text if style in ISO_STYLES and constants.iso(text) is not None else None
    if order != "ymd" and re.match(r"\s*\d{4}\D", text):
        return None
    found = date_texts.read(text, Reading(order), True)
    if found is None or constants.has_zone(found.value.value):
        return None
    return found.value.value.replace("-", "", 2)
