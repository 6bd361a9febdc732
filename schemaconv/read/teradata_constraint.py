"""Teradata constraints (SQL Data Definition Language, "CREATE TABLE": column and table constraint attributes)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ..ir.catalog import Clause, Constraint
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from .cursor import Cursor
from .members import referential_action

#: Words that begin a constraint of a table.
TABLE: Final = frozenset({"CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK"})
#: What may stand between a constraint's name and its kind: for which rows of a temporal table it holds
#: (Temporal Table Support, "CREATE TABLE (Temporal Form)").
_TEMPORAL: Final = frozenset({"CURRENT", "SEQUENCED", "NONSEQUENCED", "VALIDTIME", "TRANSACTIONTIME", "AND"})


_TIMES: Final = frozenset({"VALIDTIME", "TRANSACTIONTIME"})


def begins(c: Cursor) -> bool:
    """Whether a table constraint stands here, and no column that bears such a word as its name."""
    word, then = c.word(), c.ahead()
    match word:
        case "CONSTRAINT":
            return then not in _TYPES
        case "PRIMARY" | "FOREIGN":
            return then == "KEY"
        case "UNIQUE":
            return then in ("(", "KEY", "INDEX")
        case "CHECK":
            return then == "("
        case "CURRENT" | "SEQUENCED" | "NONSEQUENCED":
            return then in _TIMES
        case "VALIDTIME" | "TRANSACTIONTIME":
            return then in TABLE or then == "AND"
        case _:
            return False


_TYPES: Final = frozenset({"CHAR", "VARCHAR", "INTEGER", "DATE", "DECIMAL", "BYTEINT", "SMALLINT", "BIGINT", "FLOAT"})


def read(c: Cursor, extra: list[Clause], column: Name | None = None) -> Constraint | None:
    """One constraint; ``column`` is that of an inline one. ``None``: it holds for some rows only, and is a clause now.

    Raises ``ReadError`` where no constraint stands.
    """
    start = c.at
    name: Name | None = None
    temporal: list[str] = []
    while c.word() in _TEMPORAL or c.word() == "CONSTRAINT":
        word = c.take()
        if word == "CONSTRAINT":
            name = c.name()
        else:
            temporal.append(word)
    some_rows = bool(temporal) and "NONSEQUENCED" not in temporal
    inline = column is not None
    own = (column,) if column is not None else ()
    match c.word():
        case "PRIMARY":
            c.at += 1
            c.expect("KEY")
            found = Constraint("primary_key", name, own if inline else _columns(c, extra), inline=inline)
        case "UNIQUE":
            c.at += 1
            if not inline and c.accept_any("KEY", "INDEX") and c.word() != "(":  # MySQL's words
                name = c.name()
            columns = own if inline else _columns(c, extra)
            found = Constraint("unique", name, columns, inline=inline, nulls_equal=True)
        case "CHECK":
            c.at += 1
            found = Constraint("check", name, own, inline=inline, check=c.group())
        case "REFERENCES":
            found = _references(c, name, own, inline)
        case "FOREIGN":
            c.at += 1
            c.expect("KEY")
            found = _references(c, name, c.names(), False)
        case "BETWEEN" if inline:
            found = Constraint("check", name, own, inline=True, check=_between(c, *own))
        case _:
            raise c.error("a constraint expected")
    if some_rows or _apart(c, start):
        extra.append(c.clause("temporal_constraint", start))
        return None
    return replace(found, at=c.span(start))


def _apart(c: Cursor, start: int) -> bool:
    """Whether the key lets its columns repeat as long as their periods do not overlap."""
    at = next((i for i in range(start, c.at) if c.texts[i] == "WITHOUT"), -1)
    return at >= 0 and c.texts[at + 1] == "OVERLAPS"


def _columns(c: Cursor, extra: list[Clause]) -> tuple[Name, ...]:
    """``(a, b)``; a direction behind a column, which Teradata does not know, is named."""
    c.expect("(")
    found = [c.name()]
    while True:
        at = c.at
        if c.accept_any("ASC", "DESC"):
            extra.append(c.clause("unknown_clause", at))
        c.accept("WITHOUT", "OVERLAPS")
        if not c.accept(","):
            break
        found.append(c.name())
    c.expect(")")
    if c.word() == "WITHOUT" and c.ahead() == "OVERLAPS":
        c.at += 2
    return tuple(found)


def _between(c: Cursor, column: Name) -> Fragment:
    """``BETWEEN a AND b`` behind a column, the short form of a check."""
    start = c.at
    c.at += 1
    c.skip_to((",", ")", "AND"))
    c.expect("AND")
    c.skip_to(_AFTER_BETWEEN)
    return Fragment(f'"{column}" {c.raw(start)}', c.span(start))


_AFTER_BETWEEN: Final = frozenset(
    """, ) NOT NULL DEFAULT COMPRESS CHECK UNIQUE PRIMARY REFERENCES CONSTRAINT FORMAT TITLE CHARACTER WITH""".split()
)


def _references(c: Cursor, name: Name | None, columns: tuple[Name, ...], inline: bool) -> Constraint:
    """``REFERENCES [WITH [NO] CHECK OPTION] table [(columns)]``; WITH NO CHECK OPTION is a key that nobody enforces."""
    c.expect("REFERENCES")
    checked = True
    if c.accept("WITH"):
        checked = not c.accept("NO")
        c.expect("CHECK", "OPTION")
    table: QName = c.qname()
    target = c.names() if c.word() == "(" else ()
    actions = {"DELETE": "", "UPDATE": ""}
    while c.word() == "ON" and c.ahead() in actions:  # not Teradata's, but it stands in scripts
        which = c.ahead()
        c.at += 2
        actions[which] = referential_action(c)
    return Constraint(
        "foreign_key", name, columns, inline=inline, references=table, references_columns=target,
        on_delete=actions["DELETE"], on_update=actions["UPDATE"], enabled=checked, validated=checked, rely=not checked,
    )  # fmt: skip
