"""A private temporary table becomes a temporary table of the session."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use
from ..temporary import say_rows_stay

REMOVES = "private_temporary_table"
ADDS = ("temporary_partitions",)


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    ctx.say_construct(REMOVES, use.at)
    kept = found.on_commit if ctx.trait("on_commit") else ""
    say_rows_stay(found.on_commit, ctx)
    return replace(found, on_commit=kept, options=(*found.options, ("temporary", "")))
