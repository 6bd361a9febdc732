"""Teradata objects apart from tables: views, types, comments, routines, data (SQL Data Definition Language)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from ..ir.catalog import Clause, Column, Comment, Other, Routine, UserType, View
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..ir.types import UNKNOWN, Type
from ..source import Span
from . import teradata_column
from .base import statement_other
from .cursor import Cursor, string_value
from .teradata_table import within
from .typenames import names, read_type

#: What may be locked, and how (SQL Data Manipulation Language, "LOCKING Request Modifier").
_LOCKED: Final = frozenset({"DATABASE", "TABLE", "VIEW", "ROW"})
_MODES: Final = frozenset({"ACCESS", "EXCLUSIVE", "EXCL", "SHARE", "READ", "WRITE", "CHECKSUM", "LOAD", "OVERRIDE"})


def locking(c: Cursor) -> int:
    """Step over ``LOCKING ... FOR mode [MODE] [NOWAIT]`` as often as it stands here; returns where it began, or -1."""
    start = -1
    while c.word() in ("LOCKING", "LOCK") and c.ahead() not in ("", "."):
        start = c.at if start < 0 else start
        c.at += 1
        word = c.accept_any(*_LOCKED)
        if word != "ROW" and c.word() not in ("FOR", "IN"):
            c.qname()
        c.accept_any("FOR", "IN")
        if not c.accept_any(*_MODES):
            raise c.error("ACCESS, READ, WRITE, SHARE or EXCLUSIVE expected")
        c.accept_any("COMMITTED")
        c.accept_any("MODE", "LOCK")
        c.accept("NOWAIT")
    return start


# -- views ---------------------------------------------------------------------------------------------------------


def view(c: Cursor, home: Name | None, recursive: bool) -> View:
    """The cursor stands behind VIEW."""
    name = within(c.qname(), home)
    extra: list[Clause] = []
    columns: tuple[Name, ...] = ()
    if c.word() == "(":
        columns = c.names()
    c.expect("AS")
    _unlocked(c, extra)
    start, end, checked = _query(c)
    if end <= start:
        raise c.error("a query expected")
    c.at = end
    query = c.fragment(start)
    c.at = c.count
    if recursive:
        query = replace(query, text=_recursive(name.name, columns, query.text))
    return View(name, c.span(0), query=query, columns=columns, check_option=checked, clauses=tuple(extra))


def _unlocked(c: Cursor, extra: list[Clause]) -> None:
    at = locking(c)
    if at >= 0:
        extra.append(c.clause("locking_modifier", at))


def _query(c: Cursor) -> tuple[int, int, bool]:
    """The tokens of the query behind AS, and whether WITH CHECK OPTION ends it; one pair of parentheses is dropped."""
    start, end, checked = c.at, c.count, False
    if end - start > 3 and c.texts[end - 2 : end] == ["CHECK", "OPTION"]:
        end -= 2
        end -= c.texts[end - 1] in ("LOCAL", "CASCADED")
        end -= c.texts[end - 1] == "WITH"
        checked = True
    while c.texts[start] == "(" and c.texts[end - 1] == ")":
        c.at = start
        c.skip_group()
        if c.at != end:
            break
        start, end = start + 1, end - 1
        if c.texts[end - 1] == ";":
            end -= 1
        c.at = start
        if c.word() in ("LOCKING", "LOCK"):
            locking(c)
            start = c.at
    return start, end, checked


def _recursive(name: Name, columns: tuple[Name, ...], query: str) -> str:
    """A recursive view as the standard spells it: a query that names itself."""
    own = f'"{name}"'
    listed = f" ({', '.join(f'{chr(34)}{n}{chr(34)}' for n in columns)})" if columns else ""
    return f"WITH RECURSIVE {own}{listed} AS ({query}) SELECT * FROM {own}"


# -- types ---------------------------------------------------------------------------------------------------------


def user_type(c: Cursor) -> UserType:
    """The cursor stands behind TYPE: a distinct, a structured or an array type.

    Types live in SYSUDTLIB, whether the script says so or not ("CREATE TYPE"), and columns name them without it.
    """
    found = UserType(QName(None, c.qname().name), c.span(0))
    methods: list[Clause] = []
    if not c.accept("AS"):
        return replace(found, form="incomplete", at=c.span(0))
    if c.word() == "(":
        found = replace(found, attributes=_attributes(c))
    elif c.accept("VARRAY"):
        size = 1
        while c.word() == "(":
            size *= _size(c.group().text)
        c.expect("OF")
        found = replace(found, form="varray", of=_type(c), size=size)
    else:
        of = _type(c)
        if c.accept("ARRAY"):
            size = 1
            while c.accept("["):
                at = c.at
                while not c.done() and c.word() != "]":
                    c.at += 1
                size *= _size(c.raw(at))
                c.expect("]")
            found = replace(found, form="varray", of=of, size=size)
        else:
            found = replace(found, form="alias", of=of)
    c.accept("DEFAULT", "NULL")
    while not c.done():
        at = c.at
        if c.accept("NOT", "FINAL"):
            found = replace(found, final=False)
        elif not c.accept_any("FINAL", "INSTANTIABLE", ","):
            while not c.done() and not (c.word() == "," and c.at > at):
                c.skip_group() if c.word() == "(" else c.take()
            methods.append(c.clause("user_type_methods", at))
    return replace(found, at=c.span(0), methods=tuple(methods))


def _size(text: str) -> int:
    """The number of elements in ``5`` or ``1:7``."""
    first, colon, last = text.partition(":")
    return int(last) - int(first) + 1 if colon else int(first)


def _type(c: Cursor) -> Type:
    at = c.at
    found, c.at = read_type(c.texts, c.at, names("teradata"))
    if c.at == at:
        raise c.error("a data type expected")
    found = replace(found, raw=c.raw(at))
    if c.accept("CHARACTER", "SET"):
        found = teradata_column.national(found, c.take()) or found
    return found


def _attributes(c: Cursor) -> tuple[Column, ...]:
    c.expect("(")
    found: list[Column] = []
    while True:
        start = c.at
        name = c.name()
        type_ = _type(c) if c.word() not in (",", ")") else UNKNOWN
        found.append(Column(name, type_, c.span(start)))
        if not c.accept(","):
            break
    c.expect(")")
    return tuple(found)


# -- comments ------------------------------------------------------------------------------------------------------

_COMMENTED: Final = {
    "TABLE": "table", "VIEW": "view", "COLUMN": "column", "MACRO": "macro", "DATABASE": "database", "USER": "user",
    "FUNCTION": "function", "PROCEDURE": "procedure", "TRIGGER": "trigger", "ROLE": "role", "PROFILE": "profile",
    "TYPE": "type", "METHOD": "method", "FILE": "file", "GROUP": "group", "EXTENSION": "extension", "CAST": "cast",
    "SPECIFIC": "function", "CONSTRAINT": "constraint", "MAP": "map",
}  # fmt: skip


def comment(
    c: Cursor, home: Name | None, is_relation: Callable[[str], bool], owner: Callable[[str, Name], str]
) -> Comment | Other:
    """``COMMENT [ON] [kind] name [AS | IS] 'text'``.

    ``is_relation`` knows the names of tables and views, ``owner`` what a database, a user or a role of the script is
    elsewhere.

    Without a kind, three names are a column; two are a column where the first one is a table. A statement without a
    text shows the comment that is there.
    """
    c.expect("COMMENT")
    c.accept("ON")
    on = ""
    if c.word() in _COMMENTED and c.ahead() not in (".", "IS", "AS") and c.ahead()[:1] not in ("'", ""):
        on = _COMMENTED[c.take()]
        c.accept_any("SET")
        c.accept("FUNCTION")
    parts = [c.name()] if c.is_name() else []
    while c.accept("."):
        parts.append(c.name())
    at = c.at
    while not c.done() and c.word() not in ("AS", "IS") and c.word()[:1] != "'":
        c.skip_group() if c.word() == "(" else c.take()
    shown = c.raw(at - 2 * len(parts) + 1 if parts else at)
    if not c.accept_any("AS", "IS") and c.word()[:1] != "'":
        return _told(c, "help_statement", "script", shown)
    text = _text(c)
    if not on and parts:
        column = len(parts) == 3 or (len(parts) == 2 and is_relation(parts[0].text) and not is_relation(parts[1].text))
        on = "column" if column else "table"
    if text is not None and len(parts) == 1 and on in ("database", "user", "role") and (kept := owner(on, parts[0])):
        return Comment(QName(None, parts[0]), c.span(0), on=kept, text=text)
    if on not in ("table", "view", "column") or not parts or (on == "column" and len(parts) < 2):
        c.at = c.count
        return statement_other("comment_unknown_object", "comment", shown, c.span(0, c.count), f"{on} {shown}")
    if text is None:
        return _told(c, "help_statement", "script", shown)
    if on == "column":
        schema = parts[-3] if len(parts) > 2 else home
        return Comment(QName(schema, parts[-2]), c.span(0), on=on, column=parts[-1], text=text)
    return Comment(within(QName(parts[-2] if len(parts) > 1 else None, parts[-1]), home), c.span(0), on=on, text=text)


def _text(c: Cursor) -> str | None:
    """The comment's text, ``None`` for NULL; Teradata also takes it between double quotes."""
    word = c.take()
    if word == "NULL":
        return None
    if word[:1] == '"':
        return word[1:-1].replace('""', '"')
    if word[:1] != "'":
        c.at -= 1
        raise c.error("a text in quotes expected")
    text = string_value(word)
    while c.word()[:1] == "'":  # texts in a row are one
        text += string_value(c.take())
    return text


def _told(c: Cursor, construct: str, kind: str, name: str) -> Other:
    c.at = c.count
    return statement_other(construct, kind, name, c.span(0, c.count), c.raw(0, c.count))


# -- stored code ---------------------------------------------------------------------------------------------------


def routine(c: Cursor, what: str, at: Span, home: Name | None) -> Routine:
    """A procedure, function, trigger or macro; the cursor stands behind that word."""
    name = within(c.qname(), home)
    table = None
    if what == "TRIGGER":
        on = next((i for i in range(c.at, c.count) if c.texts[i] == "ON"), None)
        if on is not None:
            c.at = on + 1
            table = c.qname() if c.is_name() else None
    c.at = c.count
    return Routine(name, at, what=what.lower(), text=Fragment(c.raw(0), at), table=table)
