"""Partitions of a temporary table, where only tables that stay have any.

MySQL Reference Manual, "Restrictions and Limitations on Partitioning": temporary tables cannot be partitioned.
"""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use

REMOVES = "temporary_partitions"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    ctx.say_construct(REMOVES, use.at)
    return replace(found, partitioning=None)
