"""Heads of Transact-SQL routines: procedures, functions and triggers.

Source: Transact-SQL reference, "CREATE PROCEDURE", "CREATE FUNCTION" and "CREATE TRIGGER".
"""

from __future__ import annotations

from ..ir.catalog import Clause
from ..ir.fragment import Fragment
from ..ir.names import Name
from ..ir.routine import Block, Firing, Mode, Parameter, Program, Return, ReturnQuery, Temporary
from ..source import Span
from . import tsql_types
from .cursor import Cursor, ReadError
from .stored_code import Routine, attempt
from .tsql import Reader


def program(c: Cursor, what: str, at: Span) -> Routine:
    """The routine whose name (and, of a trigger, whose table) the cursor stands behind, and clauses of its head that
    its body does not depend on. Where it is not read, the clause says why."""
    return attempt(c, at, lambda: _program(c, what))


def _program(c: Cursor, what: str) -> tuple[Program, tuple[Clause, ...]]:
    extra: list[Clause] = []
    reader = Reader(c)
    match what:
        case "trigger":
            return _trigger(c, reader, extra), tuple(extra)
        case "function":
            return _function(c, reader, extra), tuple(extra)
        case _:
            given = _parameters(c)
            _options(c, extra)
            c.expect("AS")
            return Program(given, body=_body(c, reader)), tuple(extra)


def _body(c: Cursor, reader: Reader) -> Block:
    start = c.at
    steps = reader.body()
    if not c.done():
        raise c.error("the end of the routine expected")
    if len(steps) == 1 and isinstance(steps[0], Block) and not steps[0].handlers and not steps[0].notes.before:
        steps = steps[0].body
    found = reader.declared
    closing = c.remaining_notes()
    return Block(c.span(start), declarations=(*found.variables, *found.cursors), body=steps, closing=closing)


def _parameters(c: Cursor) -> tuple[Parameter, ...]:
    """``@a type [= default] [OUTPUT], ...``, in parentheses or not."""
    parens = c.accept("(")
    found: list[Parameter] = []
    while c.word()[:1] == "@":
        start = c.at
        name = c.name()
        c.accept("AS")
        type_ = tsql_types.typed(c)
        c.accept("NOT", "NULL")
        c.accept("NULL")
        default = None
        if c.accept("="):
            sign = c.at
            c.accept_any("-", "+")
            c.take()
            default = c.fragment(sign)
        mode: Mode = "in"
        while word := c.accept_any("OUTPUT", "OUT", "READONLY"):
            mode = "in" if word == "READONLY" else "inout"
        found.append(Parameter(name, type_, mode, default, c.span(start)))
        if not c.accept(","):
            break
    if parens:
        c.expect(")")
    return tuple(found)


def _options(c: Cursor, extra: list[Clause]) -> set[str]:
    """``WITH ENCRYPTION, RECOMPILE, EXECUTE AS ..., SCHEMABINDING``; ``FOR REPLICATION``."""
    flags: set[str] = set()
    if c.accept("WITH"):
        while True:
            start = c.at
            word = c.take()
            if word in ("EXECUTE", "EXEC"):
                c.expect("AS")
                if c.take() not in ("CALLER", "OWNER" if "NATIVE_COMPILATION" in flags else "CALLER"):
                    extra.append(c.clause("routine_option", start))
            elif word in ("RETURNS", "CALLED"):
                flags.add(word)
                while c.word() not in (",", "AS", "BEGIN", "FOR", ""):
                    c.at += 1
                if word == "RETURNS":
                    extra.append(c.clause("routine_option", start))
            elif word in ("RECOMPILE", "SCHEMABINDING", "NATIVE_COMPILATION"):
                flags.add(word)
            elif word != "ENCRYPTION":
                extra.append(c.clause("routine_option", start))
            if not c.accept(","):
                break
    if c.accept("FOR", "REPLICATION"):
        raise c.error("a procedure that runs without replication expected")
    return flags


def _function(c: Cursor, reader: Reader, extra: list[Clause]) -> Program:
    c.accept_any("AS")
    c.expect("(")
    c.at -= 1
    given = _parameters(c)
    c.expect("RETURNS")
    if c.word()[:1] == "@":
        return _table_function(c, reader, given, extra)
    if c.accept("TABLE"):
        if c.word() == "(":
            raise c.error("a function in Transact-SQL expected")
        _options(c, extra)
        c.accept("AS")
        c.expect("RETURN")
        return _inline(c, given)
    returns = tsql_types.typed(c)
    _options(c, extra)
    c.accept("AS")
    return Program(given, returns, body=_body(c, reader))


def _inline(c: Cursor, given: tuple[Parameter, ...]) -> Program:
    """``RETURN (query)``: the query is the whole function."""
    while c.count and c.texts[c.count - 1] == ";":
        c.count -= 1
    start, end = c.at, c.count
    notes = c.notes(c.at)
    if c.word() == "(":
        c.skip_group()
        if c.at == end:
            start, end = start + 1, end - 1
    c.at = c.count
    query = c.fragment(start, end)
    if not query.text.strip():
        raise c.error("a query expected")
    step = ReturnQuery(c.span(start, end), notes, query)
    return Program(given, rows=(), body=Block(c.span(start), body=(step,), closing=c.remaining_notes()))


def _table_function(c: Cursor, reader: Reader, given: tuple[Parameter, ...], extra: list[Clause]) -> Program:
    """``RETURNS @t TABLE (...)``: the rows of @t at RETURN are the answer."""
    start = c.at
    name = c.name()
    c.expect("TABLE")
    made = tsql_types.columns(c)
    table = Temporary(c.span(start), name=name, columns=tuple(made.columns), identity=made.identity,
                      keys=tuple(made.keys), counts=made.counts)  # fmt: skip
    reader.declared.tables.append(name)
    _options(c, extra)
    c.accept("AS")
    body = _body(c, reader)
    steps = body.body
    if steps and isinstance(steps[-1], Return):
        steps = steps[:-1]
    answer = ReturnQuery(body.at, query=Fragment(f"SELECT * FROM {name}", body.at))
    rows = tuple(Parameter(k.name, k.type, "out", at=k.at) for k in made.columns)
    return Program(given, body=_with(body, (table, *steps, answer)), rows=rows)


def _with(body: Block, steps: tuple[object, ...]) -> Block:
    from dataclasses import replace

    return replace(body, body=steps)  # type: ignore[arg-type]


def _trigger(c: Cursor, reader: Reader, extra: list[Clause]) -> Program:
    """``[WITH ...] FOR|AFTER|INSTEAD OF events [WITH APPEND] [NOT FOR REPLICATION] AS``."""
    _options_of_trigger(c, extra)
    timing = c.take()
    if timing == "INSTEAD":
        c.expect("OF")
    elif timing not in ("FOR", "AFTER"):
        raise c.error("FOR, AFTER or INSTEAD OF expected")
    events = []
    while True:
        event = c.take()
        if event not in ("INSERT", "UPDATE", "DELETE"):
            raise ReadError("SC1101", c.at - 1, reason="INSERT, UPDATE or DELETE expected", found=event)
        events.append(event.lower())
        if not c.accept(","):
            break
    if c.accept("WITH"):
        c.expect("APPEND")
    c.accept("NOT", "FOR", "REPLICATION")
    c.expect("AS")
    firing = Firing(
        "instead of" if timing == "INSTEAD" else "after", tuple(events), old=Name("DELETED"), new=Name("INSERTED")
    )
    return Program(firing=firing, body=_body(c, reader))


def _options_of_trigger(c: Cursor, extra: list[Clause]) -> None:
    if not c.accept("WITH"):
        return
    while True:
        start = c.at
        word = c.take()
        if word in ("EXECUTE", "EXEC"):
            c.expect("AS")
            c.take()
        if word != "ENCRYPTION":
            extra.append(c.clause("routine_option", start))
        if not c.accept(","):
            return
