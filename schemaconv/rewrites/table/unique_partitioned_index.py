"""A unique index of a partitioned table must contain the partition key on the targets: it grows by what it lacks."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Index, IndexPart
from ..api import Context, Use

REMOVES = "unique_partitioned_index"
ADDS = ()


def rewrite(found: Index, ctx: Context, use: Use) -> Index | None:
    table = ctx.table(found.table)
    assert table is not None and table.partitioning is not None
    part = table.partitioning
    have = {p.column for p in found.parts}
    lacking = tuple(n for n in part.columns + (part.sub.columns if part.sub else ()) if n not in have)
    ctx.say_construct(REMOVES, use.at, use.text, columns=", ".join(n.text for n in lacking))
    return replace(found, parts=found.parts + tuple(IndexPart(n) for n in lacking))
