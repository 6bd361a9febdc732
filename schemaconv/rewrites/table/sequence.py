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

REMOVES = "sequence"
ADDS = ()


def rewrite(found: Sequence, ctx: Context, use: Use) -> Sequence | None:
    tables = ctx.drawn_by(found.name)
    if tables and ctx.options.mysql_sequences == "auto_increment":
        ctx.say("SC3509", use.at, tables=", ".join(str(t.name) for t in tables))
        ctx.stub = DROPPED
        return found
    if not ctx.trait("sequence_emulation"):
        return None
    ctx.say_construct(REMOVES, use.at)
    ctx.extra += [Item(ctx.subject, _table(found)), Item(ctx.subject, _first_row(found))]
    ctx.stub = DROPPED
    return found


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
    start = found.options.start if found.options.start is not None else 1
    schema = f'"{found.name.schema.text}".' if found.name.schema else ""
    text = f'INSERT INTO {schema}"{found.name.name.text}" (NEXT_VAL) VALUES ({start})'
    return Data(found.name, found.at, verb="INSERT", statement=Fragment(text, found.at))
