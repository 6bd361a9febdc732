"""A disabled constraint does nothing in the source: it is left out and named."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use

REMOVES = "disabled_constraint"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    kept = tuple(k for k in found.constraints if k.enabled or k.at != use.at)
    if len(kept) == len(found.constraints):
        return None  # a disabled NOT NULL, which the reader has taken out already
    ctx.say_construct(REMOVES, use.at, use.text)
    return replace(found, constraints=kept)
