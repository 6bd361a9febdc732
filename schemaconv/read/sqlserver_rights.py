"""Principals and permissions of SQL Server.

Source: Transact-SQL reference, "GRANT", "DENY", "REVOKE", "CREATE USER", "CREATE ROLE", "ALTER ROLE", "Database-level
roles".
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Final

from ..ir.catalog import Clause, Grant, Role
from ..ir.names import Name, QName
from .base import Builder
from .cursor import Cursor

#: Securables behind ``ON class::`` that are tables, views and routines.
_OBJECTS: Final = frozenset({"OBJECT", "TABLE", "VIEW"})
#: Roles that every database has; their rights are the server's own.
FIXED: Final = frozenset(
    """
    DB_OWNER DB_SECURITYADMIN DB_ACCESSADMIN DB_BACKUPOPERATOR DB_DDLADMIN DB_DATAWRITER DB_DATAREADER DB_DENYDATAWRITER
    DB_DENYDATAREADER SYSADMIN SERVERADMIN SECURITYADMIN PROCESSADMIN SETUPADMIN BULKADMIN DISKADMIN DBCREATOR
    """.split()
)
#: What membership in one of them allows ("Database-level roles"), as far as it is a right on all objects there are.
_ROLE_RIGHTS: Final = {
    "DB_DATAREADER": ("SELECT",), "DB_DATAWRITER": ("INSERT", "UPDATE", "DELETE"), "DB_DDLADMIN": ("ALTER",),
    "DB_OWNER": ("CONTROL",),
}  # fmt: skip
#: Rights that hold for all objects of a database if nothing stands behind ON ("GRANT Database Permissions").
_DATABASE: Final = frozenset("SELECT INSERT UPDATE DELETE EXECUTE REFERENCES ALTER CONTROL".split())
#: Abbreviations and other spellings of a permission.
_SPELLED: Final = {"EXEC": "EXECUTE", "ALL PRIVILEGES": "ALL"}


def grant(c: Cursor) -> Grant:
    """The cursor stands on GRANT, DENY or REVOKE. DENY is a grant with the clause ``deny``."""
    verb = c.take()
    start = c.at
    extra: list[Clause] = []
    if c.accept("GRANT", "OPTION", "FOR"):
        extra.append(c.clause("grant_option_for", start))
    privileges = _privileges(c)
    on: QName | None = None
    kind = ""
    if c.accept("ON"):
        on, kind = _securable(c)
        if c.word() == "(":
            columns = c.names()
            privileges = [(word, own or columns) for word, own in privileges]
    if not (c.accept("TO") or c.accept("FROM")):
        raise c.error("TO expected")
    to = [_principal(c)]
    while c.accept(","):
        to.append(_principal(c))
    admin = False
    while not c.done():
        start = c.at
        if c.accept("WITH", "GRANT", "OPTION"):
            admin = True
        elif c.accept("CASCADE"):
            continue
        elif c.accept("AS"):
            c.name()
            extra.append(c.clause("grantor", start))
        else:
            c.at = c.count
            extra.append(c.clause("unknown_clause", start))
    if on is None and not kind and _DATABASE.issuperset(word for word, _ in privileges):
        kind = "database"
    if verb == "DENY":
        extra.append(Clause("deny", c.raw(0), c.span(0)))
    elif on is None and all(word == "CONNECT" for word, _ in privileges):
        extra.append(Clause("grant_connect", c.raw(0), c.span(0)))
    name = on or QName(None, Name(", ".join(word for word, _ in privileges)))
    return Grant(
        name, c.span(0), revoke=verb == "REVOKE", privileges=tuple(privileges), on=on, on_kind=kind, to=tuple(to),
        admin=admin, clauses=tuple(extra),
    )  # fmt: skip


#: What ALL stands for on a table or a view ("GRANT Object Permissions").
_ALL: Final = ("SELECT", "INSERT", "UPDATE", "DELETE", "REFERENCES")


def spelled_out(found: Grant, routine: bool) -> Grant:
    """``found`` with ALL as the permissions that it stands for: fewer than ALL means elsewhere."""
    if not any(word == "ALL" for word, _ in found.privileges):
        return found
    words = ("EXECUTE",) if routine else _ALL
    privileges = [p for p in found.privileges if p[0] != "ALL"]
    privileges += [(word, ()) for word in words if (word, ()) not in privileges]
    return replace(found, privileges=tuple(privileges))


def withhold(builder: Builder) -> None:
    """What is granted and denied to the same people is left to a person: without the DENY it would be too much."""
    denied = [o for o in builder.objects if isinstance(o, Grant) and any(k.construct == "deny" for k in o.clauses)]
    for subject, found in enumerate(builder.objects):
        if not denied or not isinstance(found, Grant) or found.revoke or found in denied:
            continue
        if found.on is None and found.on_kind != "database":
            continue
        if any(_overlap(found, deny) for deny in denied):
            builder.objects[subject] = replace(found, clauses=(*found.clauses, Clause("deny", "", found.at)))


def _overlap(given: Grant, deny: Grant) -> bool:
    people = {n.text for n in deny.to}
    if "PUBLIC" not in people and not people.intersection(n.text for n in given.to):
        return False
    words = {word for word, _ in deny.privileges}
    if not words & {"ALL", "CONTROL"} and not words.intersection(word for word, _ in given.privileges):
        return False
    if deny.on is None or given.on is None:
        return True
    if "schema" in (deny.on_kind, given.on_kind):
        return _home(deny) == _home(given)
    return deny.on == given.on


def _home(found: Grant) -> str:
    """The schema that a right is about, or whose object it is about."""
    assert found.on is not None
    if found.on_kind == "schema":
        return found.on.name.text
    return found.on.schema.text if found.on.schema is not None else "DBO"


def _privileges(c: Cursor) -> list[tuple[str, tuple[Name, ...]]]:
    found: list[tuple[str, tuple[Name, ...]]] = []
    while True:
        words: list[str] = []
        while not c.done() and c.word() not in (",", "(", "ON", "TO", "FROM"):
            words.append(c.take())
        if not words:
            raise c.error("a permission expected")
        columns = c.names() if c.word() == "(" else ()
        word = " ".join(words)
        found.append((_SPELLED.get(word, word), columns))
        if not c.accept(","):
            return found


def _securable(c: Cursor) -> tuple[QName, str]:
    """What stands behind ON, and its class unless it is a table, a view or a routine."""
    words: list[str] = []
    at = c.at
    while c.texts[at].isalpha() and c.texts[at + 1] != "." and len(words) < 4:
        words.append(c.texts[at])
        at += 1
    if c.texts[at] == "::" and words:
        c.at = at + 1
        kind = " ".join(words).lower()
        return c.qname(), "" if words[0] in _OBJECTS and len(words) == 1 else kind
    return c.qname(), ""


def _principal(c: Cursor) -> Name:
    if c.word() == "[" or not c.is_name():
        raise c.error("a user or role expected")
    return c.name()


def user(c: Cursor) -> Role:
    """The cursor stands behind USER. What follows the name (password, keys) is never kept."""
    name = c.qname()
    start = c.at
    login = ("WITHOUT", "LOGIN") not in pairwise(c.texts[start : c.count])
    c.at = c.count
    return Role(name, c.span(0), login=login)


def role(c: Cursor) -> Role:
    """The cursor stands behind ROLE."""
    name = c.qname()
    extra: tuple[Clause, ...] = ()
    start = c.at
    if c.accept("AUTHORIZATION"):
        c.name()
        extra = (c.clause("owner", start),)
    return Role(name, c.span(0), clauses=extra)


def membership(c: Cursor, role_: Name, member: Name, revoke: bool) -> Grant:
    """A principal becomes member of a role, or leaves it."""
    clauses = (Clause("fixed_role", role_.text.lower(), c.span(0)),) if role_.text in FIXED else ()
    if role_.text in _ROLE_RIGHTS:
        return Grant(
            QName(None, role_), c.span(0), revoke=revoke, privileges=tuple((w, ()) for w in _ROLE_RIGHTS[role_.text]),
            on_kind="database", to=(member,), clauses=clauses,
        )  # fmt: skip
    return Grant(
        QName(None, role_), c.span(0), revoke=revoke, privileges=((role_.text, ()),), to=(member,), roles=True,
        clauses=clauses,
    )  # fmt: skip
