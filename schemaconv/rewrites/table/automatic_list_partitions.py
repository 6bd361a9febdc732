"""Automatic list partitions: the given ones are kept, and a default partition takes every other value."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use
from ..partitions import unpartitioned

REMOVES = "automatic_list_partitions"
ADDS = ("list_partitions",)


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    part = found.partitioning
    assert part is not None
    if not ctx.legal("default_list_partition"):
        return unpartitioned(found, ctx, use, REMOVES)
    ctx.say_construct(REMOVES, use.at, use.text)
    return replace(found, partitioning=replace(part, automatic=False, default=True))
