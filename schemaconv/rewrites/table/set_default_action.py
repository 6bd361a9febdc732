"""SET DEFAULT of a foreign key where a target reads the words and refuses the change instead."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use

REMOVES = "set_default_action"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    ctx.say_construct(REMOVES, use.at, use.text)

    def plain(action: str) -> str:
        return "" if action == "SET DEFAULT" else action

    return replace(
        found,
        constraints=tuple(
            replace(k, on_delete=plain(k.on_delete), on_update=plain(k.on_update)) if k.at == use.at else k
            for k in found.constraints
        ),
    )
