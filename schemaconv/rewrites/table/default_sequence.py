"""A default that draws from a sequence, where only a column's own counter can: it becomes an identity column."""

from __future__ import annotations

from dataclasses import replace

from ...ir.catalog import Column, Identity, Sequence, SequenceOptions, Table
from ..api import Context, Use

REMOVES = "default_sequence"
ADDS = ("identity_column", "identity_increment")


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    """One such column per table, the first of a key, as counters need it; others lose their default by code."""
    columns: list[Column] = []
    taken = any(k.identity is not None for k in found.columns)
    leading = {k.columns[0] for k in found.constraints if k.kind in ("primary_key", "unique") and k.columns}
    for k in found.columns:
        if k.default is None or k.default.at != use.at:
            columns.append(k)
            continue
        if taken or k.name not in leading or ctx.options.mysql_sequences != "auto_increment":
            return None if k.default is None else _without(found, k, ctx, use)
        assert k.draws is not None
        sequence = ctx.find(k.draws)
        o = sequence.options if isinstance(sequence, Sequence) else SequenceOptions()
        counts = SequenceOptions(start=o.start, increment=None if o.increment == 1 else o.increment)
        ctx.say_construct(REMOVES, use.at, use.text)
        columns.append(replace(k, default=None, identity=Identity(options=counts)))
        taken = True
    return replace(found, columns=tuple(columns))


def _without(found: Table, column: Column, ctx: Context, use: Use) -> Table:
    ctx.say("SC3144", use.at, column=str(column.name), clause=use.text)
    return replace(found, columns=tuple(replace(k, default=None) if k is column else k for k in found.columns))
