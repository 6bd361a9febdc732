"""Databases, users, roles and rights of Teradata (SQL Data Control Language, "GRANT"; SQL Data Definition Language,
"CREATE DATABASE", "CREATE USER").

A user is a database as well. Passwords are never kept: what follows a user's name is read for its words alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ..ir.catalog import Clause, Grant, Object, Role, Schema
from ..ir.names import Name, QName
from .cursor import Cursor

#: Words of CREATE USER and CREATE DATABASE that are shown: none of them is a value.
_SAFE: Final = frozenset(
    """
    PERM PERMANENT SPOOL TEMPORARY STARTUP ACCOUNT FALLBACK JOURNAL DEFAULT DATABASE ROLE PROFILE COLLATION TIME ZONE
    DATEFORM CHARACTER SET LOGON DBA EXTERNAL SECURITY NO BEFORE AFTER DUAL TABLE MAP PASSWORD
    """.split()
)


def owner(c: Cursor, user: bool) -> list[Object]:
    """The cursor stands behind DATABASE or USER."""
    name = c.name()
    at = c.span(0)
    start = c.at
    words = [w for w in c.texts[start : c.count] if w in _SAFE]
    extra = (Clause("database_options", " ".join(words), c.span(start, start + 1)),) if words else ()
    c.at = c.count
    found: list[Object] = [Schema(QName(None, name), at, clauses=() if user else extra)]
    if user:
        found.append(Role(QName(None, name), at, login=True))
    return found


def role(c: Cursor) -> Role:
    """The cursor stands behind ROLE."""
    name = c.name()
    at = c.span(0)
    c.at = c.count
    return Role(QName(None, name), at)


#: Rights whose names are of several words, by those words.
_SPELLED: Final = {
    "RETRIEVE": "SELECT", "SEL": "SELECT", "INS": "INSERT", "UPD": "UPDATE", "DEL": "DELETE", "REF": "REFERENCES",
    "EXECUTE PROCEDURE": "EXECUTE", "EXECUTE FUNCTION": "EXECUTE", "ALL PRIVILEGES": "ALL",
}  # fmt: skip
_KINDS: Final = frozenset({"PROCEDURE", "FUNCTION", "TYPE", "SPECIFIC", "MACRO", "TABLE", "VIEW", "DATABASE", "USER"})
_CONNECTS: Final = frozenset({"LOGON", "CONNECT"})


def grant(c: Cursor, is_database: Callable[[QName], bool]) -> Grant:
    """The cursor stands on GRANT or REVOKE; ``is_database(name)`` tells a database from a table of that name."""
    revoke = c.take() == "REVOKE"
    extra: list[Clause] = []
    start = c.at
    if c.accept("GRANT", "OPTION", "FOR") or c.accept("ADMIN", "OPTION", "FOR"):
        extra.append(c.clause("grant_option_for", start))
    privileges = _privileges(c)
    logon = any(word.split()[0] in _CONNECTS for word, _ in privileges)
    on: QName | None = None
    kind = ""
    if c.accept("ON"):
        on, kind = _securable(c, logon)
    if not c.accept_any("TO", "FROM", "AS"):
        raise c.error("TO expected")
    to = _grantees(c)
    admin = False
    while not c.done():
        start = c.at
        if c.accept("WITH"):
            admin = c.accept_any("GRANT", "ADMIN") != "" or admin
            if not c.accept("OPTION"):
                c.at = c.count  # WITH NULL PASSWORD, WITH ROLE, ...
        else:
            c.at = c.count
            extra.append(c.clause("unknown_clause", start))
    if on is not None and not kind and is_database(on):
        kind = "schema"
    if logon:
        on, privileges = None, [("CONNECT", ())]
    name = on or QName(None, Name(", ".join(p for p, _ in privileges)))
    return Grant(
        name, c.span(0), revoke=revoke, privileges=tuple(privileges), on=on, on_kind=kind, to=tuple(to), admin=admin,
        clauses=tuple(extra),
    )  # fmt: skip


#: What ALL means on a table or a view, as far as it is a right to its rows; and all the words of rights that are none.
_ALL: Final = ("SELECT", "INSERT", "UPDATE", "DELETE", "REFERENCES")


def _privileges(c: Cursor) -> list[tuple[str, tuple[Name, ...]]]:
    """The rights named; ``ALL BUT x, y`` names those that are left."""
    if c.word() == "ALL" and c.ahead() == "BUT":
        c.at += 2
        without = {word for word, _ in _named(c)}
        return [(word, ()) for word in _ALL if word not in without]
    return _named(c)


def _named(c: Cursor) -> list[tuple[str, tuple[Name, ...]]]:
    found: list[tuple[str, tuple[Name, ...]]] = []
    while True:
        words: list[str] = []
        start = c.at
        while not c.done() and c.word() not in (",", "(", "ON", "TO", "FROM"):
            words.append(c.take())
        if not words:
            raise c.error("a privilege expected")
        columns = c.names() if c.word() == "(" else ()
        text = " ".join(words) if len(words) > 1 else c.raw(start, start + 1).strip('"').upper()
        found.append((_SPELLED.get(text, text), columns))
        if not c.accept(","):
            return found


def _securable(c: Cursor, logon: bool) -> tuple[QName | None, str]:
    if logon:  # a host number, or ALL
        c.take()
        c.accept("AS", "DEFAULT")
        return None, ""
    while c.word() in _KINDS and c.ahead() not in ("TO", "FROM", ".", ""):
        c.at += 1
    on = c.qname()
    if c.accept("."):
        c.accept("*")
    if c.word() == "(":  # parameters of a routine
        c.skip_group()
    return on, ""


def _grantees(c: Cursor) -> list[Name]:
    found: list[Name] = []
    while True:
        if c.word() == "ALL" and c.ahead() not in ("", ",", "WITH"):
            c.at += 1  # ALL user: he and those he owns
        found.append(c.name())
        if not c.accept(","):
            return found
