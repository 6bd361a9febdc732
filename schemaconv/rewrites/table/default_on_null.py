"""DEFAULT ON NULL: the default stays, a given NULL is refused (the column was NOT NULL in the source as well)."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use

REMOVES = "default_on_null"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    ctx.say_construct(REMOVES, use.at, use.text)
    return replace(
        found,
        columns=tuple(
            replace(k, default_on_null=False, not_null=True) if k.at == use.at else k for k in found.columns
        ),
    )
