"""The construct ``partition_on_expression`` where the target cannot partition so: the table is one table."""

from __future__ import annotations

from ...ir.catalog import Table
from ..api import Context, Use
from ..partitions import unpartitioned

REMOVES = "partition_on_expression"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    return unpartitioned(found, ctx, use, REMOVES)
