"""ON DELETE and ON UPDATE of a foreign key where keys are informational: nothing acts on them."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use

REMOVES = "referential_action"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    ctx.say_construct(REMOVES, use.at, use.text)
    return replace(
        found,
        constraints=tuple(replace(k, on_delete="", on_update="") if k.at == use.at else k for k in found.constraints),
    )
