"""A right on a schema where the target grants on the objects that are there, and by default on later ones."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Grant
from ..api import Context, Use

REMOVES = "grant_schema"
ADDS = ("grant_schema_objects", "grant_schema_public")


def rewrite(found: Grant, ctx: Context, use: Use) -> Grant | None:
    """A REVOKE stays: it would take away what was granted on single objects, which the source keeps."""
    if not ctx.legal("grant_schema_objects") or found.revoke:
        return None
    if not ctx.rights("schema").intersection(word for word, _ in found.privileges):
        return None
    ctx.say("SC6080", use.at, clause=use.text)
    return replace(found, on_kind="schema_objects")
