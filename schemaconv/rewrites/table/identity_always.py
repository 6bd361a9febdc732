"""GENERATED ALWAYS AS IDENTITY where a target's identity columns take given values."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Table
from ..api import Context, Use

REMOVES = "identity_always"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    ctx.say_construct(REMOVES, use.at, use.text)
    return replace(
        found,
        columns=tuple(
            replace(k, identity=replace(k.identity, always=False)) if k.identity is not None else k
            for k in found.columns
        ),
    )
