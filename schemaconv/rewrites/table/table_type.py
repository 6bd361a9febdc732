"""A table type as a composite type: a parameter of it takes an array, which is read as a table."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import UserType
from ..api import Context, Use

REMOVES = "table_type"
ADDS = ("user_type_object",)


def rewrite(found: UserType, ctx: Context, use: Use) -> UserType | None:
    if not found.attributes or not ctx.legal("user_type_object"):
        return None
    ctx.say("SC5163", use.at)
    columns = tuple(replace(k, not_null=False, default=None, identity=None) for k in found.attributes)
    return replace(found, form="object", attributes=columns)
