"""Bounds beyond 64 bits, such as the 28 nines that Oracle prints for NOMAXVALUE, say nothing: they are left out."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Column, Object, Sequence, SequenceOptions, Table
from ..api import Context, Use
from ..sequences import LIMIT

REMOVES = "sequence_range"
ADDS = ("sequence",)


def rewrite(found: Object, ctx: Context, use: Use) -> Object | None:
    match found:
        case Sequence():
            if found.options.start is not None and abs(found.options.start) > LIMIT:
                ctx.say("SC3511", use.at, clause=str(found.options.start))
                ctx.stub = "SC3511"
                return found
            return replace(found, options=_within(found.options, ctx, use))
        case Table():
            return replace(found, columns=tuple(_column(k, ctx, use) for k in found.columns))
        case _:
            return None


def _column(column: Column, ctx: Context, use: Use) -> Column:
    if column.identity is None:
        return column
    return replace(column, identity=replace(column.identity, options=_within(column.identity.options, ctx, use)))


def _within(o: SequenceOptions, ctx: Context, use: Use) -> SequenceOptions:
    def bound(value: int | None) -> int | None:
        return None if value is None or abs(value) > LIMIT else value

    # 10^27 and above is the vendor's way to say "no bound": nothing is lost that a person wrote
    if any(v is not None and LIMIT < abs(v) < 10**26 for v in (o.minimum, o.maximum)):
        ctx.say_construct(REMOVES, use.at)
    return replace(
        o, minimum=bound(o.minimum), maximum=bound(o.maximum), start=bound(o.start), increment=bound(o.increment)
    )
