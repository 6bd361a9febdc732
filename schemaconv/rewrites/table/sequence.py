"""A sequence where the target has none.

If it only feeds a column that counts by itself on the target, nothing is needed. Else a table of one row keeps the
next value; the code's page says how a program draws from it.
"""

from __future__ import annotations

from ...ir.catalog import Column, Constraint, Data, Item, Sequence, Table
from ...ir.fragment import Fragment
from ...ir.names import Name
from ...ir.types import Type
from ..api import DROPPED, Context, Use
from ..sequences import LIMIT

REMOVES = "sequence"
ADDS = ()


def rewrite(found: Sequence, ctx: Context, use: Use) -> Sequence | None:
    tables = ctx.drawn_by(found.name)
    if tables and ctx.options.mysql_sequences == "auto_increment" and all(_counts(t, found) for t in tables):
        code = "SC3509" if len(tables) == 1 else "SC3512"  # tables that share it do not share their counters
        ctx.say(code, use.at, tables=", ".join(str(t.name) for t in tables))
        ctx.stub = DROPPED
        return found
    if not ctx.trait("sequence_emulation") or abs(found.options.start or 0) > LIMIT:
        return None
    ctx.say("SC3510", use.at)
    if found.options.cycle:
        ctx.say_construct("sequence_cycle", use.at)
    ctx.extra += [Item(ctx.subject, _table(found)), Item(ctx.subject, _first_row(found))]
    ctx.stub = DROPPED
    return found


def _counts(table: Table, sequence: Sequence) -> bool:
    """Whether the column that draws from ``sequence`` leads a key, as a counter must, and is the first that does."""
    leading = {k.columns[0] for k in table.constraints if k.kind in ("primary_key", "unique") and k.columns}
    for k in table.columns:
        if k.identity is not None:
            return False
        if k.default is not None and k.draws is not None:
            return k.draws.name == sequence.name.name and k.name in leading
    return False


def _table(found: Sequence) -> Table:
    column = Name("NEXT_VAL")
    return Table(
        found.name,
        found.at,
        notes=found.notes,
        columns=(Column(column, Type("bigint", raw="BIGINT"), not_null=True),),
        constraints=(Constraint("primary_key", None, (column,), inline=True),),
    )


def _first_row(found: Sequence) -> Data:
    """The INSERT that sets the first value, in the source's own words: it is translated like any other."""
    o = found.options
    start = o.start
    if start is None:  # the end at which it begins to count
        start = (o.minimum if o.minimum is not None else 1) if (o.increment or 1) > 0 else o.maximum
        start = -1 if start is None or start > LIMIT else start
    schema = f'"{found.name.schema.text}".' if found.name.schema else ""
    text = f'INSERT INTO {schema}"{found.name.name.text}" (NEXT_VAL) VALUES ({start})'
    return Data(found.name, found.at, verb="INSERT", statement=Fragment(text, found.at))
