"""Membership in a built-in role of the source, where it is a right on all objects of the database."""

from __future__ import annotations

from ...ir.catalog import Grant
from ..api import Context, Use
from ..rights import on_database

REMOVES = "fixed_role"
ADDS = ("grant_schema", "grant_role", "grant_schema_public")


def rewrite(found: Grant, ctx: Context, use: Use) -> Grant | None:
    return on_database(found, ctx, use) if found.on_kind == "database" else None
