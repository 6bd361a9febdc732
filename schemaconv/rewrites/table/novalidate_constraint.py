"""NOVALIDATE: rows from before the constraint were never checked. The target will check them when they are loaded."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use

REMOVES = "novalidate_constraint"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    ctx.say_construct(REMOVES, use.at, use.text)
    return replace(
        found, constraints=tuple(replace(k, validated=True) if k.at == use.at else k for k in found.constraints)
    )
