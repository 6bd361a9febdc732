"""A join index becomes a materialized view of its query where the target has such views, else it is left out: no query
names it, and none gives other rows without it."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import View
from ..api import DROPPED, Context, Use

REMOVES = "join_index"
ADDS = ("materialized_view",)


def rewrite(found: View, ctx: Context, use: Use) -> View | None:
    if not ctx.legal("materialized_view"):
        ctx.say("SC3335", use.at)
        ctx.stub = DROPPED
        return found
    ctx.say_construct(REMOVES, use.at)
    return replace(found, clauses=tuple(k for k in found.clauses if k.construct != REMOVES))
