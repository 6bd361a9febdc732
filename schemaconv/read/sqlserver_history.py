"""History tables of system-versioned tables ("Temporal tables", "Creating a system-versioned temporal table").

The server makes the table that HISTORY_TABLE names where there is none: the columns of the table itself, without keys,
defaults and identity.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..ir.catalog import NO_NOTES, Clause, Object, Table
from ..ir.names import QName
from .base import Builder, dropped, statement_other
from .cursor import Cursor
from .sqlserver_cursor import TsqlCursor
from .tsql_split import lex


def _named(cursor: Cursor) -> QName | None:
    """The table that HISTORY_TABLE names in the clause that ``cursor`` stands before."""
    if "HISTORY_TABLE" not in cursor.texts:
        return None
    cursor.at = cursor.texts.index("HISTORY_TABLE") + 2
    return cursor.qname()


def clause(found: Table) -> Clause | None:
    """What says that the server keeps the history of ``found``."""
    return next((k for k in found.clauses if k.construct == "system_versioning"), None)


def left(c: TsqlCursor, found: Table, builder: Builder) -> None:
    """SYSTEM_VERSIONING = OFF: the table that kept the history of ``found`` stays as a table like others ("Stopping
    system-versioning")."""
    said = clause(found)
    if said is None:
        return
    name = _named(TsqlCursor(lex(said.text, "sql"), c.file, said.at, c.lexis, c.databases, c.session))
    if name is None:
        at = c.span(0, c.count)
        builder.add(statement_other("history_unnamed", "table", f"history of {found.name}", at, c.raw(0, c.count)))
    elif builder.find(name, Table) is None:
        builder.add(_made(name, found, said, "history_table"))


def resolve(builder: Builder, opened: Callable[[Clause], Cursor]) -> None:
    """Tell tables where their history is, and make the history tables that the script leaves to the server."""
    for subject, found in enumerate(list(builder.objects)):
        said = clause(found) if isinstance(found, Table) and not found.partial else None
        name = _named(opened(said)) if said is not None else None
        if not isinstance(found, Table) or said is None or name is None or dropped(found):
            continue
        builder.objects[subject] = replace(found, history=name)
        if builder.find(name, Object) is None:
            builder.add(_made(name, found, said, "history_made"))


def _made(name: QName, found: Table, said: Clause, construct: str) -> Table:
    plain = (
        replace(k, default=None, draws=None, identity=None, default_changes=False, default_first=None, comment=None,
                invisible=False, clauses=(), notes=NO_NOTES)
        for k in found.columns
    )  # fmt: skip
    return Table(name, said.at, columns=tuple(plain), clauses=(Clause(construct, said.text, said.at),))
