"""Statements of PL/SQL that speak to the database: static SQL with its INTO, cursors, and texts made at run time.

Source: PL/SQL Language Reference 19c, "PL/SQL Static SQL", "PL/SQL Dynamic SQL" and "FORALL Statement".
"""

from __future__ import annotations

from ..ir.clause import Notes
from ..ir.fragment import Fragment
from ..ir.routine import Close, Dynamic, Fetch, ForRange, Open, SelectInto, Sql, Step
from .cursor import Cursor, ReadError
from .plsql_text import blank, done, expression, targets, text_of, to_semicolon, values

_DML = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE"})


def select(c: Cursor, start: int, notes: Notes) -> Step:
    """SELECT ... INTO: the query without its INTO, which leaves blanks, so that places stay right."""
    to_semicolon(c)
    end, c.at = c.at, start
    while c.at < end and c.word() not in ("INTO", "BULK"):
        c.skip_group() if c.word() == "(" else c.take()
    if c.at >= end:
        raise c.error("INTO expected")
    into = c.at
    bulk = c.accept("BULK", "COLLECT")
    c.expect("INTO")
    taken = targets(c, ("FROM",))
    query = _without(c, start, into, c.at, end)
    made = SelectInto(c.span(start), notes, query, taken, bulk)
    return done(c, made)


def change(c: Cursor, start: int, notes: Notes) -> Step:
    """INSERT, UPDATE, DELETE or MERGE, with its RETURNING ... INTO and its WHERE CURRENT OF."""
    to_semicolon(c)
    end, c.at = c.at, start
    current = None
    behind = end
    while c.at < end and c.word() not in ("RETURNING", "RETURN"):
        if c.word() == "WHERE" and c.ahead() == "CURRENT" and c.ahead(2) == "OF":
            behind = c.at
            c.at += 3
            current = c.name()
            continue
        c.skip_group() if c.word() == "(" else c.take()
    statement = text_of(c, start, min(c.at, behind))
    if c.at >= end:
        c.at = end
        return done(c, Sql(c.span(start), notes, statement, current=current))
    c.at += 1
    given = targets(c, ("INTO", "BULK"))
    bulk = c.accept("BULK", "COLLECT")
    c.expect("INTO")
    taken = targets(c, (";",))
    if c.at != end:
        raise c.error("a semicolon expected")
    return done(c, Sql(c.span(start), notes, statement, given, taken, bulk, current))


def _without(c: Cursor, start: int, into: int, behind: int, end: int) -> Fragment:
    """The text of a statement with blanks in place of its INTO."""
    c.at = end
    whole = text_of(c, start, end)
    a = c.starts[into] - c.starts[start]
    b = c.starts[behind] - c.starts[start] if behind < end else len(whole.text)
    return Fragment((whole.text[:a] + blank(whole.text[a:b]) + whole.text[b:]).rstrip(), whole.at)


def forall(c: Cursor, start: int, notes: Notes) -> Step:
    """FORALL i IN a .. b statement: a loop over one statement."""
    c.expect("FORALL")
    variable = c.name()
    c.expect("IN")
    over = c.accept_any("INDICES", "VALUES").lower()
    if over:
        c.expect("OF")
        at = c.at
        c.name()
        while c.accept("."):
            c.name()
        low = text_of(c, at, c.at)
        high = Fragment("", low.at)
        if c.accept("BETWEEN"):
            raise c.error("no BETWEEN")
    else:
        at = c.at
        while c.word() not in ("..", ";", ""):
            c.skip_group() if c.word() == "(" else c.take()
        low = text_of(c, at, c.at)
        c.expect("..")
        high = expression(c, (*_DML, "SAVE", "EXECUTE"))
    saves = c.accept("SAVE", "EXCEPTIONS")
    head = c.span(start)
    at = c.at
    step = dynamic(c, at, Notes()) if c.word() == "EXECUTE" else change(c, at, Notes())
    return ForRange(head, notes, None, variable, low, high, False, True, (step,), over, saves)


def cursor_statement(c: Cursor, start: int, notes: Notes) -> Step:
    word = c.take()
    at = c.at
    while c.word() not in ("(", "FOR", "INTO", "BULK", ";", ""):
        c.at += 1
    cursor = text_of(c, at, c.at)
    made: Step
    match word:
        case "OPEN" if c.accept("FOR"):
            if c.word() in ("SELECT", "WITH"):
                at = c.at
                to_semicolon(c)
                made = Open(c.span(start), notes, cursor, (), text_of(c, at, c.at))
            else:
                text = expression(c, ("USING", ";"))
                made = Open(c.span(start), notes, cursor, (), None, text, _using(c))
        case "OPEN":
            made = Open(c.span(start), notes, cursor, values(c) if c.word() == "(" else ())
        case "FETCH":
            bulk = c.accept("BULK", "COLLECT")
            c.expect("INTO")
            taken = targets(c, (";", "LIMIT"))
            limit = expression(c, (";",)) if c.accept("LIMIT") else None
            made = Fetch(c.span(start), notes, cursor, taken, bulk, limit)
        case _:
            made = Close(c.span(start), notes, cursor)
    return done(c, made)


def dynamic(c: Cursor, start: int, notes: Notes) -> Step:
    c.expect("EXECUTE", "IMMEDIATE")
    text = expression(c, ("INTO", "USING", "BULK", "RETURNING", "RETURN", ";"))
    into: tuple[Fragment, ...] = ()
    bulk = c.accept("BULK", "COLLECT")
    if c.accept("INTO"):
        into = targets(c, ("USING", ";"))
    using = _using(c)
    return done(c, Dynamic(c.span(start), notes, text, into, using, bulk))


def _using(c: Cursor) -> tuple[Fragment, ...]:
    """``USING [IN] a, [IN] b``: values only, since a target gives nothing back in this way."""
    found = []
    if c.accept("USING"):
        while True:
            if c.word() == "OUT" or (c.word() == "IN" and c.ahead() == "OUT"):
                raise ReadError("SC1101", c.at, reason="USING OUT", found=c.word())
            c.accept("IN")
            found.append(expression(c, (",", ";", "RETURNING", "RETURN")))
            if not c.accept(","):
                break
    return tuple(found)
