"""Defaults in the target's words, and those that the script changes behind rows which it has inserted: such rows keep
what they had."""

from __future__ import annotations

import re
from dataclasses import replace

from ..ir.catalog import Column, DefaultChange, Table
from ..ir.fragment import Fragment
from ..rewrites.api import DROPPED
from .context import Context
from .indexes import Scope, never_null, scope
from .rows import closed

#: Defaults that stand without parentheses: constants, names, calls.
_SIMPLE = re.compile(r"-?[\d.]+(e[+-]?\d+)?|(INTERVAL )?'([^']|'')*'|[\w.$]+", re.I)
_SIZED = frozenset({"char", "varchar", "nchar", "nvarchar", "binary", "varbinary"})
_TEXT_DEFAULT = re.compile(r"'((?:[^']|'')*)'\Z")
#: Said of a change that the target cannot make at its place.
CONSTRUCT = "default_change"


def first(table: Table, ctx: Context) -> Table:
    """``table`` with the defaults that its columns have for the first rows, where the target changes them later."""
    if not any(k.default_changes for k in table.columns) or not ctx.legal(CONSTRUCT):
        return table
    filled = never_null(table)

    def of(column: Column) -> Column:
        if not column.default_changes or (column.name.text in filled and column.default_first is None):
            return column
        clauses = column.clauses
        if column.default_first is None:
            clauses = tuple(k for k in clauses if k.construct != "default_name")
        return replace(column, default=column.default_first, draws=None, clauses=clauses)

    return replace(table, columns=tuple(of(k) for k in table.columns))


def changed(found: DefaultChange, ctx: Context) -> DefaultChange:
    """The change in the target's words. A column that no longer takes NULL has its last default from the start: its
    rows cannot do without."""
    names = ctx.run.names
    home = found.table
    table = ctx.table(home)
    column = next((k for k in table.columns if k.name == found.column), None) if table is not None else None
    if table is None or column is None or not ctx.exists(home):
        ctx.stub = DROPPED
        return found
    if column.default_first is None and column.name.text in never_null(table):
        text = found.default.text if found.default is not None else f"{found.table}.{found.column}"
        ctx.say_construct(CONSTRUCT, found.at, text)
        ctx.stub = DROPPED
        return found
    definition = ctx.run.changing.get((table.name, column.name))
    done = translated(column, found.default, ctx, scope(table, ctx)) if found.default is not None else None
    if definition is None or (found.default is not None and done is None):
        ctx.stub = DROPPED
        return found
    relation = names.relation(home)
    return replace(
        found, table=relation, column=definition.name, default=done, definition=replace(definition, default=done)
    )


# -- translation -----------------------------------------------------------------------------------------------------


def translated(column: Column, default: Fragment, ctx: Context, columns_of: Scope) -> Fragment | None:
    """``default`` of ``column`` as the target takes it; ``None``, and said, where it does not."""
    done, translated = ctx.expression(default, columns_of, columns_of[column.name.text])
    if done is None and not translated.findings:
        ctx.say_construct("default_expression", default.at, default.text)
    if done is not None and column.not_null and done.output.upper() == "NULL":
        done = None  # NOT NULL takes it back
    if done is not None and (named := ctx.strangers(())):
        ctx.say("SC3272", default.at, column=str(column.name), clause=", ".join(named))
        done = None
    return _default(done, column, ctx) if done is not None else None


def _default(found: Fragment, column: Column, ctx: Context) -> Fragment | None:
    """The default as the target takes it; ``None`` where its tables or its length forbid it."""
    missing = next(ctx.relations_missing(), None)
    if missing is not None:
        ctx.run.lookup.asked.clear()
        ctx.say("SC3149", found.at, column=str(column.name), needed=str(missing), clause=found.text)
        return None
    text = found.output
    sized = column.type.length is not None and column.type.kind in _SIZED  # an interval's length is that of a field
    if (literal := _TEXT_DEFAULT.match(text)) and ctx.trait("defaults_checked") and sized:
        if len(literal[1].replace("''", "'").replace("\\\\", "\\")) > (column.type.length or 0):
            ctx.say("SC3148", found.at, column=str(column.name), clause=found.text)
            return None
    return found if _SIMPLE.fullmatch(text) or closed(text) else replace(found, target=f"({text})")
