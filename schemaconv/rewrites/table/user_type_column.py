"""A column of a user-defined type where the target has no such types: its value is kept as JSON."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ...ir.types import Type
from ..api import Context, Use

REMOVES = "user_type_column"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    ctx.say_construct(REMOVES, use.at, use.text)
    return replace(
        found,
        columns=tuple(
            replace(k, type=Type("json", raw=k.type.raw), default=None) if k.type.kind == "user" else k
            for k in found.columns
        ),
    )
