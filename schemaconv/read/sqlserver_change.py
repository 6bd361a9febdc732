"""ALTER TABLE of a table that the script does not define: what is dropped, retyped or given a default.

Source: Transact-SQL reference, "ALTER TABLE". What is added to such a table stands in a table of its own
(:mod:`sqlserver_alter`).
"""

from __future__ import annotations

from ..ir.catalog import Table
from ..ir.change import Action, Change
from ..ir.names import QName
from ..source import Span
from .base import Builder
from .cursor import Cursor, ReadError
from .sqlserver_column import default
from .sqlserver_objects import data_type


def read(c: Cursor, name: QName, at: Span, builder: Builder) -> Change | None:
    """The change, the cursor standing behind the table's name; ``None``, the cursor where it was, for all others."""
    start = c.at
    try:
        actions = _actions(c, name, builder)
    except ReadError:
        actions = None
    if actions and c.done():
        return Change(name, at, actions=tuple(actions))
    c.at = start
    return None


def _actions(c: Cursor, table: QName, builder: Builder) -> list[Action] | None:
    if c.word() == "WITH" and c.ahead() in ("CHECK", "NOCHECK"):  # of a default it says nothing
        c.at += 2
    match c.take():
        case "ALTER":
            return [_retyped(c)] if c.accept("COLUMN") and c.ahead() not in ("ADD", "DROP") else None
        case "DROP":
            return _dropped(c, table, builder)
        case "ADD":
            return _defaults(c)
        case _:
            return None


def _retyped(c: Cursor) -> Action:
    """``column type [NULL | NOT NULL]``: a column is nullable if nothing is said."""
    start = c.at
    name = c.name()
    type_ = data_type(c)
    not_null = c.accept("NOT", "NULL")
    if not not_null:
        c.accept("NULL")
    return Action("retype", name, c.span(start), type=type_, not_null=not_null)


def _dropped(c: Cursor, table: QName, builder: Builder) -> list[Action] | None:
    """``[CONSTRAINT] [IF EXISTS] a, COLUMN [IF EXISTS] b, ...``: a word holds on until another comes.

    A constraint that the script has added itself is taken out of what it adds.
    """
    found: list[Action] = []
    what = "CONSTRAINT"
    while True:
        start = c.at
        what = (c.accept_any("CONSTRAINT", "COLUMN") if c.ahead() not in (",", "") else "") or what
        lenient = c.accept("IF", "EXISTS")
        if not c.is_name() or c.word() in ("CONSTRAINT", "COLUMN", "INDEX"):
            return None
        name = c.name()
        subject = builder.find(table, Table)
        if what == "CONSTRAINT" and subject is not None:
            if any(k.name == name for k in builder.get(subject, Table).constraints):
                return None
        found.append(Action(f"drop_{what.lower()}", name, c.span(start), lenient=lenient))
        if c.word() == "WITH" and c.ahead() == "(":
            c.at += 1
            c.skip_group()
        if not c.accept(","):
            return found


def _defaults(c: Cursor) -> list[Action] | None:
    """``[CONSTRAINT name] DEFAULT value FOR column [WITH VALUES], ...``."""
    found: list[Action] = []
    while True:
        start = c.at
        called = c.name() if c.accept("CONSTRAINT") and c.word() != "DEFAULT" else None
        if not c.accept("DEFAULT"):
            return None
        value = default(c)
        if not c.accept("FOR") or value["draws"] is not None:
            return None
        column = c.name()
        c.accept("WITH", "VALUES")
        found.append(Action("set_default", column, c.span(start), default=value["default"], called=called))
        if not c.accept(","):
            return found
