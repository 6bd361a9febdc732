"""Indexes in the target's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..ir.catalog import Index, IndexPart, Table
from ..ir.fragment import Fragment
from ..ir.names import QName
from ..ir.types import Type
from .constructs import nullable
from .context import Context
from .views import manual_code

Scope = Mapping[str, Type]


def never_null(table: Table) -> frozenset[str]:
    """Source names of the columns that are never NULL."""
    keys = {n for k in table.constraints if k.kind == "primary_key" for n in k.columns}
    return frozenset(k.name.text for k in table.columns if k.not_null or k.name in keys)


def scope(table: Table, ctx: Context) -> dict[str, Type]:
    """Source names of a table's columns with their types, for the translation of its fragments."""
    return {k.name.text: ctx.run.meaning(table, k) for k in table.columns}


def finish(index: Index, ctx: Context) -> Index:
    """``index`` with its table, its columns and its condition as the target has them; sets ``ctx.stub`` where an
    expression failed."""
    run = ctx.run
    found = run.table(index.table)
    table_name = found[1].name if found else index.table
    columns_of = scope(found[1], ctx) if found else {}
    if found and (found[1].query is None or found[1].columns):  # a query may give columns that are not known here
        lacking = [p.column.text for p in index.parts if p.column and p.column.text not in columns_of]
        if lacking:
            ctx.say("SC3320", index.at, columns=", ".join(lacking), table=str(index.table))
            ctx.stub = ctx.stub or "SC3320"
            return index
    parts: list[IndexPart] = []
    for part in index.parts:
        if part.column is not None:
            parts.append(replace(part, column=run.names.column(table_name, part.column)))
            continue
        assert part.expression is not None
        done, translated = ctx.expression(part.expression, columns_of, None, never_null(found[1]) if found else ())
        if done is None or not translated.immutable:
            code = manual_code(translated) if done is None else ""
            code = code or ctx.say_construct("function_in_index", part.expression.at, part.expression.text)
            ctx.stub = ctx.stub or code
            return index
        if found and (strange := ctx.strangers(columns_of)):
            ctx.say("SC3320", index.at, columns=", ".join(strange), table=str(index.table))
            ctx.stub = ctx.stub or "SC3320"
            return index
        parts.append(replace(part, expression=done))
    where = _condition(index, found[1] if found else None, ctx, columns_of)
    if ctx.stub:
        return index
    equal = index.nulls_equal and ctx.legal("unique_one_null")
    if equal and found is not None:
        equal = not nullable(found[1]).isdisjoint(p.column for p in index.parts)
    return replace(
        index,
        where=where,
        include=tuple(run.names.column(table_name, n) for n in index.include),
        nulls_equal=equal,
        name=QName(None, run.names.index(ctx.subject, index.name.name)),
        table=run.names.relation(table_name),
        parts=tuple(parts),
        method="" if index.method in ("bitmap", "reverse") else index.method,
    )


def _condition(index: Index, table: Table | None, ctx: Context, columns_of: Scope) -> Fragment | None:
    """The condition of an index of some rows; the index is nothing without it."""
    if index.where is None:
        return None
    done, translated = ctx.expression(index.where, columns_of, None, never_null(table) if table else ())
    if done is None or not translated.immutable:
        code = manual_code(translated) if done is None else ""
        ctx.stub = ctx.stub or code or ctx.say_construct("function_in_index", index.where.at, index.where.text)
    elif table is not None and (strange := ctx.strangers(columns_of)):
        ctx.say("SC3320", index.at, columns=", ".join(strange), table=str(index.table))
        ctx.stub = ctx.stub or "SC3320"
    return done
