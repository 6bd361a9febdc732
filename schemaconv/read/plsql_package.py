"""Packages of PL/SQL, cut into what they declare and their subprograms, each of which is an object of its own.

Source: Oracle Database PL/SQL Language Reference 19c, "CREATE PACKAGE Statement" and "CREATE PACKAGE BODY Statement".
A subprogram that is not read costs itself only: its end is found by counting what opens and closes.
"""

from __future__ import annotations

from typing import Final

from ..ir.catalog import Clause, Routine
from ..ir.fragment import Fragment
from ..ir.names import QName
from ..ir.routine import Block, Declaration, Head, Module, Opaque
from ..source import Span
from .cursor import Cursor, ReadError
from .plsql import block, declaration, options, parameters, with_numbers
from .plsql_routine import program
from .plsql_types import typed

_SUBPROGRAM: Final = ("PROCEDURE", "FUNCTION")


def package(c: Cursor, name: QName, body: bool, at: Span) -> list[Routine]:
    """The package behind whose name the cursor stands, and its subprograms; the cursor is left behind its END.

    A package that is not read as a whole has no module, and no subprograms.
    """
    what = "package body" if body else "package"
    start = c.at
    try:
        return _read(c, name, body, at, what)
    except (ReadError, RecursionError):
        c.at = c.count
        c.remaining_notes()
        return [Routine(name, at, what=what, text=c.fragment(start))]


def _read(c: Cursor, name: QName, body: bool, at: Span, what: str) -> list[Routine]:
    extra: list[Clause] = []
    options(c, extra)
    if not c.accept_any("IS", "AS"):
        raise c.error("IS or AS expected")
    declarations: list[Declaration] = []
    heads: list[Head] = []
    members: list[Routine] = []
    own: list[str] = []  # the text that is not in members and heads
    while c.word() not in ("BEGIN", "END", ""):
        start = c.at
        if c.word()[0] == "$":
            raise c.error("conditional compilation")
        if c.word() not in _SUBPROGRAM:
            declarations.append(declaration(c))
            own.append(c.raw(start))
        elif _is_head(c):
            heads.append(_head(c, extra))
        else:
            members.append(_member(c, name))
    start = c.at
    initial = _initial(c) if c.word() == "BEGIN" else None
    own.append(c.raw(start))
    if initial is None:
        c.expect("END")
        if c.is_name():
            c.name()
        c.accept(";")
    if any(word in _SUBPROGRAM for word in c.texts[c.at : c.count]):
        raise c.error("the end of the package")  # what looked like its END was not
    module = Module(body, tuple(with_numbers(declarations)), tuple(heads), initial, tuple(m.at for m in members))
    text = Fragment("\n".join(own), at)
    return [Routine(name, at, what=what, text=text, module=module, clauses=tuple(extra)), *members]


def _initial(c: Cursor) -> Block:
    """The statements that run first; where they are not read, one that nobody knows."""
    start = c.at
    try:
        return block(c, start, None, declared=False)
    except (ReadError, RecursionError):
        c.at = c.count
        c.remaining_notes()
        at = c.span(start)
        return Block(at, body=(Opaque(at, construct="unread_statement", text=c.fragment(start)),))


def _is_head(c: Cursor) -> bool:
    """Whether the subprogram at the cursor has no body here."""
    at = c.at
    try:
        c.skip_to((";", "IS", "AS", ""))
        return c.word() == ";"
    finally:
        c.at = at


def _head(c: Cursor, extra: list[Clause]) -> Head:
    start = c.at
    notes = c.notes(start)
    what = c.take().lower()
    name = c.name()
    returns = None
    try:
        given = parameters(c)
        if what == "function" and c.accept("RETURN"):
            returns = typed(c)
    except ReadError:
        given = ()
    c.skip_to((";",))
    c.expect(";")
    c.notes(c.at - 1)
    return Head(what, name, given, c.span(start), c.trailing(c.at - 1, notes), returns)


def _member(c: Cursor, package: QName) -> Routine:
    start = c.at
    notes = c.notes(start)
    what = c.take()
    name = c.name()
    behind = c.at
    read, clauses = program(c, what, c.span(start))
    if read is None:
        c.at = behind
        try:
            _skip(c)
        except ReadError:
            c.at = _next_one(c, start)
        c.notes(c.at - 1)
    notes = c.trailing(c.at - 1, notes)
    at = c.span(start)
    full = QName(package.name, name)
    return Routine(full, at, notes=notes, what=what.lower(), text=c.fragment(start), program=read, package=package,
                   clauses=clauses)  # fmt: skip


def _next_one(c: Cursor, start: int) -> int:
    """Where the next subprogram begins behind one whose end is not found: on a line of its own, and not further to the
    right; else the END of the package."""
    margin = _column(c, start)
    for i in range(start + 1, c.count):
        if c.texts[i] in _SUBPROGRAM and 0 <= _column(c, i) <= margin:
            return i
    return max((i for i in range(start + 1, c.count) if c.texts[i] == "END"), default=c.count)


def _column(c: Cursor, token: int) -> int:
    """How far a token that begins its line stands from the left; -1 for any other."""
    line = c.buffer.rfind("\n", 0, c.starts[token]) + 1
    before = c.buffer[line : c.starts[token]]
    return len(before.expandtabs()) if not before.strip() else -1


def _skip(c: Cursor) -> None:
    """To the end of a subprogram that is not read; the cursor stands behind its name."""
    c.skip_to(("IS", "AS"))
    c.at += 1
    if c.word() in ("LANGUAGE", "EXTERNAL"):
        c.skip_to((";",))
        c.at += 1
        return
    pending, depth = 1, 0  # subprograms that wait for their END, and blocks that are open
    outermost = ""
    while not c.done():
        match c.take():
            case "BEGIN" | "CASE" | "IF" | "LOOP" as word:
                outermost = outermost if depth else word
                depth += 1
            case "END":
                depth -= 1
                c.accept_any("IF", "LOOP", "CASE")
                if depth == 0 and outermost == "BEGIN":  # no CASE of a declaration
                    pending -= 1
                if pending == 0:
                    c.skip_to((";",))
                    c.accept(";")
                    return
            case "PROCEDURE" | "FUNCTION" if depth == 0:
                c.at -= 1
                pending += not _is_head(c)
                c.skip_to((";", "IS", "AS"))
            case _:
                pass
    raise c.error("END expected")
