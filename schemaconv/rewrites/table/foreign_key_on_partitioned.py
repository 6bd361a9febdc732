"""Foreign keys from or to a partitioned table where the target allows none: the keys matter more than the layout."""

from __future__ import annotations

from ...ir.catalog import Table
from ..api import Context, Use
from ..partitions import unpartitioned

REMOVES = "foreign_key_on_partitioned"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    return unpartitioned(found, ctx, use, REMOVES)
