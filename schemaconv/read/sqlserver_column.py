"""Columns of SQL Server (Transact-SQL reference, "CREATE TABLE": column_definition, computed_column_definition)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Final

from ..ir.catalog import Clause, Column, Constraint, Identity, Index, Partitioning, SequenceOptions
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..ir.types import UNKNOWN, Type
from ..source import Span
from . import sqlserver_constraint as constraint
from . import sqlserver_index as index
from .clauses import Rows
from .cursor import Cursor
from .sqlserver_cursor import TsqlCursor
from .sqlserver_objects import data_type, whole_number
from .sqlserver_options import to_comma
from .typenames import names

#: Words that end a default or a computed expression which stands without parentheses.
_STOP: Final = frozenset(
    """CONSTRAINT PRIMARY UNIQUE CHECK REFERENCES FOREIGN IDENTITY ROWGUIDCOL COLLATE INDEX WITH SPARSE MASKED ENCRYPTED
    FOR GENERATED HIDDEN PERSISTED FILESTREAM DEFAULT""".split()
)
_OPERATORS: Final = frozenset("+ - * / % & | ^ = < > <= >= <> != , ( IS NOT THEN ELSE WHEN AND OR".split())


@dataclass(slots=True)
class Members:
    """What the list of columns and constraints of a table says, as it is met."""

    table: QName
    columns: list[Column] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)
    clauses: list[Clause] = field(default_factory=list)
    schemes: list[Partitioning] = field(default_factory=list)
    filled: set[str] = field(default_factory=set)  # columns whose default WITH VALUES gives to the rows that are there
    defaulted: list[int] = field(default_factory=list)  # places of columns that a default of its own stands for
    edges: list[Constraint] = field(default_factory=list)
    last: list[Column] | list[Constraint] | None = None  # what a comment on the same line belongs to

    def edge(self, found: Constraint) -> None:
        """A constraint that says which nodes an edge may connect."""
        self.clauses += found.clauses
        self.edges.append(found)


def read(c: Cursor, rows: Rows, into: Members) -> None:
    """A column with its inline constraints and indexes, added to ``into``."""
    start = c.at
    notes = c.notes(start)
    name = c.name()
    changes: dict[str, Any] = {}
    extra: list[Clause] = []
    type_ = UNKNOWN
    if c.accept("AS"):
        at = c.at
        expression_end(c)
        if c.at == at:
            raise c.error("an expression expected")
        changes["generated"] = constraint.bare(c, at, c.at)
    elif c.word() in (",", ")", ""):
        if name.text != "TIMESTAMP":  # the one type whose column may have no name
            raise c.error("a data type expected")
        here, c.at = c.at, start
        type_ = data_type(c)
        c.at = here
    else:
        type_ = data_type(c)
    filled = type_ is not UNKNOWN and names(c.lexis.source).never_null(c.texts, c.at)
    _attributes(c, rows, into, name, type_, changes, extra)
    if filled:  # rowversion and sysname, unless NULL is said ("Nullability rules within a table definition")
        changes.setdefault("not_null", True)
    elif "generated" not in changes and type_.kind != "user" and isinstance(c, TsqlCursor) and c.databases.never_null:
        if not any(k.construct in _NULLABLE for k in extra):  # an alias type has an answer of its own
            changes.setdefault("not_null", True)
    if str(changes.get("collation", "")).upper().endswith("_UTF8") and type_.kind == "varchar":
        type_ = replace(type_, unit="byte")  # its lengths count bytes of UTF-8 ("Collation and Unicode support")
    if any(k.construct == "period_column" for k in extra):  # never NULL, whether it says so or not
        changes["not_null"] = True
    if any(k.construct == "period_column" and k.text.upper().endswith("END") for k in extra):
        changes["default"] = _end_of_time(type_, c.span(start))  # whatever the default says, it can only mean that
    if extra:
        changes["clauses"] = tuple(extra)
    into.columns.append(Column(name, type_, c.span(start), notes=notes, **changes))
    into.last = into.columns


def _attributes(
    c: Cursor, rows: Rows, into: Members, name: Name, type_: Type, changes: dict[str, Any], extra: list[Clause]
) -> None:
    """What follows name and type, in any order, up to a comma, a closing parenthesis or the end."""
    while not c.done():
        at = c.at
        match c.word():
            case "," | ")":
                break
            case "NOT" if c.ahead() == "NULL":
                c.at += 2
                changes["not_null"] = True
            case "NULL":
                c.at += 1
                changes.setdefault("not_null", False)
            case "NOT" if c.ahead() == "FOR":
                c.expect("NOT", "FOR", "REPLICATION")
                extra.append(c.clause("not_for_replication", at))
            case "CONSTRAINT" if c.ahead(2) in ("NOT", "NULL"):
                c.at += 1
                called = c.name()
                if c.word() == "NOT":  # its name is read and not kept
                    extra.append(Clause("not_null_name", str(called), c.span(at)))
            case "CONSTRAINT" if c.ahead(2) == "DEFAULT":
                c.at += 1
                extra.append(Clause("default_name", str(c.name()), c.span(at)))
            case "CONSTRAINT" if c.ahead() == "DEFAULT":
                c.at += 1
            case "DEFAULT":
                c.at += 1
                changes |= default(c)
                if c.accept("FOR"):
                    c.name()  # the column's own name
            case "WITH" if c.ahead() == "VALUES":
                c.at += 2
                into.filled.add(name.text)
            case "IDENTITY":
                c.at += 1
                changes["identity"] = _identity(c)
                changes["not_null"] = True
            case "GENERATED":
                _generated(c, changes, extra)
            case "HIDDEN":
                c.at += 1
                changes["invisible"] = True
            case "COLLATE":
                c.at += 1
                changes |= collation(str(c.name()))
            case "PERSISTED":
                c.at += 1
                changes["stored"] = True
            case "INDEX":
                into.indexes.append(index.inline(c, rows, into.table, name))
            case word if word in _MARKS:
                extra.append(_mark(c, word))
            case "SUPPRESS":  # of the old sp_addtype world: nothing but a word
                c.at += 1
                extra.append(c.clause("unknown_clause", at))
            case _:
                found = constraint.read(c, rows, name, into.schemes)
                if found is None:
                    extra.append(_left_over(c))
                elif constraint.is_edge(found):
                    into.edge(found)
                else:
                    into.constraints.append(found)


#: Properties of a column that the targets lack, with their constructs.
_MARKS: Final = {
    "ROWGUIDCOL": "rowguidcol", "SPARSE": "sparse_column", "FILESTREAM": "filestream_column",
    "MASKED": "masked_column", "ENCRYPTED": "column_encryption", "COLUMN_SET": "column_set",
}  # fmt: skip

#: Marks of columns that are always nullable.
_NULLABLE: Final = frozenset({"sparse_column", "column_set"})


def _mark(c: Cursor, word: str) -> Clause:
    start = c.at
    c.at += 1
    if word in ("MASKED", "ENCRYPTED"):
        c.accept("WITH")
        if c.word() == "(":
            c.skip_group()
    elif word == "COLUMN_SET":
        c.accept("FOR", "ALL_SPARSE_COLUMNS")
    return c.clause(_MARKS[word], start)


def _left_over(c: Cursor) -> Clause:
    start = c.at
    to_comma(c, *constraint.BEGINS, "NOT", "NULL", "DEFAULT", "REFERENCES", "IDENTITY")
    if c.at == start:
        c.at += 1
    return c.clause("unknown_clause", start)


def default(c: Cursor) -> dict[str, Any]:
    """The default behind DEFAULT, without the parentheses around it: ``((0))`` is 0."""
    start = c.at
    expression_end(c)
    if c.at == start:
        raise c.error("a default value expected")
    found = constraint.bare(c, start, c.at)
    return {"default": None if found.text.upper() == "NULL" else found, "draws": _sequence(c, start)}


def _sequence(c: Cursor, start: int) -> QName | None:
    """The sequence in ``NEXT VALUE FOR [schema.]name``, if the default between ``start`` and the cursor is one."""
    end = c.at
    at = start
    while c.texts[at] == "(" and at < end:
        at += 1
    if c.texts[at : at + 3] != ["NEXT", "VALUE", "FOR"]:
        return None
    c.at = at + 3
    found = c.qname()
    alone = c.at == end - (at - start)
    c.at = end
    return found if alone else None


def expression_end(c: Cursor) -> None:
    """Step over an expression that may stand without parentheses."""
    start = c.at
    while not c.done():
        text = c.word()
        if text == "(":
            c.skip_group()
            continue
        if text in (",", ")"):
            return
        if text == "NEXT" and c.ahead() == "VALUE":
            c.at += 3
            continue
        if c.at > start:
            before = c.texts[c.at - 1]
            if text in _STOP:
                return
            if text == "NOT" and before not in _OPERATORS:
                return
            if text == "NULL" and before not in _OPERATORS:
                return
        c.at += 1


def _identity(c: Cursor) -> Identity:
    """``(seed, increment)``; 1 and 1 where there are none."""
    seed, step = 1, 1
    if c.word() == "(":
        c.at += 1
        seed = whole_number(c)
        if c.accept(","):
            step = whole_number(c)
        c.expect(")")
    options = SequenceOptions(start=None if seed == 1 else seed, increment=None if step == 1 else step)
    # other engines bound a counter by 1 and -1, this one by its type alone
    if step > 0 and seed < 1:
        options = replace(options, minimum=seed)
    elif step < 0 and seed > -1:
        options = replace(options, start=seed, maximum=seed)
    return Identity(options=options)


def _generated(c: Cursor, changes: dict[str, Any], extra: list[Clause]) -> None:
    """``GENERATED ALWAYS AS {ROW | TRANSACTION_ID | SEQUENCE_NUMBER} {START | END} [HIDDEN]``."""
    start = c.at
    c.expect("GENERATED", "ALWAYS", "AS")
    what, end = c.take(), c.take()
    if end not in ("START", "END"):
        c.at -= 1
        raise c.error("START or END expected")
    extra.append(c.clause("period_column" if what == "ROW" else "ledger_column", start))
    if what == "ROW" and end == "START":
        changes.setdefault("default", Fragment("SYSUTCDATETIME()", c.span(start)))


def _end_of_time(type_: Type, at: Span) -> Fragment:
    """The greatest time of a target's column: more digits would be rounded up to the year 10000."""
    places = 6 if type_.precision is None else min(type_.precision, 6)
    return Fragment("'9999-12-31 23:59:59" + (f".{'9' * places}'" if places else "'"), at)


def collation(name: str) -> dict[str, Any]:
    """A collation, and what it tells apart (Transact-SQL reference, "Windows collation name", "SQL Server collation
    name"): CI and CS stand for case, AI and AS for accents, BIN and BIN2 for code points."""
    parts = name.upper().split("_")
    if name.upper() in ("DATABASE_DEFAULT", "CATALOG_DEFAULT"):
        return {}
    if "BIN" in parts or "BIN2" in parts:
        compares = "bin"
    else:
        case = "cs" if "CS" in parts else "ci"
        compares = f"{case}_{'ai' if 'AI' in parts else 'as'}"
    return {"collation": name, "compares": compares}
