"""Partitions by consistent hash become partitions by hash."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use

REMOVES = "consistent_hash_partitions"
ADDS = ("hash_partitions",)


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    assert found.partitioning is not None
    ctx.say_construct(REMOVES, use.at, use.text)
    return replace(found, partitioning=replace(found.partitioning, method="hash"))
