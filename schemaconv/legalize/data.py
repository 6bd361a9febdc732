"""Data statements of a script, and the counters that they leave behind, in the target's words."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..ir.catalog import Counter, Data, Table
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..rewrites.api import DROPPED
from ..source import Span
from ..sql.lexis import lexis
from .context import Context
from .rows import inserted
from .values import complete
from .views import manual_code


def counter(found: Counter, ctx: Context) -> Counter:
    """The counter of a column that the target's table still counts by itself."""
    names = ctx.run.names
    if not ctx.exists(found.table) or not ctx.legal("identity_column"):
        ctx.stub = DROPPED
    table = names.relation(found.table)
    return replace(found, name=table, table=table, column=names.column(found.table, found.column))


#: The end of an INSERT of nothing but defaults.
_DEFAULTS: Final = "DEFAULT VALUES"


def finish(found: Data, ctx: Context) -> Data:
    """A data statement runs after all tables have their last shape, which may not be the one it was written for."""
    run = ctx.run
    named = run.words(found.statement.text)
    if run.catalog.renamings and isinstance(run.catalog.objects[ctx.subject], Data):  # else a rewrite has made it
        found = replace(found, name=run.catalog.now(found.name, found.at))
        named = {run.catalog.now(QName(None, Name(w)), found.at).name.text for w in named}
    tables: list[Table] = []
    for word in named:
        for subject in run.tables.get(word, ()):
            table = run.catalog.objects[subject]
            assert isinstance(table, Table)
            tables.append(table)
            lost = [n.text for n, at in table.former if n.text in named and earlier(found.at, at)]
            if lost:
                ctx.stub = ctx.say_construct("dml_former_column", None, ", ".join(lost), table=str(table.name))
                return found
    statement = found.statement
    table_now = ctx.table(found.name)
    if found.verb == "DROP":
        name = run.names.relation(found.name)
        return replace(found, name=name, statement=replace(statement, target=f"DROP TABLE {run.qualified(name)}"))
    if found.verb == "TRUNCATE" and ctx.legal("dml_truncate"):
        return replace(found, name=run.names.relation(found.name), statement=_truncated(found, table_now, ctx))
    if table_now is not None and (gone := [n for n in found.columns if all(k.name != n for k in table_now.columns)]):
        names = ", ".join(n.text for n in gone)
        ctx.stub = ctx.say_construct("dml_former_column", None, names, table=str(table_now.name))
        return found
    if found.columns and table_now is not None and tuple(k.name for k in table_now.columns) != found.columns:
        quoted = ", ".join(f'"{n.text}"' for n in found.columns)
        text = f"{statement.text[: found.list_at]} ({quoted}){statement.text[found.list_at :]}"
        statement = replace(statement, text=text)
    statement, lacking = complete(found, statement, table_now, ctx)
    if lacking:
        ctx.stub = ctx.say_construct("dml_needs_value", None, lacking, table=str(found.name), verb=found.verb)
        return found
    done, translated = ctx.statement(statement)
    if done is None:
        ctx.stub = ctx.stub or manual_code(translated) or ctx.say_construct("dml_other", None, found.verb)
        return found
    queries = {"SELECT", *(w for w, meant in run.translator.source.synonyms.items() if meant == "SELECT")}
    if named.isdisjoint(queries) and found.verb in ("UPDATE", "DELETE", "INSERT") and tables:
        text = found.statement.text  # an alias of the table qualifies columns, and is none
        asked = ctx.strangers({k.name.text for t in tables for k in t.columns})
        asked = [n for n in asked if n not in translated.aliases]
        strange = [n for n in asked if not re.search(rf"\b{re.escape(n)}\s*\.", text, re.IGNORECASE)]
        if strange:
            ctx.stub = ctx.say_construct("dml_unknown_column", None, ", ".join(strange), table=str(found.name))
            return found
    row = ctx.trait("default_row")
    if row and found.verb == "INSERT" and done.output.endswith(_DEFAULTS):
        done = replace(done, target=f"{done.output.removesuffix(_DEFAULTS)}{row}")
    constant = _key(found, table_now, ctx)
    if constant is not None and not _first_of_its_key(found, constant, ctx):
        return found
    if constant is not None and found.times > 1:  # every run but the first one fails
        found = replace(found, times=1)
    return replace(found, name=run.names.relation(found.name), statement=done)


def _truncated(found: Data, table: Table | None, ctx: Context) -> Fragment:
    """TRUNCATE, which starts identity columns again where the source's does and the target's must be told."""
    text = f"TRUNCATE TABLE {ctx.run.qualified(ctx.run.names.relation(found.name))}"
    if table is not None and any(k.identity is not None for k in table.columns):
        if lexis(ctx.run.catalog.engine).truncate_restarts:
            text += str(ctx.trait("truncate_restart") or "")
    return replace(found.statement, target=text)


def _key(found: Data, table: Table | None, ctx: Context) -> tuple[str, ...] | None:
    """The constant primary key that an INSERT gives; ``None`` for any other statement."""
    if table is None:
        return None
    if found.verb != "INSERT":
        ctx.run.keys.setdefault(table.name, set()).clear()
        return None
    key = next((k.columns for k in table.constraints if k.kind == "primary_key" and k.enabled), ())
    columns = found.columns or tuple(k.name for k in table.columns)
    values = inserted(found.statement.text, columns, ctx.run.catalog.engine)
    row = tuple(values.get(n, "") for n in key)
    return row if key and all(row) else None


def _first_of_its_key(found: Data, row: tuple[str, ...], ctx: Context) -> bool:
    """Whether no earlier INSERT of constants has the same primary key; Oracle refuses a second one (ORA-00001)."""
    table = ctx.table(found.name)
    seen = ctx.run.keys.setdefault(table.name if table is not None else found.name, set())
    if row in seen:
        ctx.stub = ctx.say_construct("dml_repeated_key", None, ", ".join(row), table=str(found.name))
        return False
    seen.add(row)
    return True


def earlier(a: Span, b: Span) -> bool:
    """Whether ``a`` stands before ``b`` in the input; files count in the order in which they were first read."""
    return (a.file, a.start) < (b.file, b.start)
