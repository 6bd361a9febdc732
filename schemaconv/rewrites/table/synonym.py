"""A synonym becomes a view on the table or view it stands for; one that bears its target's own name is not needed."""

from __future__ import annotations

from ...ir.catalog import Object, Synonym
from ..api import Context, Use
from ..synonyms import stand_in

REMOVES = "synonym"
ADDS = ("view",)


def rewrite(found: Synonym, ctx: Context, use: Use) -> Object | None:
    return stand_in(found, ctx, use)
