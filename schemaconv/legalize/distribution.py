"""A proposal for distribution and sort keys where the target has them instead of indexes and partitions.

Amazon Redshift Database Developer Guide, "Choose the best distribution style" (distribute the fact table and its
largest dimension on their common columns) and "Choose the best sort key" (the column of range conditions, recent data
first). It is said by code and not printed: without a DISTSTYLE Redshift chooses by itself (AUTO).
"""

from __future__ import annotations

from ..ir.catalog import Table
from ..ir.names import Name
from .context import Context

_TIMES = frozenset({"date", "timestamp", "timestamptz", "timestampltz"})


def suggest(table: Table, ctx: Context) -> None:
    """Say which keys the source's own design speaks for, if any; ``table`` is still in the source's words."""
    distribute, why = _distribution(table, ctx)
    sort = _sort(table, ctx)
    if distribute is None and sort is None:
        return
    parts = []
    if distribute is not None:
        parts.append(f"DISTKEY ({ctx.run.names.column(table.name, distribute)})")
    if sort is not None:
        parts.append(f"SORTKEY ({ctx.run.names.column(table.name, sort)})")
    ctx.say_construct("distribution_keys", None, " ".join(parts), why=why or "its partitions or times")


def _distribution(table: Table, ctx: Context) -> tuple[Name | None, str]:
    """The column that joins go over: the key that others point to, else the key to the table most pointed to."""
    own = next((k.columns for k in table.constraints if k.kind == "primary_key"), ())
    if ctx.run.children.get(ctx.subject) and len(own) == 1:
        return own[0], "other tables point to it"
    best: tuple[int, Name] | None = None
    for k in table.constraints:
        if k.kind == "foreign_key" and k.references is not None and len(k.columns) == 1:
            parent = ctx.run.table(k.references)
            weight = len(ctx.run.children.get(parent[0], ())) if parent is not None else 0
            if weight and (best is None or weight > best[0]):
                best = (weight, k.columns[0])
    return (best[1], "it is joined to the table most pointed to") if best is not None else (None, "")


def _sort(table: Table, ctx: Context) -> Name | None:
    """The partition key, else the first indexed time, else nothing."""
    if table.partitioning is not None and table.partitioning.method == "range" and table.partitioning.columns:
        return table.partitioning.columns[0]
    indexed = ctx.run.indexed.get(ctx.subject, frozenset())
    return next((k.name for k in table.columns if k.type.kind in _TIMES and k.name in indexed), None)
