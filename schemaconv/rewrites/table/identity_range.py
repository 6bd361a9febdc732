"""An identity column with a lowest or highest number of its own, where it can only have a start and a step."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ...ir.catalog import Column, Table
from ..api import Context, Use

REMOVES = "identity_range"
ADDS = ()

#: Where the column's type ends anyway.
_LARGEST: Final = {"tinyint": 127, "smallint": 32_767, "integer": 2_147_483_647}


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    # bounds that say nothing (1 and the largest number, as tools print them) are no loss
    if any(_matters(k) for k in found.columns):
        ctx.say_construct(REMOVES, use.at, use.text)
    return replace(found, columns=tuple(_open(k) for k in found.columns))


def _matters(column: Column) -> bool:
    if column.identity is None:
        return False
    o = column.identity.options
    falls = o.increment is not None and o.increment < 0
    if o.cycle or (falls and o.minimum is not None):
        return True
    return not falls and o.maximum is not None and o.maximum < _LARGEST.get(column.type.kind, 10**18)


def _open(column: Column) -> Column:
    if column.identity is None:
        return column
    options = replace(column.identity.options, minimum=None, maximum=None, cycle=False)
    return replace(column, identity=replace(column.identity, options=options))
