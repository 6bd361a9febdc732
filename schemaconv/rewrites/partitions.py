"""What the rewrites of partitions share."""

from __future__ import annotations

from dataclasses import replace

from ..ir.catalog import Table
from .api import Context, Use


def unpartitioned(found: Table, ctx: Context, use: Use, construct: str) -> Table:
    """``found`` as one table, under the code of the construct that made it so.

    A target without partitions of the method at all says that alone.
    """
    part = found.partitioning
    own = f"{part.method}_partitions" if part is not None else construct
    if construct != own and part is not None and part.method in ("range", "list", "hash") and not ctx.legal(own):
        ctx.say_construct(own, part.at, use.text)
    else:
        ctx.say_construct(construct, use.at, use.text)
    return replace(found, partitioning=None)


def without_subpartitions(found: Table, ctx: Context, use: Use, construct: str) -> Table:
    """``found`` with its first level of partitions only."""
    part = found.partitioning
    assert part is not None
    if ctx.legal(f"{part.method}_partitions"):
        ctx.say_construct(construct, use.at, use.text)
    plain = tuple(replace(p, subpartitions=()) for p in part.partitions)
    return replace(found, partitioning=replace(part, sub=None, partitions=plain))
