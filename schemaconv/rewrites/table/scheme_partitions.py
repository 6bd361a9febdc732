"""Partitions whose bounds stand outside of the script: the table is one table."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use

REMOVES = "scheme_partitions"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    part = found.partitioning
    clause = f"{part.reference} ({', '.join(str(n) for n in part.columns)})" if part is not None else use.text
    ctx.say_construct(REMOVES, use.at, clause)
    return replace(found, partitioning=None)
