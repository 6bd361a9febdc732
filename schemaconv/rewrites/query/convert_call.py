"""CONVERT(type, value[, style]): a cast, as long as no style decides about the text of a date.

Transact-SQL reference, "CAST and CONVERT".
"""

from __future__ import annotations

import re
from dataclasses import replace

from ...ir.fragment import Known
from ...ir.types import Type
from ...sql import constants, date_texts
from ...sql.context import Context
from ...sql.date_texts import Reading
from ...sql.kinds import family, is_moment, read_type
from ...sql.net_formats import NumberFormat
from ...sql.styled import style_of, text_of
from ...sql.tree import (
    Node,
    cast_to,
    exp,
    integer,
    is_call,
    literal_text,
    number,
    put,
    source_function,
    string,
    type_of_cast,
)
from . import every

REMOVES = "convert_call"
ADDS = ("cast_type", "null_concat")
SIZED = frozenset({"char", "varchar", "nchar", "nvarchar"})
WORDS = frozenset({"CONVERT"})
NEEDS = (exp.Cast,)
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
        made: Node | None = _as_text(node, spelled, values[1], values[2] if len(values) == 3 else None, ctx)
        if made is None:
            if len(values) == 3:
                _style(node, spelled, values[1], values[2], ctx)
            made = cast_to(values[1], spelled)
        made.meta["start"] = node.meta.get("start", 0)
        root = put(node, made, root)
    for cast in every(root, exp.Cast):
        assert isinstance(cast, exp.Cast)
        made = None if cast.meta.get("done") else _as_text(cast, type_of_cast(cast), cast.this, None, ctx)
        if made is not None:
            root = put(cast, made, root)
    return root


def _as_text(node: Node, spelled: str, value: Node, style: Node | None, ctx: Context) -> Node | None:
    """A date as text by its style, or by that of a cast; ``None`` for anything else.

    Raises :class:`Refused` for a style without a counterpart.
    """
    wanted = read_type(spelled, ctx.source.types)
    if wanted is None or family(wanted) != "text" or not ctx.source.styles:
        return None
    if style is not None and (made := _shown(value, integer(style), wanted, ctx)) is not None:
        ctx.consume_tree(style)
        return made
    if not is_moment(ctx.infer(value).type):
        return None
    known = Known(replace(wanted, raw=""), ctx.typer.not_null(value))
    said = style_of(ctx.infer(value).type, ctx) if style is None else integer(style)
    length = wanted.length if wanted.length is not None or wanted.kind not in SIZED else ctx.source.cast_length
    made = text_of(value, said, length, ctx) if said is not None else None
    if made is None:
        shown = f"CONVERT with style {style.sql()}" if style is not None else "a date cast to text"
        raise ctx.refuse("SC4205", node, what=shown, function="CONVERT")
    if style is not None:
        ctx.consume_tree(style)
    if wanted.kind in ("char", "nchar"):
        made = cast_to(made, spelled)
    made.meta["known"] = known
    made.meta["start"] = node.meta.get("start", 0)
    return made


def _shown(value: Node, style: int | None, wanted: Type, ctx: Context) -> Node | None:
    """Money with commas or with four digits behind the point, bytes in hexadecimal digits: styles 1 and 2 of both."""
    found = ctx.infer(value).type
    if style not in (1, 2) or wanted.kind not in ("varchar", "nvarchar", "text", "ntext"):
        return None
    made: Node
    if found.kind == "money":
        form = NumberFormat(1, 2, True) if style == 1 else NumberFormat(1, 4, False)
        rounded = source_function("ROUND", value.copy(), number(form.decimals))
        made = source_function("TEXT OF NUMBER", rounded, string(form.model(16)))
    elif family(found) == "binary":
        made = source_function("TEXT OF BYTES", value.copy())
        if style == 1:
            made = exp.DPipe(this=string("0x"), expression=made)
        length = wanted.length or (ctx.source.cast_length if wanted.kind in SIZED else None)
        if length is not None and (found.length is None or found.length * 2 + 2 > length):
            made = source_function("LEFT", made, number(length))
    else:
        return None
    made.meta["known"] = Known(wanted, ctx.typer.not_null(value))
    return made


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
    given = ctx.infer(value).type.kind
    if given in ("money", "double", "real") or family(ctx.infer(value).type) == "binary":
        plain = plain and integer(style) == 0  # commas, more digits, hexadecimal digits
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
