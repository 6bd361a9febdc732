"""What the rewrites of partitions share."""

from __future__ import annotations

from dataclasses import replace

from ..ir.catalog import Table
from .api import Context, Use


def unpartitioned(found: Table, ctx: Context, use: Use, construct: str) -> Table:
    """``found`` as one table, under the code of the construct that made it so."""
    ctx.say_construct(construct, use.at, use.text)
    return replace(found, partitioning=None)


def without_subpartitions(found: Table, ctx: Context, use: Use, construct: str) -> Table:
    """``found`` with its first level of partitions only."""
    part = found.partitioning
    assert part is not None
    ctx.say_construct(construct, use.at, use.text)
    plain = tuple(replace(p, subpartitions=()) for p in part.partitions)
    return replace(found, partitioning=replace(part, sub=None, partitions=plain))
