"""A spatial index, by the target's own method: any column on some, only one that is never NULL on others."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Index
from ..api import DROPPED, Context, Use

REMOVES = "spatial_index"
ADDS = ()


def rewrite(found: Index, ctx: Context, use: Use) -> Index | None:
    ctx.say_construct(REMOVES, use.at, ", ".join(str(p.column) for p in found.parts))
    method = str(ctx.trait("spatial_index") or "")
    if not method:
        ctx.stub = ctx.stub or DROPPED
    return replace(found, method=method)
