"""An index of some of the rows, where the target's indexes have all.

A unique one is built on expressions that are NULL for all other rows: no target compares a key with a NULL in it.
"""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Index, IndexPart
from ...ir.fragment import Fragment
from ...ir.names import Name
from ..api import Context, Use

REMOVES = "filtered_index"
ADDS = ("expression_index",)


def rewrite(found: Index, ctx: Context, use: Use) -> Index | None:
    assert found.where is not None
    if not found.unique:
        ctx.say_construct(REMOVES, use.at, use.text)
        return replace(found, where=None)
    if not ctx.legal("expression_index"):
        return None
    ctx.say("SC3326", use.at, clause=" ".join(use.text.split()))
    if found.nulls_equal and (nullable := _nullable(found, ctx)):
        ctx.say_construct("unique_one_null", use.at, ", ".join(map(str, nullable)))
    return replace(found, where=None, parts=tuple(_part(p, found.where) for p in found.parts))


def _nullable(found: Index, ctx: Context) -> list[Name]:
    table = ctx.table(found.table)
    open_ = {k.name for k in table.columns if not k.not_null} if table is not None else set()
    return [p.column for p in found.parts if p.column is not None and p.column in open_]


def _part(part: IndexPart, where: Fragment) -> IndexPart:
    """The part for the rows of the condition, and NULL for all others."""
    if part.column is None:
        return part
    text = part.column.text.replace('"', '""')
    expression = f'CASE WHEN {where.text} THEN "{text}" END'
    return IndexPart(expression=Fragment(expression, where.at), descending=part.descending)
