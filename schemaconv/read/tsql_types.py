"""Types of Transact-SQL variables and the columns of their tables.

Source: Transact-SQL reference, "DECLARE @local_variable", "CREATE TABLE".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..ir.names import Name
from ..ir.routine import Typed, Variable
from .cursor import Cursor
from .sqlserver_objects import data_type


def typed(c: Cursor) -> Typed:
    """The type that the cursor stands on; ``CURSOR`` is a variable for cursors."""
    start = c.at
    if c.word() == "CURSOR":
        c.at += 1
        c.accept("VARYING")
        return Typed(form="cursor", raw=c.raw(start))
    found = data_type(c)
    return Typed(found, raw=c.raw(start))


@dataclass
class Columns:
    """What stands in the parentheses of a table's definition."""

    columns: list[Variable] = field(default_factory=list)
    identity: Name | None = None
    counts: tuple[int, int] = (1, 1)  # the first value of the identity, and the step
    keys: list[tuple[str, tuple[Name, ...]]] = field(default_factory=list)


def columns(c: Cursor) -> Columns:
    """``(name type [property ...], ..., [PRIMARY KEY (...)])``, the cursor standing on the parenthesis."""
    found = Columns()
    c.expect("(")
    while not c.accept(")"):
        if c.word() in ("PRIMARY", "UNIQUE", "CONSTRAINT", "INDEX", "CHECK", "FOREIGN"):
            _table_constraint(c, found)
        else:
            _column(c, found)
        if c.word() != ")":
            c.expect(",")
    return found


def _column(c: Cursor, found: Columns) -> None:
    start = c.at
    notes = c.notes(c.at)
    name = c.name()
    type_ = typed(c)
    not_null, default = False, None
    while c.word() not in (",", ")", ""):
        at = c.at
        match c.take():
            case "NOT":
                c.expect("NULL")
                not_null = True
            case "NULL" | "CLUSTERED" | "NONCLUSTERED" | "HASH" | "ROWGUIDCOL":
                pass
            case "WITH":  # how the index behind a key is kept
                c.skip_group()
            case "IDENTITY":
                if c.word() == "(":
                    begin = c.at
                    c.skip_group()
                    counts = re.fullmatch(r"\(\s*(-?\d+)\s*,\s*(-?\d+)\s*\)", c.raw(begin, c.at))
                    if counts is None:
                        raise c.error("numbers of IDENTITY expected")
                    found.counts = int(counts[1]), int(counts[2])
                found.identity, not_null = name, True
            case "INDEX":
                c.name()
                while c.word() in ("UNIQUE", "CLUSTERED", "NONCLUSTERED", "HASH"):
                    c.at += 1
                if c.accept("WITH"):
                    c.skip_group()
            case "PRIMARY":
                c.expect("KEY")
                found.keys.append(("PRIMARY KEY", (name,)))
                not_null = True
            case "UNIQUE":
                found.keys.append(("UNIQUE", (name,)))
            case "COLLATE" | "CONSTRAINT":
                c.take()
            case "DEFAULT":
                begin = c.at
                if c.word() == "(":
                    c.skip_group()
                else:
                    c.take()
                    if c.word() == "(":
                        c.skip_group()
                default = c.fragment(begin)
            case "CHECK":  # it would refuse rows, and a temporary table has few
                raise c.error("a column without CHECK expected")
            case _:
                c.at = at
                raise c.error("a comma expected")
    found.columns.append(Variable(name, type_, default, not_null, False, c.span(start), notes))


def _table_constraint(c: Cursor, found: Columns) -> None:
    if c.accept("CONSTRAINT"):
        c.name()
    kind = c.take()
    if kind == "INDEX":
        c.name()
        while c.word() in ("UNIQUE", "CLUSTERED", "NONCLUSTERED", "HASH"):
            c.at += 1
        c.skip_group()
        if c.accept("WITH"):
            c.skip_group()
        return
    if kind == "PRIMARY":
        c.expect("KEY")
    elif kind != "UNIQUE":
        raise c.error("PRIMARY KEY or UNIQUE expected")
    c.accept_any("CLUSTERED", "NONCLUSTERED")
    c.accept("HASH")
    names: list[Name] = []
    c.expect("(")
    while not c.accept(")"):
        names.append(c.name())
        c.accept_any("ASC", "DESC")
        c.accept(",")
    if c.accept("WITH"):
        c.skip_group()
    found.keys.append(("PRIMARY KEY" if kind == "PRIMARY" else "UNIQUE", tuple(names)))
