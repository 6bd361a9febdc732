"""A foreign key that the source does not check: where foreign keys are checked, it is left out; where none is, it is
like every other."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use

REMOVES = "unchecked_key"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    if ctx.trait("keys_informational"):
        trusted = tuple(replace(k, enabled=True, validated=True) if k.at == use.at else k for k in found.constraints)
        return replace(found, constraints=trusted)
    ctx.say_construct(REMOVES, use.at, use.text)
    return replace(found, constraints=tuple(k for k in found.constraints if k.at != use.at))
