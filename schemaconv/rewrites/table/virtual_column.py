"""A generated column that is computed on read becomes one that is stored."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use
from ..columns import plain

REMOVES = "virtual_column"
ADDS = ("stored_column",)


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    if ctx.options.virtual_columns != "stored" or not ctx.legal("stored_column"):
        ctx.say_construct(REMOVES, use.at, use.text)
        return plain(found, use.at)
    ctx.say("SC3145", use.at, clause=use.text)
    return replace(
        found,
        columns=tuple(replace(k, stored=True) if k.at == use.at else k for k in found.columns),
    )
