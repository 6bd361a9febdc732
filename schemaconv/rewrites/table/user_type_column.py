"""A column of a user-defined type where the target has no such types.

Its value is kept as JSON; what is only another name of a type is that type.
"""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Column, Table, UserType
from ...ir.types import Type
from ..api import Context, Use

REMOVES = "user_type_column"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    return replace(found, columns=tuple(_plain(k, ctx) if k.type.kind == "user" else k for k in found.columns))


def _plain(column: Column, ctx: Context) -> Column:
    """The column as JSON; of a type that the script does not define nobody knows what it is."""
    if column.type.user is None or (meant := ctx.find(column.type.user)) is None:
        return replace(column, type=Type("unknown", raw=column.type.raw))
    if isinstance(meant, UserType) and meant.form == "alias":
        return replace(column, type=meant.of)
    if isinstance(meant, UserType) and meant.form == "external":  # bytes that only its own code reads
        return replace(column, type=Type("unknown", raw=column.type.raw), default=None)
    ctx.say_construct(REMOVES, column.at, f"{column.name} {column.type.raw}")
    return replace(column, type=Type("json", raw=column.type.raw), default=None)
