"""Data statements of Transact-SQL with OUTPUT, which gives the rows that they change.

Source: Transact-SQL reference, "OUTPUT clause".
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ..ir.catalog import Notes
from ..ir.fragment import Fragment
from ..ir.names import Name
from ..ir.routine import Sql
from .cursor import Cursor

#: What may stand behind a column of OUTPUT, and is no alias.
_BEHIND: Final = frozenset({"INTO", "VALUES", "SELECT", "FROM", "WHERE", "WITH", "DEFAULT", "EXEC", "EXECUTE"})


def statement_of(c: Cursor, start: int, end: int) -> Fragment:
    """The statement; INSERT may leave its INTO out."""
    found = c.fragment(start, end)
    if c.texts[start] != "INSERT" or c.texts[start + 1] in ("INTO", "TOP", "("):
        return found
    return replace(found, text="INSERT INTO" + found.text[len("INSERT") :])


def with_output(c: Cursor, start: int, end: int, notes: Notes) -> Sql:
    """``... OUTPUT inserted.a [AS b], ... [INTO @t [(columns)]] ...``: the statement has blanks in its place."""
    c.at = start
    while c.at < end and c.word() != "OUTPUT":
        c.skip_group() if c.word() == "(" else c.take()
    begin = c.at
    c.expect("OUTPUT")
    output: list[tuple[str, Name, Name]] = []
    while True:
        if c.word() not in ("INSERTED", "DELETED") or c.ahead() != ".":
            output.append(_expression(c, end))
            if not c.accept(","):
                break
            continue
        row = c.take()
        c.expect(".")
        if c.accept("*"):
            output.append((row.lower(), Name("*"), Name("*")))
            if not c.accept(","):
                break
            continue
        column = c.name()
        alias = column
        if c.accept("AS") or (c.at < end and c.is_name() and c.word() not in _BEHIND):
            alias = c.name()
        output.append((row.lower(), column, alias))
        if not c.accept(","):
            break
    into = None
    if c.accept("INTO"):
        table = c.qname()
        into = (table, c.names() if c.word() == "(" and c.ahead() != "SELECT" else ())
    if c.word() == "OUTPUT":
        raise c.error("one OUTPUT clause expected")
    whole = statement_of(c, start, end)
    shift = len(whole.text) - len(c.raw(start, end))
    a, b = c.starts[begin] - c.starts[start] + shift, c.ends[c.at - 1] - c.starts[start] + shift
    text = whole.text[:a] + "".join(ch if ch == "\n" else " " for ch in whole.text[a:b]) + whole.text[b:]
    c.at = end
    return Sql(c.span(start), notes, replace(whole, text=text), output=tuple(output), output_into=into)


def _expression(c: Cursor, end: int) -> tuple[str, Name, Name]:
    """What is no column: a constant, a variable, anything that does not hang on the row; its text behind ``=``."""
    start = c.skip_expression((",", "AS", "INTO", "VALUES", "SELECT", "FROM", "WHERE"), end)
    text = c.raw(start, c.at)
    if not {"INSERTED", "DELETED", "$ACTION"}.isdisjoint(c.texts[start : c.at]):
        raise c.error("a column of inserted or deleted expected")
    alias = Name(f"EXPR_{start}")
    if c.accept("AS"):
        alias = c.name()
    return f"={text}", alias, alias
