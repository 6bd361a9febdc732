"""A column that is computed from one that counts by itself, where the target computes none: a plain column."""

from __future__ import annotations

from ...ir.catalog import Table
from ..api import Context, Use
from ..columns import plain

REMOVES = "generated_on_counter"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    ctx.say_construct(REMOVES, use.at, use.text)
    return plain(found, use.at)
