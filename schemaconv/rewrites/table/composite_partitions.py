"""Subpartitions where a target's are too narrow: the first level stays."""

from __future__ import annotations

from ...ir.catalog import Table
from ..api import Context, Use
from ..partitions import without_subpartitions

REMOVES = "composite_partitions"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    return without_subpartitions(found, ctx, use, REMOVES)
