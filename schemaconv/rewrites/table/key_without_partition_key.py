"""A key of a partitioned table must contain the partition key on the targets.

The option ``partition_key`` chooses: the key grows by the columns it lacks (then it is unique only together with
them), or the table gives up its partitions. A key that foreign keys point to cannot grow.
"""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Constraint, Table
from ..api import Context, Use

REMOVES = "key_without_partition_key"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    part = found.partitioning
    assert part is not None
    wanted = part.columns + (part.sub.columns if part.sub is not None else ())
    key = next(k for k in found.constraints if k.at == use.at and k.kind in ("primary_key", "unique"))
    if ctx.options.partition_key == "unpartition" or ctx.parents_of_keys(tuple(n.text for n in key.columns)):
        ctx.say("SC3417", use.at, clause=use.text, columns=", ".join(map(str, wanted)))
        return replace(found, partitioning=None)
    lacking = tuple(n for n in wanted if n not in key.columns)
    ctx.say_construct(REMOVES, use.at, use.text, columns=", ".join(map(str, lacking)))
    primary = key.kind == "primary_key"
    open_ = [str(c.name) for c in found.columns if c.name in lacking and not c.not_null and c.identity is None]
    if primary and open_:
        ctx.say("SC3264", use.at, clause=use.text, columns=", ".join(open_))

    def grown(k: Constraint) -> Constraint:
        return replace(k, columns=k.columns + lacking, inline=False) if k is key else k

    columns = tuple(replace(c, not_null=True) if primary and c.name in lacking else c for c in found.columns)
    return replace(found, constraints=tuple(grown(k) for k in found.constraints), columns=columns)
