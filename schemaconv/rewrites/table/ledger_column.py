"""A column of a ledger, which the server fills with the number of a transaction: nobody fills it on a target."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Column, Table
from ..api import Context, Use

REMOVES = "ledger_column"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    ctx.say_construct(REMOVES, use.at, use.text)
    return replace(found, columns=tuple(_plain(k) for k in found.columns))


def _plain(column: Column) -> Column:
    kept = tuple(c for c in column.clauses if c.construct != REMOVES)
    return column if len(kept) == len(column.clauses) else replace(column, not_null=False, clauses=kept)
