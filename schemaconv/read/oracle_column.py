"""Oracle column definitions (SQL Language Reference 23ai, "CREATE TABLE": column_definition, virtual_column)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from ..ir.catalog import Clause, Column, Constraint, Identity, SequenceOptions
from ..ir.names import Name, QName
from ..ir.types import UNKNOWN, Type
from . import clauses, oracle_constraint
from .clauses import Rows
from .cursor import Cursor
from .sequences import sequence_options
from .typenames import read_type

#: Words that end a default expression.
_STOP: Final = frozenset(
    """
    CONSTRAINT PRIMARY UNIQUE CHECK REFERENCES ENABLE DISABLE VISIBLE INVISIBLE GENERATED ENCRYPT COLLATE
    ANNOTATIONS SORT SCOPE RESERVABLE DOMAIN NOVALIDATE RELY
    """.split()
)
_AFTER_NAME: Final = frozenset(
    """
    , ) DEFAULT NOT NULL CONSTRAINT PRIMARY UNIQUE CHECK REFERENCES GENERATED AS SORT VISIBLE INVISIBLE ENCRYPT
    """.split()
) | {""}



def read(c: Cursor, table: Rows) -> tuple[Column, tuple[Constraint, ...]]:
    """A column with its inline constraints (NOT NULL becomes the column's flag)."""
    start = c.at
    notes = c.notes(start)
    name = c.name()
    type_, at = UNKNOWN, c.at
    if c.word() not in _AFTER_NAME:
        type_, c.at = read_type(c.texts, c.at)
        if c.at == at:
            raise c.error("a data type expected")
        type_ = _with_raw(type_, c.raw(at))
    if c.word() in (",", ")", ""):
        return Column(name, type_, c.span(start), notes=notes), ()
    changes, constraints = _attributes(c, table, name)
    return Column(name, type_, c.span(start), notes=notes, **changes), constraints


_SEEN: Final[dict[tuple[Type, str], Type]] = {}


def _with_raw(type_: Type, raw: str) -> Type:
    """``type_`` with the author's text; most pairs come again."""
    found = _SEEN.get((type_, raw))
    if found is None:
        found = replace(type_, raw=raw)
        if len(_SEEN) < 4096:
            _SEEN[type_, raw] = found
    return found


def _attributes(c: Cursor, table: Rows, name: Name) -> tuple[dict[str, Any], tuple[Constraint, ...]]:
    """What follows name and type, in any order, up to a comma, a closing parenthesis or the end."""
    found: list[Constraint] = []
    extra: list[Clause] = []
    changes: dict[str, Any] = {}
    while not c.done():
        at = c.at
        match c.word():
            case "," | ")":
                break
            case "NOT" if c.ahead() == "NULL" and (
                c.ahead(2) in (",", ")", "", "PRIMARY", "UNIQUE", "DEFAULT", "CONSTRAINT", "CHECK", "REFERENCES")
            ):
                c.at += 2  # the common case, without states
                changes["not_null"] = True
            case "DEFAULT":
                c.at += 1
                changes |= _default(c)
            case "GENERATED" | "AS":
                changes |= _generated(c)
            case "VISIBLE" | "SORT" | "RESERVABLE":
                c.at += 1
            case "NOT" if c.ahead() == "RESERVABLE":
                c.at += 2
            case "INVISIBLE":
                c.at += 1
                changes["invisible"] = True
            case "COLLATE":
                c.at += 1
                changes["collation"] = str(c.name())
            case "ENCRYPT" | "DECRYPT":
                extra.append(_encrypt(c))
            case "DOMAIN":
                c.at += 1
                c.qname()
                extra.append(c.clause("column_domain", at))
            case "SCOPE" | "WITH":
                c.at += 1
                while c.accept_any("IS", "ROWID", "SCOPE"):
                    pass
                if c.is_name() and c.word() not in oracle_constraint.BEGINS:
                    c.qname()
                extra.append(c.clause("ref_constraint", at))
            case _:
                constraint = oracle_constraint.read(c, table, name)
                if constraint is None:
                    clause = clauses.accept(c, table) or _left_over(c, table)
                    extra.append(clause)
                elif oracle_constraint.is_null(constraint):
                    changes["not_null"] = False
                elif oracle_constraint.is_not_null(constraint):
                    changes["not_null"] = constraint.enabled
                    extra.extend(constraint.clauses)
                    if constraint.name is not None and constraint.enabled:
                        extra.append(Clause("not_null_name", constraint.name.text, constraint.at))
                    if not constraint.enabled:
                        extra.append(Clause("disabled_constraint", c.raw(at), constraint.at))
                    elif not constraint.validated:
                        extra.append(Clause("novalidate_key", c.raw(at), constraint.at))
                    if constraint.deferrable:
                        extra.append(Clause("deferrable_check", c.raw(at), constraint.at))
                else:
                    found.append(constraint)
    if extra:
        changes["clauses"] = tuple(extra)
    return changes, tuple(found)


def _left_over(c: Cursor, table: Rows) -> Clause:
    start = c.at
    c.skip_to(oracle_constraint.BEGINS | {",", ")"})
    if c.at == start:
        c.at += 1
    return c.clause("unknown_clause", start)


def _default(c: Cursor) -> dict[str, object]:
    changes: dict[str, object] = {}
    if c.word() == "ON" and c.ahead() == "NULL":
        c.at += 2
        if c.accept("FOR", "INSERT"):
            c.accept("ONLY")
            c.accept("AND", "UPDATE")
        changes["default_on_null"] = True
    start = c.at
    expression_end(c)
    if c.at == start:
        raise c.error("a default value expected")
    changes["default"] = c.fragment(start)
    changes["draws"] = _sequence(c, start)
    return changes


def _sequence(c: Cursor, start: int) -> QName | None:
    """The sequence in ``[schema.]name.NEXTVAL``, if the default that begins at ``start`` is one."""
    end = c.at
    if c.texts[end - 1].strip('"') != "NEXTVAL" or end - start not in (3, 5):
        return None
    c.at = start
    names = [c.name()]
    while c.accept(".") and c.at < end - 1:
        names.append(c.name())
    c.at = end
    return QName(names[-2] if len(names) > 1 else None, names[-1])


def expression_end(c: Cursor) -> None:
    """Step over an expression inside a column definition."""
    start = c.at
    while not c.done():
        text = c.word()
        if text == "(":
            c.skip_group()
            continue
        if text in (",", ")"):
            return
        if c.at > start:
            if text in _STOP:
                return
            if text == "NOT" and c.ahead() in ("NULL", "DEFERRABLE"):
                return
            if text == "NULL" and c.texts[c.at - 1] not in ("IS", "NOT", "THEN", "ELSE", "||", "+", "-", "*", "/", "="):
                return
        c.at += 1


def _generated(c: Cursor) -> dict[str, object]:
    always = True
    on_null = False
    if c.accept("GENERATED"):
        if c.accept("BY", "DEFAULT"):
            always = False
            if c.accept("ON", "NULL"):
                on_null = True
                if c.accept("FOR", "INSERT"):
                    c.accept("ONLY")
                    c.accept("AND", "UPDATE")
        else:
            c.accept("ALWAYS")
    c.expect("AS")
    if c.accept("IDENTITY"):
        options = SequenceOptions()
        if c.accept("("):
            options = sequence_options(c, grouped=True)
            c.expect(")")
        else:
            options = sequence_options(c)
        return {"identity": Identity(always, on_null, options)}
    expression = c.group()
    stored = False
    while c.word() in ("VIRTUAL", "MATERIALIZED", "STORED", "EVALUATE", "UNUSABLE"):
        word = c.take()
        stored = stored or word in ("MATERIALIZED", "STORED")
        if word == "EVALUATE":
            c.accept_any("USING")
            c.accept_any("CURRENT", "NULL")
            if not c.accept("EDITION"):
                c.qname()
        elif word == "UNUSABLE":
            c.accept_any("BEFORE", "BEGINNING")
            c.accept_any("WITH")
            c.accept_any("CURRENT")
            c.accept_any("EDITION")
    return {"generated": expression, "stored": stored}


def _encrypt(c: Cursor) -> Clause:
    start = c.at
    c.at += 1
    while not c.done() and c.word() not in (",", ")"):
        if c.accept_any("USING", "IDENTIFIED", "BY", "SALT", "NO") or c.word().startswith("'"):
            if c.word().startswith("'") or (c.texts[c.at - 1] == "BY" and c.is_name()):
                c.at += 1
        else:
            break
    return c.clause("column_encryption", start)


def attribute(name: Name, type_: Type) -> Column:
    return Column(name, type_)
