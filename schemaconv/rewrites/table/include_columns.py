"""Columns that an index keeps beside its key, where a target has keys only."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Index
from ..api import Context, Use

REMOVES = "include_columns"
ADDS = ()


def rewrite(found: Index, ctx: Context, use: Use) -> Index | None:
    ctx.say_construct(REMOVES, use.at, use.text)
    return replace(found, include=())
