"""Heads of PL/SQL routines: procedures, functions and triggers.

Source: Oracle Database PL/SQL Language Reference 19c, "CREATE PROCEDURE Statement", "CREATE FUNCTION Statement" and
"CREATE TRIGGER Statement".
"""

from __future__ import annotations

from ..ir.catalog import Clause
from ..ir.names import Name
from ..ir.routine import Firing, Program
from ..source import Span
from .cursor import Cursor, ReadError
from .plsql import Unread, block, options, parameters
from .plsql_text import text_of
from .plsql_types import typed
from .stored_code import Routine, attempt


def program(c: Cursor, what: str, at: Span) -> Routine:
    """The routine whose name the cursor stands behind, and clauses of its head that its body does not depend on.

    Where it is not read, the clause says why.
    """
    try:
        return attempt(c, at, lambda: _program(c, what))
    except Unread as unread:
        return None, (Clause(unread.construct, c.raw(unread.at, unread.at + 1), c.span(unread.at)),)


def _program(c: Cursor, what: str) -> tuple[Program, tuple[Clause, ...]]:
    if what == "TRIGGER":
        return _trigger(c)
    extra: list[Clause] = []
    given = parameters(c)
    returns = None
    if what == "FUNCTION":
        c.expect("RETURN")
        returns = typed(c)
    flags = options(c, extra)
    if not c.accept_any("IS", "AS"):
        raise Unread("call_specification" if c.word() in ("EXTERNAL", "LANGUAGE") else "unread_routine", c.at)
    if c.word() in ("LANGUAGE", "EXTERNAL"):
        raise Unread("call_specification", c.at)
    body = block(c, c.at, None, declared=True)
    return (
        Program(
            given, returns, "DETERMINISTIC" in flags, "CURRENT_USER" in flags, "PIPELINED" in flags, None, body
        ),
        tuple(extra),
    )


# -- triggers ----------------------------------------------------------------------------------------------------------


def _trigger(c: Cursor) -> tuple[Program, tuple[Clause, ...]]:
    """PL/SQL Language Reference, "CREATE TRIGGER Statement": simple DML triggers and INSTEAD OF triggers."""
    extra: list[Clause] = []
    timing = c.take().lower()
    if timing == "instead":
        c.expect("OF")
        timing = "instead of"
    if timing not in ("before", "after", "instead of"):
        raise Unread("compound_trigger" if timing == "for" else "unread_routine", c.at - 1)
    events: list[str] = []
    of: tuple[Name, ...] = ()
    while True:
        word = c.take()
        if word not in ("INSERT", "UPDATE", "DELETE"):
            raise Unread("system_trigger", c.at - 1)
        again = word.lower() in events  # UPDATE OF a OR UPDATE OF b: the columns of both
        if c.accept("OF"):
            columns = [c.name()]
            while c.accept(","):
                columns.append(c.name())
            of = tuple(dict.fromkeys((*of, *columns))) if of or not again else ()
        elif word == "UPDATE":
            of = ()
        if not again:
            events.append(word.lower())
        if not c.accept("OR"):
            break
    c.expect("ON")
    if c.word() == "NESTED":
        raise Unread("unread_routine", c.at)
    c.qname()
    disabled = False
    old, new, rows, condition = Name("OLD"), Name("NEW"), timing == "instead of", None
    while c.word() not in ("DECLARE", "BEGIN", "CALL", ""):
        start = c.at
        match c.take():
            case "REFERENCING":
                while (row := c.accept_any("NEW", "OLD", "PARENT")) != "":
                    c.accept("AS")
                    given = c.name()
                    old, new = (given if row == "OLD" else old), (given if row == "NEW" else new)
            case "FOR":
                c.expect("EACH", "ROW")
                rows = True
            case "WHEN":
                c.expect("(")
                c.at -= 1
                inside = c.at + 1
                c.skip_group()
                condition = text_of(c, inside, c.at - 1)
            case "ENABLE":
                pass
            case "DISABLE":
                disabled = True
            case "FOLLOWS" | "PRECEDES":
                c.qname()
                while c.accept(","):
                    c.qname()
                extra.append(c.clause("trigger_sequence", start))
            case "CROSSEDITION" | "FORWARD" | "REVERSE":
                extra.append(c.clause("routine_option", start))
            case _:
                raise ReadError("SC1101", start, reason="BEGIN expected", found=c.texts[start])
    if c.word() == "CALL":
        raise Unread("unread_routine", c.at)
    declared = c.accept("DECLARE")
    body = block(c, c.at, None, declared=declared)
    firing = Firing(timing, tuple(events), of, rows, condition, old, new)
    return Program(firing=firing, body=body, disabled=disabled), tuple(extra)


def anonymous(c: Cursor) -> Program | None:
    """A block that a script runs; ``None`` where it is not read."""
    start = c.at
    try:
        label = None
        while c.accept("<<"):
            label = c.name()
            c.expect(">>")
        body = block(c, start, label, declared=c.accept("DECLARE"))
    except (Unread, ReadError, RecursionError):
        c.at = start
        return None
    if not c.done():
        c.at = start
        return None
    return Program(body=body)
