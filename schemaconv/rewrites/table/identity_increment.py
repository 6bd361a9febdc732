"""An identity column with a step or bounds of its own, where a table can only set the first value."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Column, SequenceOptions, Table
from ..api import Context, Use

REMOVES = "identity_increment"
ADDS = ()


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    # bounds that say nothing (1 and the largest number, as DBMS_METADATA prints them) are no loss
    if any(_matters(k) for k in found.columns):
        ctx.say_construct(REMOVES, use.at, use.text)
    return replace(found, columns=tuple(_plain(k) for k in found.columns))


def _matters(column: Column) -> bool:
    if column.identity is None:
        return False
    o = column.identity.options
    narrow = o.maximum is not None and o.maximum < 10**18
    return o.increment not in (None, 1) or o.cycle or o.minimum not in (None, 1) or narrow


def _plain(column: Column) -> Column:
    if column.identity is None:
        return column
    kept = SequenceOptions(start=column.identity.options.start)
    return replace(column, identity=replace(column.identity, options=kept))
