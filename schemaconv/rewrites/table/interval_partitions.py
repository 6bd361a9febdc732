"""Interval partitions: the given ones are kept, and a partition of last resort takes what lies beyond them."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use

REMOVES = "interval_partitions"
ADDS = ("range_partitions",)


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    part = found.partitioning
    assert part is not None
    if ctx.legal("range_partitions"):
        ctx.say_construct(REMOVES, use.at, use.text)
    return replace(found, partitioning=replace(part, interval=None, default=True))
