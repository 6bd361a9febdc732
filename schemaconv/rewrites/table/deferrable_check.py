"""A check that may wait for COMMIT is checked at once."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use

REMOVES = "deferrable_check"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    if not any(k.at == use.at and k.deferrable for k in found.constraints):
        return None  # a NOT NULL, which is no constraint here
    ctx.say_construct(REMOVES, use.at, use.text)
    return replace(
        found,
        constraints=tuple(
            replace(k, deferrable=False, initially_deferred=False) if k.at == use.at else k for k in found.constraints
        ),
    )
