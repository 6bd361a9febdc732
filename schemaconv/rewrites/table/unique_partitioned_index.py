"""A unique index of a partitioned table must contain the partition key on the targets: it grows by what it lacks."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Index, IndexPart, Table
from ..api import Context, Use

REMOVES = "unique_partitioned_index"
ADDS = ()


def rewrite(found: Index | Table, ctx: Context, use: Use) -> Index | Table | None:
    if isinstance(found, Table):  # as the option ``partition_key`` asks
        wanted = found.partitioning.columns if found.partitioning is not None else ()
        ctx.say("SC3417", use.at, clause=use.text, columns=", ".join(map(str, wanted)))
        return replace(found, partitioning=None)
    table = ctx.table(found.table)
    assert table is not None and table.partitioning is not None
    part = table.partitioning
    have = {p.column for p in found.parts}
    lacking = tuple(n for n in part.columns + (part.sub.columns if part.sub else ()) if n not in have)
    ctx.say_construct(REMOVES, use.at, use.text, columns=", ".join(map(str, lacking)))
    return replace(found, parts=found.parts + tuple(IndexPart(n) for n in lacking))
