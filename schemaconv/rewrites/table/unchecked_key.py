"""A foreign key that the source does not check: where every foreign key is checked, it is left out."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use

REMOVES = "unchecked_key"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    ctx.say_construct(REMOVES, use.at, use.text)
    return replace(found, constraints=tuple(k for k in found.constraints if k.at != use.at))
