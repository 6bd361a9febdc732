"""A generated column where a target has none: a plain column, which the loading program must fill."""

from __future__ import annotations

from ...ir.catalog import Table
from ..api import Context, Use
from ..columns import plain

REMOVES = "stored_column"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    ctx.say_construct(REMOVES, use.at, use.text)
    return plain(found, use.at)
