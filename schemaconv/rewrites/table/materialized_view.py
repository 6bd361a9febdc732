"""A materialized view where the target has none: a table filled once, to be refreshed by a job of one's own."""

from __future__ import annotations

from ...ir.catalog import Object, Table, View
from ..api import Context, Use

REMOVES = "materialized_view"
ADDS = ("table_as_query",)


def rewrite(found: View, ctx: Context, use: Use) -> Object | None:
    if not ctx.legal("table_as_query"):
        return None
    ctx.say_construct(REMOVES, use.at)
    return Table(
        found.name, found.at, also=found.also, notes=found.notes, clauses=found.clauses, query=found.query,
        comment=found.comment,
    )  # fmt: skip
