"""A stored column over one that the action of a foreign key may change, where the target stores none.

It is computed on read, if no key needs it; else the foreign keys lose their actions.
"""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use

REMOVES = "stored_on_changed_key"
ADDS = ("virtual_column",)


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    column = next(k for k in found.columns if k.at == use.at)
    keys = {n for k in found.constraints if k.kind in ("primary_key", "foreign_key") for n in k.columns}
    keys |= set(found.partitioning.columns) if found.partitioning is not None else set()
    ctx.say_construct(REMOVES, use.at, use.text)
    if column.name not in keys and ctx.legal("virtual_column"):
        return replace(found, columns=tuple(replace(k, stored=False) if k is column else k for k in found.columns))
    acting = tuple(
        replace(k, on_delete="", on_update="") if k.kind == "foreign_key" else k for k in found.constraints
    )
    return replace(found, constraints=acting)
