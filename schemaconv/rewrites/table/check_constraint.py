"""A check where the target has none: the application must keep it."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use

REMOVES = "check_constraint"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    for k in found.constraints:
        if k.kind == "check" and k.check is not None:
            ctx.say_construct(REMOVES, k.at, k.check.text)
    return replace(found, constraints=tuple(k for k in found.constraints if k.kind != "check"))
