"""PL/SQL to the routine model: blocks, declarations and statements.

Source: Oracle Database PL/SQL Language Reference 19c, "PL/SQL Language Elements" and "PL/SQL Static SQL". The cursor
stands on the tokens of one CREATE statement. A statement that is not read becomes an :class:`Opaque` up to its
semicolon; the rest of the routine goes on.
"""

from __future__ import annotations

from typing import Final

from ..ir.catalog import NO_NOTES, Clause, Notes
from ..ir.names import Name
from ..ir.routine import (
    Assign,
    Block,
    Body,
    Call,
    Case,
    Condition,
    CursorVariable,
    Declaration,
    ForQuery,
    ForRange,
    Handler,
    If,
    Leave,
    Loop,
    Mode,
    NamedType,
    Nothing,
    Opaque,
    OtherDeclaration,
    Parameter,
    Program,
    Raise,
    RecordType,
    Return,
    ReturnRow,
    Step,
    Transaction,
    Typed,
    Variable,
)  # fmt: skip
from . import plsql_sql
from .cursor import Cursor, ReadError
from .plsql_text import arguments, done, expression, named, text_of, to_semicolon
from .plsql_types import typed

#: Words that end a list of statements.
_ENDS: Final = frozenset({"END", "ELSE", "ELSIF", "EXCEPTION", "WHEN", ""})
_DML: Final = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE"})
#: Statements that no target takes as they are, under their constructs.
_OPAQUE: Final = {
    "GOTO": "goto_statement", "PIPE": "pipelined_function", "LOCK": "lock_table",
    "SAVEPOINT": "routine_savepoint", "COMMIT": "set_transaction", "ROLLBACK": "routine_savepoint",
    "SET": "set_transaction",
}  # fmt: skip


class Unread(Exception):
    """A routine whose head says that it is of a kind that is not read: ``construct`` names it."""

    def __init__(self, construct: str, at: int) -> None:
        super().__init__(construct)
        self.construct = construct
        self.at = at


def options(c: Cursor, extra: list[Clause]) -> set[str]:
    """Words between the head and IS; those that say nothing to any target are passed over."""
    flags: set[str] = set()
    while (word := c.word()) not in ("IS", "AS", "", "LANGUAGE", "EXTERNAL"):
        start = c.at
        match word:
            case "DETERMINISTIC":
                flags.add(c.take())
            case "AUTHID":
                c.at += 1
                flags.add(c.take())
            case "PARALLEL_ENABLE" | "RESULT_CACHE" | "ACCESSIBLE" | "DEFAULT" | "SHARING" | "RELIES_ON" | "SQL_MACRO":
                c.at += 1
                c.accept_any("BY", "COLLATION", "=")
                if c.word() == "(":
                    c.skip_group()
                elif word in ("DEFAULT", "SHARING"):
                    c.take()
                extra.append(c.clause("routine_option", start))
                if word == "SQL_MACRO":
                    raise Unread("unread_routine", start)
            case "PIPELINED" if c.ahead() in ("IS", "AS"):
                flags.add(c.take())
            case "PIPELINED" | "AGGREGATE":
                raise Unread("pipelined_function", start)
            case _:
                raise c.error("IS or AS expected")
    return flags


def parameters(c: Cursor) -> tuple[Parameter, ...]:
    if not c.accept("("):
        return ()
    found = []
    while not c.accept(")"):
        start = c.at
        c.notes(c.at)
        name = c.name()
        mode: Mode = "in"
        if c.accept("IN"):
            mode = "inout" if c.accept("OUT") else "in"
        elif c.accept("OUT"):
            mode = "out"
        c.accept("NOCOPY")
        type_ = typed(c)
        default = None
        if c.accept(":=") or c.accept("DEFAULT"):
            default = expression(c, (",", ")"))
        found.append(Parameter(name, type_, mode, default, c.span(start)))
        if c.word() != ")":
            c.expect(",")
    return tuple(found)


# -- blocks and declarations -------------------------------------------------------------------------------------------


def block(c: Cursor, start: int, label: Name | None, declared: bool, notes: Notes = NO_NOTES) -> Block:
    """A block; the cursor stands behind DECLARE or IS, or on BEGIN. Its last semicolon is taken."""
    declarations: list[Declaration] = []
    if declared:
        while c.word() != "BEGIN":
            if c.done():
                raise c.error("BEGIN expected")
            declarations.append(declaration(c))
    c.expect("BEGIN")
    body = _statements(c)
    handlers: list[Handler] = []
    if c.accept("EXCEPTION"):
        while c.word() == "WHEN":
            handlers.append(_handler(c))
    closing = c.notes(c.at).before
    c.expect("END")
    if c.word() not in (";", ""):
        c.name()
    if not c.done():
        c.expect(";")
    return Block(c.span(start), notes, label, tuple(with_numbers(declarations)), body, tuple(handlers), closing)


def _handler(c: Cursor) -> Handler:
    start, notes = c.at, c.notes(c.at)
    c.expect("WHEN")
    names: list[Name] = []
    if not c.accept("OTHERS"):
        names.append(_exception(c))
        while c.accept("OR"):
            names.append(_exception(c))
    c.expect("THEN")
    head = c.span(start)
    return Handler(tuple(names), _statements(c), head, notes)


def _exception(c: Cursor) -> Name:
    name = c.qname()
    return name.name if name.schema is None else Name(f"{name.schema.text}.{name.name.text}")


def declaration(c: Cursor) -> Declaration:
    start, notes = c.at, c.notes(c.at)
    word = c.word()
    try:
        match word:
            case "CURSOR":
                return _cursor(c, start, notes)
            case "TYPE" | "SUBTYPE":
                return _type(c, start, notes)
            case "PRAGMA":
                return _other(c, start, "pragma", notes)
            case "PROCEDURE" | "FUNCTION":
                return _nested(c, start, notes)
            case _:
                return _variable(c, start, notes)
    except ReadError:
        c.at = start
        return _other(c, start, "unread_declaration", notes)


def _variable(c: Cursor, start: int, notes: Notes) -> Declaration:
    name = c.name()
    if c.accept("EXCEPTION"):
        c.expect(";")
        return Condition(name, None, c.span(start), c.trailing(c.at - 1, notes))
    constant = c.accept("CONSTANT")
    type_ = typed(c)
    not_null = c.accept("NOT", "NULL")
    default = None
    if c.accept(":=") or c.accept("DEFAULT"):
        default = expression(c, (";",))
    c.expect(";")
    return Variable(name, type_, default, not_null, constant, c.span(start), c.trailing(c.at - 1, notes))


def _cursor(c: Cursor, start: int, notes: Notes) -> Declaration:
    c.expect("CURSOR")
    name = c.name()
    given = parameters(c)
    if c.accept("RETURN"):
        typed(c)
    c.expect("IS")
    at = c.at
    to_semicolon(c)
    query = text_of(c, at, c.at)
    c.expect(";")
    return CursorVariable(name, query, given, c.span(start), c.trailing(c.at - 1, notes))


def _type(c: Cursor, start: int, notes: Notes) -> Declaration:
    word = c.take()
    name = c.name()
    c.expect("IS")
    if c.accept("RECORD"):
        fields = _fields(c)
        c.expect(";")
        return RecordType(name, fields, c.span(start), c.trailing(c.at - 1, notes))
    form, of, key = "subtype", Typed(), None
    if word == "SUBTYPE":
        of = typed(c)
        c.accept("NOT", "NULL")
        if c.word() == "RANGE":  # whole numbers, whose limits are those of whoever fills it
            to_semicolon(c)
    elif c.accept("REF", "CURSOR"):
        form = "refcursor"
        if c.accept("RETURN"):
            typed(c)
    else:
        form, of, key = _collection(c)
    c.expect(";")
    return NamedType(name, form, of, key, c.span(start), c.trailing(c.at - 1, notes))


def _fields(c: Cursor) -> tuple[Variable, ...]:
    c.expect("(")
    fields = []
    while not c.accept(")"):
        at = c.at
        own = c.name()
        type_ = typed(c)
        not_null = c.accept("NOT", "NULL")
        default = expression(c, (",", ")")) if c.accept(":=") or c.accept("DEFAULT") else None
        fields.append(Variable(own, type_, default, not_null, False, c.span(at)))
        if c.word() != ")":
            c.expect(",")
    return tuple(fields)


def _collection(c: Cursor) -> tuple[str, Typed, Typed | None]:
    """``TABLE OF t``, ``TABLE OF t INDEX BY k``, ``VARRAY (n) OF t``: form, elements and keys."""
    form = "table" if c.accept("TABLE") else "varray"
    if form == "varray":
        c.expect("VARRAY") if c.word() == "VARRAY" else c.expect("VARYING", "ARRAY")
        c.expect("(")
        c.at -= 1
        c.skip_group()
    c.expect("OF")
    of = typed(c)
    c.accept("NOT", "NULL")
    if c.accept("INDEX", "BY"):
        return "index", of, typed(c)
    return form, of, None


def _other(c: Cursor, start: int, construct: str, notes: Notes, name: Name | None = None) -> OtherDeclaration:
    """A declaration up to its semicolon."""
    c.at = start
    to_semicolon(c)
    found = OtherDeclaration(construct, c.fragment(start), name, notes)
    c.accept(";")
    return found


def _nested(c: Cursor, start: int, notes: Notes) -> OtherDeclaration:
    """A subprogram inside: its text, up to the END that closes it."""
    what = c.take()
    name = c.name()
    given = parameters(c)
    returns = None
    if what == "FUNCTION":
        c.expect("RETURN")
        returns = typed(c)
    flags = options(c, [])
    program = None
    if c.accept_any("IS", "AS"):
        body = block(c, c.at, None, declared=True)
        program = Program(given, returns, "DETERMINISTIC" in flags, body=body)
    else:
        c.expect(";")
    return OtherDeclaration("nested_subprogram", c.fragment(start), name, notes, program, what.lower())


def with_numbers(declarations: list[Declaration]) -> list[Declaration]:
    """PRAGMA EXCEPTION_INIT gives a declared exception its number."""
    numbers: dict[str, int] = {}
    kept: list[Declaration] = []
    for found in declarations:
        words = found.text.text.split("(") if isinstance(found, OtherDeclaration) else []
        if len(words) == 2 and words[0].upper().split() == ["PRAGMA", "EXCEPTION_INIT"]:
            name, _, number = words[1].rstrip(") \n\t").partition(",")
            text = number.replace(" ", "").strip("'")
            if text.lstrip("-").isdigit():
                numbers[name.strip().upper()] = int(text)
                continue
        kept.append(found)
    return [
        Condition(d.name, numbers.get(d.name.text.upper()), d.at, d.notes) if isinstance(d, Condition) else d
        for d in kept
    ]


# -- statements --------------------------------------------------------------------------------------------------------


def _statements(c: Cursor) -> Body:
    found: list[Step] = []
    while c.word() not in _ENDS:
        found.append(_statement(c))
    return tuple(found)


def _statement(c: Cursor) -> Step:
    start, notes = c.at, c.notes(c.at)
    try:
        made = _read(c, start, notes)
    except ReadError as error:
        if c.texts[start] in ("IF", "LOOP", "WHILE", "FOR", "CASE", "BEGIN", "DECLARE", "<<"):
            raise  # its end is not known
        c.at = start
        to_semicolon(c)
        why = error.params.get("reason", "")
        made = Opaque(c.span(start), notes, "unread_statement", c.fragment(start), why)
        c.accept(";")
    return made


def _read(c: Cursor, start: int, notes: Notes) -> Step:
    label = None
    while c.accept("<<"):
        label = c.name()
        c.expect(">>")
    word, at = c.word(), c.span(start)
    if label is not None and word not in ("LOOP", "WHILE", "FOR", "BEGIN", "DECLARE"):
        return Opaque(at, notes, "goto_statement", c.fragment(start), "a label")
    match word:
        case "BEGIN" | "DECLARE":
            return block(c, start, label, c.accept("DECLARE"), notes)
        case "IF":
            return _if(c, start, notes)
        case "CASE":
            return _case(c, start, notes)
        case "LOOP" | "WHILE" | "FOR":
            return _loop(c, start, label, notes)
        case "EXIT" | "CONTINUE":
            c.at += 1
            name = c.name() if c.word() not in ("WHEN", ";") else None
            when = expression(c, (";",)) if c.accept("WHEN") else None
            return done(c, Leave(at, notes, word == "CONTINUE", name, when))
        case "RETURN":
            c.at += 1
            value = None if c.word() == ";" else expression(c, (";",))
            return done(c, Return(at, notes, value))
        case "PIPE" if c.ahead() == "ROW":
            c.at += 2
            c.expect("(")
            value = expression(c, (")",))
            c.expect(")")
            return done(c, ReturnRow(at, notes, value))
        case "NULL" if c.ahead() == ";":
            c.at += 1
            return done(c, Nothing(at, notes))
        case "COMMIT" | "ROLLBACK" if c.ahead() in (";", "WORK"):
            c.at += 1
            c.accept("WORK")
            return done(c, Transaction(at, notes, word))
        case "RAISE":
            c.at += 1
            raised = None if c.word() == ";" else _exception(c)
            return done(c, Raise(at, notes, raised))
        case "SELECT" | "WITH":
            return plsql_sql.select(c, start, notes)
        case "OPEN" | "FETCH" | "CLOSE":
            return plsql_sql.cursor_statement(c, start, notes)
        case "EXECUTE" if c.ahead() == "IMMEDIATE":
            return plsql_sql.dynamic(c, start, notes)
        case _ if word in _DML:
            return plsql_sql.change(c, start, notes)
        case "FORALL":
            return plsql_sql.forall(c, start, notes)
        case _ if word in _OPAQUE and c.ahead() not in (":=", "(", "."):
            to_semicolon(c)
            return done(c, Opaque(c.span(start), notes, _OPAQUE[word], c.fragment(start)))
        case _:
            return _assignment_or_call(c, start, notes)


def _if(c: Cursor, start: int, notes: Notes) -> Step:
    branches = []
    otherwise = None
    c.expect("IF")
    while True:
        condition = expression(c, ("THEN",))
        c.expect("THEN")
        branches.append((condition, _statements(c)))
        if c.accept("ELSIF"):
            continue
        if c.accept("ELSE"):
            otherwise = _statements(c)
        break
    c.expect("END", "IF")
    return done(c, If(c.span(start), notes, tuple(branches), otherwise))


def _case(c: Cursor, start: int, notes: Notes) -> Step:
    c.expect("CASE")
    operand = None if c.word() == "WHEN" else expression(c, ("WHEN",))
    branches = []
    while c.accept("WHEN"):
        value = expression(c, ("THEN",))
        c.expect("THEN")
        branches.append((value, _statements(c)))
    otherwise = _statements(c) if c.accept("ELSE") else None
    c.expect("END", "CASE")
    if c.word() != ";":
        c.name()
    return done(c, Case(c.span(start), notes, operand, tuple(branches), otherwise))


def _loop(c: Cursor, start: int, label: Name | None, notes: Notes) -> Step:
    made: Step
    match c.take():
        case "LOOP":
            made = Loop(c.span(start), notes, label, None, _loop_body(c))
        case "WHILE":
            condition = expression(c, ("LOOP",))
            c.expect("LOOP")
            made = Loop(c.span(start), notes, label, condition, _loop_body(c))
        case _:
            made = _for(c, start, label, notes)
    return done(c, made)


def _for(c: Cursor, start: int, label: Name | None, notes: Notes) -> Step:
    variable = c.name()
    c.expect("IN")
    reverse = c.accept("REVERSE")
    if c.word() == "(" and c.texts[c.at + 1] in ("SELECT", "WITH"):
        at = c.at + 1
        c.skip_group()
        if c.word() == "LOOP":
            query = text_of(c, at, c.at - 1)
            c.expect("LOOP")
            return ForQuery(c.span(start), notes, label, variable, query, body=_loop_body(c))
        c.at = at - 1
    at = c.at
    while c.word() not in ("LOOP", "..", ""):
        c.skip_group() if c.word() == "(" else c.take()
    if c.accept(".."):
        low = text_of(c, at, c.at - 1)
        high = expression(c, ("LOOP",))
        c.expect("LOOP")
        return ForRange(c.span(start), notes, label, variable, low, high, reverse, False, _loop_body(c))
    c.at = at
    cursor = _exception(c)
    given, names = named(c) if c.word() == "(" else ((), ())
    c.expect("LOOP")
    return ForQuery(c.span(start), notes, label, variable, None, cursor, given, _loop_body(c), names)


def _loop_body(c: Cursor) -> Body:
    body = _statements(c)
    c.expect("END", "LOOP")
    if c.word() != ";":
        c.name()
    return body


def _assignment_or_call(c: Cursor, start: int, notes: Notes) -> Step:
    if c.word() == ":":
        c.at += 1
    at = c.at
    names = [c.name()]
    while c.accept("."):
        names.append(c.name())
    if c.word() in (":=", "(", "."):
        end = c.at
        while c.word() not in (":=", ";", ""):
            c.skip_group() if c.word() == "(" else c.take()
        if c.word() == ":=":
            target = text_of(c, start, c.at)
            c.expect(":=")
            return done(c, Assign(c.span(start), notes, target, expression(c, (";",))))
        c.at = end
    given = arguments(c) if c.word() == "(" else ()
    return done(c, Call(c.span(start), notes, tuple(names), given, text_of(c, at, c.at)))
