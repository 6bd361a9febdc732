"""A key that was never checked on old rows becomes an ordinary one."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use

REMOVES = "novalidate_key"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    if not any(k.at == use.at and not k.validated for k in found.constraints):
        return None  # a NOT NULL, which is no constraint here
    if not ctx.trait("keys_informational"):
        ctx.say_construct(REMOVES, use.at, use.text)
    elif all(k.kind != "check" for k in found.constraints if k.at == use.at):  # a check does not arrive at all
        ctx.say("SC3234", use.at, clause=use.text)
    return replace(
        found, constraints=tuple(replace(k, validated=True) if k.at == use.at else k for k in found.constraints)
    )
