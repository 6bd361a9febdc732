"""A column that only shows others as XML: it stores nothing, and is left out."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use

REMOVES = "column_set"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    gone = {k.name for k in found.columns if any(c.construct == REMOVES for c in k.clauses)}
    ctx.say_construct(REMOVES, use.at, ", ".join(sorted(str(n) for n in gone)))
    return replace(found, columns=tuple(k for k in found.columns if k.name not in gone))
