"""The construct ``multi_column_list`` where the target cannot partition so: the table is one table."""

from __future__ import annotations

from ...ir.catalog import Table
from ..api import Context, Use
from ..partitions import unpartitioned

REMOVES = "multi_column_list"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    return unpartitioned(found, ctx, use, REMOVES)
