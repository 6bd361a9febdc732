"""Columns that hold the version of their row: a default for new rows, a trigger for changed ones.

SQL Server counts versions by itself ("rowversion"). Targets do it where ``row_version`` has a row in their functions.
"""

from __future__ import annotations

from dataclasses import replace

from ..ir.catalog import Column, Grant, Item, Sequence, Table
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..ir.version import RowVersion
from .context import Context


def counted(table: Table, columns: tuple[Column, ...], ctx: Context) -> tuple[Column, ...]:
    """``columns``, finished, with a default where one holds row versions; sequence and trigger become extra items."""
    way = ctx.run.translator.family.way("row_version")
    if not any(k.type.kind == "rowversion" for k in columns):
        return columns
    if way is None or not way.sql or table.temporary:
        for k in columns:
            if k.type.kind == "rowversion" and k.type.spelling == ctx.trait("row_version_type"):
                ctx.say("SC2151", k.at, column=str(k.name), source=k.type.raw, type=k.type.spelling)
        return columns
    return tuple(_counted(k, table, way.sql, ctx) for k in columns)


def _counted(column: Column, table: Table, value: str, ctx: Context) -> Column:
    if column.type.kind != "rowversion" or column.type.spelling != ctx.trait("row_version_type"):
        return column  # it is something else by a row of the user's
    ctx.say("SC2159", column.at, column=str(column.name), source=column.type.raw)
    names, home = ctx.run.names, ctx.run.names.relation(table.name)
    stem = f"{home.name.text}_{column.name.text}"
    drawn: QName | None = None
    if ":sequence" in value:
        free = Name(names.partition(table.name, f"{stem}_seq"), False)
        drawn = QName(home.schema, free)
        text = ".".join(ctx.profile.quoted(n.text) for n in (home.schema, free) if n is not None)
        value = value.replace(":sequence", "'" + text.replace("'", "''") + "'")
        ctx.extra.append(Item(ctx.subject, Sequence(QName(table.name.schema, free), column.at)))
    granted = ctx.options.grants != "drop" and any(isinstance(o, Grant) for o in ctx.run.catalog.objects)
    trigger = Name(names.partition(table.name, f"{stem}_version"))
    made = RowVersion(
        QName(home.schema, trigger), column.at, table=home, column=column.name, value=value,
        opened=drawn if granted else None,
    )  # fmt: skip
    ctx.extra.append(Item(ctx.subject, made))
    return replace(column, default=Fragment(value, column.at, value))
