"""A table that takes no row twice: a unique key does the same, as long as none of its columns can be NULL."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use

REMOVES = "set_table"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    nullable = {k.name for k in found.columns if not k.not_null and k.identity is None}
    for k in found.constraints:
        sure = k.kind == "primary_key" or (k.kind == "unique" and nullable.isdisjoint(k.columns))
        if sure and k.enabled:
            return replace(found, clauses=tuple(c for c in found.clauses if c.construct != REMOVES))
    return None
