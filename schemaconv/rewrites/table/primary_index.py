"""The index that spreads rows over nodes: where there are none, an ordinary index keeps the way to the rows."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Index
from ..api import DROPPED, Context, Use

REMOVES = "primary_index"
ADDS = ("index", "duplicate_index")


def rewrite(found: Index, ctx: Context, use: Use) -> Index | None:
    if ctx.options.primary_index == "drop" or not ctx.legal("index"):
        ctx.stub = DROPPED
        return found
    ctx.say_construct(REMOVES, use.at, str(found.name))
    return replace(found, method="")
