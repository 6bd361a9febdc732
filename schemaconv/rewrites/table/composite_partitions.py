"""Subpartitions where a target's are too narrow: the first level stays."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use

REMOVES = "composite_partitions"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    part = found.partitioning
    assert part is not None
    ctx.say_construct(REMOVES, use.at, use.text)
    plain = tuple(replace(p, subpartitions=()) for p in part.partitions)
    return replace(found, partitioning=replace(part, sub=None, partitions=plain))
