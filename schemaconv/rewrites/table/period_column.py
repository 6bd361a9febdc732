"""A column that the server fills with the begin or end of a row's validity: its default does so for new rows."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use

REMOVES = "period_column"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    ctx.say_construct(REMOVES, use.at, use.text)
    columns = tuple(
        replace(k, clauses=tuple(c for c in k.clauses if c.construct != REMOVES or c.at != use.at))
        for k in found.columns
    )
    return replace(found, columns=columns)
