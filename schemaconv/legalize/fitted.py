"""The value of a default as its column takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..ir.types import Type
from ..sql.kinds import MOMENTS, family

if TYPE_CHECKING:
    from ..sql.context import Context
    from ..sql.tree import Node


def fitted(root: Node, wanted: Type, ctx: Context) -> Node:
    """The value of a default as its column takes it, where the source would convert it."""
    from ..sql.flags import from_flag, to_flag

    kind, given = family(wanted), ctx.typer.family(root)
    if kind == "boolean" and given == "number":
        return to_flag(root, ctx)
    if kind == "number" and given == "boolean":
        return from_flag(root, ctx)
    if given == "number" and kind in MOMENTS:
        from ..sql.convert import number_as_date
        from ..sql.tree import decimal_text, string

        day = ctx.source.day_of(decimal_text(root), wanted)
        if day is None:
            return number_as_date(root, wanted, ctx)
        ctx.consume_tree(root)
        return string(day)
    if given in ("date", "timestamp", "zoned") and kind == "text":
        raise ctx.refuse("SC4207", root, what="a date used as text")
    if given == "text" and kind in MOMENTS:
        raise ctx.refuse("SC4207", root, what="a text used as a date")
    if given in ("days", "months") and kind == "text":
        from ..sql.intervals import as_text

        return as_text(root, wanted, ctx)
    return root
