"""A check of a column that counts by itself, where the target allows none: the rest of the table is kept."""

from __future__ import annotations

from ...ir.catalog import Table
from ..api import Context, Use
from ..checks import without_check

REMOVES = "check_on_counter"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    return without_check(found, ctx, use, REMOVES)
