"""List partitions where the target has no partitions: one table, sorted by the partition key where that helps."""

from __future__ import annotations

from ...ir.catalog import Table
from ..api import Context, Use
from ..partitions import unpartitioned

REMOVES = "list_partitions"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    return unpartitioned(found, ctx, use, REMOVES)
