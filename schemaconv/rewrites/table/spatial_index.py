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
    if not method or (ctx.trait("spatial_index_never_null") and not _never_null(found, ctx)):
        ctx.stub = ctx.stub or DROPPED
    return replace(found, method=method)


def _never_null(found: Index, ctx: Context) -> bool:
    table = ctx.table(found.table)
    known = {k.name for k in table.columns if k.not_null} if table is not None else set()
    return all(p.column in known for p in found.parts)
