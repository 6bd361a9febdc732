"""What the rewrites of partitions share."""

from __future__ import annotations

from dataclasses import replace

from ..ir.catalog import Table
from .api import Context, Use


def unpartitioned(found: Table, ctx: Context, use: Use, construct: str) -> Table:
    """``found`` as one table, under the code of the construct that made it so."""
    ctx.say_construct(construct, use.at, use.text)
    return replace(found, partitioning=None)
