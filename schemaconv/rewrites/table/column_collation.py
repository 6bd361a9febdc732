"""A collation of the source has another name, if any, on the target: the column takes the database's own."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use

REMOVES = "column_collation"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    for k in found.columns:
        if k.collation:
            # BINARY and its like compare bytes, as the targets' columns do without saying so
            plain = k.collation.upper() in ("BINARY", "USING_NLS_COMP", "USING_NLS_SORT")
            if not plain:
                ctx.say_construct(REMOVES, k.at, k.collation)
    return replace(found, columns=tuple(replace(k, collation="") if k.collation else k for k in found.columns))
