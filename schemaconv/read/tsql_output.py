"""Data statements of Transact-SQL with OUTPUT, which gives the rows that they change.

Source: Transact-SQL reference, "OUTPUT clause".
"""

from __future__ import annotations

from dataclasses import replace

from ..ir.catalog import Notes
from ..ir.fragment import Fragment
from ..ir.names import Name
from ..ir.routine import Sql
from .cursor import Cursor


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
        row = c.take()
        if row not in ("INSERTED", "DELETED"):
            raise c.error("inserted or deleted expected")
        c.expect(".")
        if c.accept("*"):
            output.append((row.lower(), Name("*"), Name("*")))
            if not c.accept(","):
                break
            continue
        column = c.name()
        alias = column
        if c.accept("AS") or (c.is_name() and c.word() not in ("INTO", "VALUES", "SELECT", "FROM", "WHERE", "WITH",
                                                               "DEFAULT", "EXEC", "EXECUTE")):  # fmt: skip
            alias = c.name()
        output.append((row.lower(), column, alias))
        if not c.accept(","):
            break
    into = None
    if c.accept("INTO"):
        table = c.name()
        into = (table, c.names() if c.word() == "(" and c.ahead() != "SELECT" else ())
    if c.word() == "OUTPUT":
        raise c.error("one OUTPUT clause expected")
    whole = statement_of(c, start, end)
    shift = len(whole.text) - len(c.raw(start, end))
    a, b = c.starts[begin] - c.starts[start] + shift, c.ends[c.at - 1] - c.starts[start] + shift
    text = whole.text[:a] + "".join(ch if ch == "\n" else " " for ch in whole.text[a:b]) + whole.text[b:]
    c.at = end
    return Sql(c.span(start), notes, replace(whole, text=text), output=tuple(output), output_into=into)
