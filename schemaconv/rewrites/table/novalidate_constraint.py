"""NOVALIDATE: rows from before the constraint were never checked. The target will check them when they are loaded."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use

REMOVES = "novalidate_constraint"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    if not ctx.trait("keys_informational"):
        ctx.say_construct(REMOVES, use.at, use.text)
    elif all(k.kind != "check" for k in found.constraints if k.at == use.at):  # a check does not arrive at all
        ctx.say("SC3234", use.at, clause=use.text)
    return replace(
        found, constraints=tuple(replace(k, validated=True) if k.at == use.at else k for k in found.constraints)
    )
