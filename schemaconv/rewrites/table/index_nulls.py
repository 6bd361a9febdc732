"""A constant in an index, which makes Oracle index rows whose columns are all NULL: elsewhere they always are."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Index
from ..api import DROPPED, Context, Use

REMOVES = "index_nulls"
ADDS = ()


def rewrite(found: Index, ctx: Context, use: Use) -> Index | None:
    parts = tuple(p for p in found.parts if p.expression is None or p.expression.at != use.at)
    ctx.say_construct(REMOVES, use.at, use.text)
    if not parts:
        ctx.stub = DROPPED
    return replace(found, parts=parts)
