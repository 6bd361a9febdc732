"""An index that a key uses: the key makes its own on the target."""

from __future__ import annotations

from ...ir.catalog import Index
from ..api import DROPPED, Context, Use

REMOVES = "duplicate_index"
ADDS = ()


def rewrite(found: Index, ctx: Context, use: Use) -> Index | None:
    ctx.say_construct(REMOVES, use.at, use.text)
    ctx.stub = DROPPED
    return found
