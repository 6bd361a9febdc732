"""A right on all objects of a database where the target grants by schema, or by built-in role."""

from __future__ import annotations

from ...ir.catalog import Grant
from ..api import Context, Use
from ..rights import on_database

REMOVES = "grant_database"
ADDS = ("grant_schema", "grant_role", "grant_schema_public")


def rewrite(found: Grant, ctx: Context, use: Use) -> Grant | None:
    return on_database(found, ctx, use)
