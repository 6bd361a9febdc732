"""An invisible column becomes an ordinary one."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use

REMOVES = "invisible_column"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    ctx.say_construct(REMOVES, use.at, use.text)
    return replace(found, columns=tuple(replace(k, invisible=False) if k.at == use.at else k for k in found.columns))
