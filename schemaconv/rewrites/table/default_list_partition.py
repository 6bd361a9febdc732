"""A list partition for all other values, where the target has none: the table is one table."""

from __future__ import annotations

from ...ir.catalog import Table
from ..api import Context, Use
from ..partitions import unpartitioned

REMOVES = "default_list_partition"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    return unpartitioned(found, ctx, use, REMOVES)
