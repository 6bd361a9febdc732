"""A public synonym: treated as a private one, in the schema that the session creates objects in."""

from __future__ import annotations

from ...ir.catalog import Object, Synonym
from ..api import Context, Use
from ..synonyms import stand_in

REMOVES = "public_synonym"
ADDS = ("view",)


def rewrite(found: Synonym, ctx: Context, use: Use) -> Object | None:
    return stand_in(found, ctx, use)
