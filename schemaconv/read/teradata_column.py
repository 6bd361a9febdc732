"""Teradata column definitions (SQL Data Definition Language, "CREATE TABLE": column attributes, in any order)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from ..ir.catalog import Clause, Column, Constraint, Identity
from ..ir.fragment import Fragment
from ..ir.names import Name
from ..ir.types import UNKNOWN, Type
from . import clauses, teradata_constraint
from .clauses import Rows
from .cursor import Cursor, string_value
from .sequences import sequence_options
from .typenames import names, read_type

#: Words that begin an attribute, and so end a default.
_BEGINS: Final = frozenset(
    """
    NOT CASESPECIFIC CS UPPERCASE UC CHARACTER CHAR FORMAT TITLE NAMED DEFAULT WITH COMPRESS NO AUTO GENERATED CHECK
    PRIMARY UNIQUE REFERENCES CONSTRAINT BETWEEN ASC DESC COMMENT STORAGE INLINE NULL WITHOUT SEQUENCED NONSEQUENCED
    """.split()
)
_ENDS: Final = _BEGINS | {",", ")"}
#: Character sets whose characters are not all of one byte (SQL Data Types and Literals, "Character Data Types").
_NATIONAL: Final = frozenset({"UNICODE", "KANJISJIS", "KANJI1", "GRAPHIC"})
#: What NOT CASESPECIFIC and CASESPECIFIC tell apart ("Default Case Specificity of Character Columns"): CHAR and VARCHAR
#: of CHARACTER SET GRAPHIC are CASESPECIFIC in every session.
BLIND: Final = "ci_as"
SPECIFIC: Final = "bin"
_GRAPHIC: Final = ("GRAPHIC", "VARGRAPHIC", "LONG VARGRAPHIC")
_COMPARED: Final = frozenset({"char", "varchar", "nchar", "nvarchar"})
_AFTER_NAME: Final = frozenset({",", ")", ""}) | (_BEGINS - {"CHAR", "CHARACTER"})


def read(c: Cursor, table: Rows) -> tuple[Column, tuple[Constraint, ...]]:
    """A column with its inline constraints; NOT NULL is the column's own flag."""
    start = c.at
    notes = c.notes(start)
    name = c.name()
    type_, at = UNKNOWN, c.at
    if c.word() not in _AFTER_NAME:
        type_, c.at = read_type(c.texts, c.at, names("teradata"))
        if c.at == at:
            raise c.error("a data type expected")
        type_ = replace(type_, raw=c.raw(at))
    changes, constraints = attributes(c, table, name, type_)
    if type_.raw.upper().startswith(_GRAPHIC):
        changes.setdefault("compares", SPECIFIC)
    return Column(name, changes.pop("type", type_), c.span(start), notes=notes, **changes), constraints


def attributes(c: Cursor, table: Rows, name: Name, type_: Type) -> tuple[dict[str, Any], tuple[Constraint, ...]]:
    """What follows name and type, up to a comma, a closing parenthesis or the end."""
    found: list[Constraint] = []
    extra: list[Clause] = []
    changes: dict[str, Any] = {}
    while not c.done():
        at = c.at
        match c.word():
            case "," | ")":
                break
            case "NOT" if c.ahead() == "NULL":
                c.at += 2
                changes["not_null"] = True
            case "NOT" if c.ahead() in ("CASESPECIFIC", "CS"):
                c.at += 2
                changes |= {"collation": "NOT CASESPECIFIC", "compares": BLIND}
            case "NULL":
                c.at += 1
            case "CASESPECIFIC" | "CS":
                c.at += 1
                changes |= {"collation": "", "compares": SPECIFIC}
                extra.append(c.clause("case_specific", at))
            case "UPPERCASE" | "UC":
                c.at += 1
                extra.append(c.clause("uppercase_column", at))
            case "CHARACTER" | "CHAR" if c.ahead() == "SET":
                c.at += 2
                word = c.take()
                if (wide := national(changes.get("type", type_), word)) is not None:
                    changes["type"] = wide
                if word == "GRAPHIC":
                    changes.setdefault("compares", SPECIFIC)
            case "FORMAT" | "NAMED":
                c.at += 2
                extra.append(c.clause("display_format", at))
            case "TITLE" if c.ahead()[:1] == "'":
                c.at += 2
                extra.append(c.clause("column_title", at))
            case "COMMENT" if c.ahead()[:1] == "'":  # not Teradata's, but it stands in scripts
                c.at += 1
                changes["comment"] = string_value(c.take())
            case "DEFAULT":
                c.at += 1
                changes["default"] = _default(c)
            case "WITH" if c.ahead() == "DEFAULT":
                c.at += 2
                if (default := _system_default(type_)) is not None:
                    changes["default"] = Fragment(default, c.span(at))
                else:
                    extra.append(c.clause("unknown_clause", at))
            case "COMPRESS" | "AUTO" | "NO" if clause := _compress(c):
                extra.append(clause)
            case "GENERATED":
                _generated(c, changes, extra)
            case "AS" if c.ahead() in ("VALIDTIME", "TRANSACTIONTIME"):
                c.at += 2
                extra.append(c.clause("temporal_table", at))
            case "CONSTRAINT" | "PRIMARY" | "UNIQUE" | "CHECK" | "REFERENCES" | "BETWEEN":
                constraint = teradata_constraint.read(c, extra, name)
                found += [constraint] if constraint is not None else []
            case "CURRENT" | "SEQUENCED" | "NONSEQUENCED" | "VALIDTIME" if teradata_constraint.begins(c):
                constraint = teradata_constraint.read(c, extra, name)
                found += [constraint] if constraint is not None else []
            case _:
                extra.append(clauses.accept(c, table) or _left_over(c))
    if extra:
        changes["clauses"] = tuple(extra)
    return changes, tuple(found)


def specific(found: Column) -> Column:
    """``found`` of a session in which text is CASESPECIFIC unless a column says otherwise."""
    if found.compares or found.type.kind not in _COMPARED:
        return found
    return replace(found, compares=SPECIFIC)


def title(clause: Clause) -> str:
    """The heading in ``TITLE 'First//Second'``, whose slashes begin a new line."""
    return string_value(clause.text[clause.text.index("'") :]).replace("//", " ")


def national(type_: Type, character_set: str) -> Type | None:
    """``type_`` in a character set whose characters are not all of one byte; ``None`` if they are."""
    if character_set not in _NATIONAL:
        return None
    kind = {"char": "nchar", "varchar": "nvarchar", "text": "ntext"}.get(type_.kind)
    if kind == "nvarchar" and type_.length is not None:  # LONG VARCHAR among them
        type_ = replace(type_, length=min(type_.length, 32000))
    return replace(type_, kind=kind) if kind is not None else None


def _left_over(c: Cursor) -> Clause:
    start = c.at
    c.at += 1 if c.word() != "(" else 0
    c.skip_to(_ENDS)
    if c.at == start:
        c.at += 1
    return c.clause("unknown_clause", start)


#: What a default that is one word means.
_NILADIC: Final = {"DATE": "CURRENT_DATE", "TIME": "CURRENT_TIME", "USER": "CURRENT_USER"}


def _default(c: Cursor) -> Fragment:
    start = c.at
    word = c.take()
    if word == "(":
        c.at = start
        c.skip_group()
    elif word in _NILADIC and c.word()[:1] != "'":
        return Fragment(_NILADIC[word], c.span(start))
    c.skip_to(_ENDS)
    if c.at == start or word in (",", ")"):
        c.at = start
        raise c.error("a default value expected")
    return c.fragment(start)


#: SQL Data Types and Literals, "WITH DEFAULT Phrase".
_SYSTEM: Final = {
    **dict.fromkeys(
        """tinyint smallint integer bigint decimal number real double float money boolean""".split(), "0"
    ),
    **dict.fromkeys("char nchar varchar nvarchar".split(), "''"),
    "date": "CURRENT_DATE", "time": "CURRENT_TIME", "timetz": "CURRENT_TIME",
    "timestamp": "CURRENT_TIMESTAMP", "timestamptz": "CURRENT_TIMESTAMP",
}  # fmt: skip


#: Zero, by the unit that an interval begins and the one that it ends with.
_NOUGHT: Final = {
    ("YEAR", "MONTH"): "0-00", ("DAY", "HOUR"): "0 00", ("DAY", "MINUTE"): "0 00:00", ("DAY", "SECOND"): "0 00:00:00",
    ("HOUR", "MINUTE"): "00:00", ("HOUR", "SECOND"): "00:00:00", ("MINUTE", "SECOND"): "00:00",
}  # fmt: skip
_UNIT: Final = re.compile(r"\b(YEAR|MONTH|DAY|HOUR|MINUTE|SECOND)\b", re.IGNORECASE)


def _system_default(type_: Type) -> str | None:
    match type_.kind:
        case "binary":
            return f"'{'00' * (type_.length or 1)}'XB"
        case "varbinary":
            return "''XB"
        case "interval_ym" | "interval_ds":
            units = tuple(unit.upper() for unit in _UNIT.findall(type_.raw))
            return f"INTERVAL '{_NOUGHT.get(units, '0')}' {' TO '.join(units)}" if units else None
        case _:
            return _SYSTEM.get(type_.kind)


#: How a compressed value may begin.
_VALUE: Final = frozenset("'0123456789.")


def _compress(c: Cursor) -> Clause | None:
    """``COMPRESS [values] | COMPRESS USING f DECOMPRESS USING g | [NO] AUTO COMPRESS | NO COMPRESS``, as one clause."""
    start = c.at
    c.accept("NO")
    c.accept("AUTO")
    if not c.accept("COMPRESS"):
        c.at = start
        return None
    while True:
        if c.accept("USING"):
            c.qname()
        elif c.word() == "(":
            c.skip_group()
        elif c.word() in ("DATE", "TIME", "TIMESTAMP", "-", "+") and c.ahead()[:1] in _VALUE:
            c.at += 2
        elif _compressed(c):
            c.at += 1
        else:
            return c.clause("compression", start)


def _generated(c: Cursor, changes: dict[str, Any], extra: list[Clause]) -> None:
    start = c.at
    c.expect("GENERATED")
    always = True
    if c.accept("BY", "DEFAULT"):
        always = False
    else:
        c.accept("ALWAYS")
    c.expect("AS")
    if not c.accept("IDENTITY"):
        edge = c.ahead() if c.word() == "ROW" else ""
        c.skip_to(_ENDS)
        extra.append(c.clause("period_column" if edge in _EDGES else "temporal_table", start))
        if edge in _EDGES:
            changes.setdefault("default", Fragment(_EDGES[edge], c.span(start)))
        return
    grouped = c.accept("(")
    options = sequence_options(c, grouped=grouped)
    if grouped:
        c.expect(")")
    changes["identity"] = Identity(always, options=options)


#: What the server writes into the columns of a system-versioned table for a row that is inserted (Temporal Table
#: Support, "System-Versioned Tables").
_EDGES: Final = {"START": "CURRENT_TIMESTAMP", "END": "TIMESTAMP '9999-12-31 23:59:59.999999'"}


def _compressed(c: Cursor) -> bool:
    """Whether the word at hand belongs to COMPRESS: a value, NULL right behind it, or how to undo it."""
    word = c.word()
    return word == "DECOMPRESS" or word[:1] in _VALUE or (word == "NULL" and c.texts[c.at - 1] == "COMPRESS")
