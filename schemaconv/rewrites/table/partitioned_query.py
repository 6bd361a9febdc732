"""A partitioned table that is made from a query, where such a table is never partitioned.

PostgreSQL, "CREATE TABLE AS": there is no PARTITION BY, as there is in CREATE TABLE.
"""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use

REMOVES = "partitioned_query"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    ctx.say_construct(REMOVES, use.at, use.text)
    return replace(found, partitioning=None)
