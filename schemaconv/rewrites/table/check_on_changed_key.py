"""A check of a column that the action of a foreign key may change, where the target allows none."""

from __future__ import annotations

from ...ir.catalog import Table
from ..api import Context, Use
from ..checks import without_check

REMOVES = "check_on_changed_key"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    return without_check(found, ctx, use, REMOVES)
