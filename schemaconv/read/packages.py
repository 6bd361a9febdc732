"""CREATE and DROP of Oracle packages among the objects of a script."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ..ir.catalog import Clause, Routine
from ..ir.fragment import Fragment
from ..ir.names import QName
from ..source import Span
from . import plsql_package
from .base import Builder
from .cursor import Cursor

#: Kinds of objects whose names must differ from each other (SQL Language Reference, "Database Object Naming Rules").
_SPACES: Final = {"procedure": "routine", "function": "routine"}
DROPPED: Final = ("PACKAGE", "PACKAGE BODY", "PROCEDURE", "FUNCTION", "TRIGGER")


def create(c: Cursor, builder: Builder, at: Span, replacing: bool) -> None:
    """CREATE PACKAGE [BODY], the cursor standing behind PACKAGE."""
    body = c.accept("BODY")
    c.accept("IF", "NOT", "EXISTS")
    name = c.qname()
    what = "package body" if body else "package"
    if "WRAPPED" in c.texts[:12]:
        text = Fragment(c.raw(0), at)
        c.at = c.count
        hidden = (Clause("wrapped_code", "WRAPPED", at),)
        made = [Routine(name, at, what=what, text=text, clauses=hidden)]
    else:
        made = plsql_package.package(c, name, body, at)
        made[0] = replace(made[0], clauses=made[0].clauses + c.rest())
    earlier = _there(builder, name, (what,))
    if replacing:
        for subject in earlier:
            old = builder.objects[subject]
            builder.objects[subject] = replace(
                old, clauses=(*old.clauses, Clause("replaced_later", str(old.name), old.at))
            )
    for one in made:
        if earlier and not replacing:
            one = replace(one, clauses=(*one.clauses, Clause("already_defined", str(one.name), one.at)))
        builder.add(one)


def once(builder: Builder, found: Routine, replacing: bool) -> Routine:
    """A procedure, function or trigger whose name the script may have given before. OR REPLACE takes the place of one
    of the same kind (a trigger's on the same table); anything else fails in Oracle, and the first one stays."""
    for subject in _alone(builder, found.name, found.what):
        old = builder.objects[subject]
        assert isinstance(old, Routine)
        if replacing and old.what == found.what and old.table == found.table:
            clause = Clause("replaced_later", str(old.name), old.at)
            builder.objects[subject] = replace(old, clauses=(*old.clauses, clause))
        else:
            found = replace(found, clauses=(*found.clauses, Clause("already_defined", str(found.name), found.at)))
        break
    return found


def drop(builder: Builder, name: QName, what: str, at: Span, text: str) -> bool:
    """DROP of a package, its body, a routine or a trigger; whether the script has it."""
    if what in ("PROCEDURE", "FUNCTION", "TRIGGER"):
        found = [s for s in _alone(builder, name, what.lower()) if builder.objects[s].kind == what.lower()]
    else:
        kinds = ("package body",) if what == "PACKAGE BODY" else ("package", "package body")
        found = _there(builder, name, kinds)
    for subject in found:
        builder.drop(subject, at, text)
    return bool(found)


def _alone(builder: Builder, name: QName, what: str) -> list[int]:
    """The routines outside of packages whose name ``what`` of that name would take, the last first."""
    space = _SPACES.get(what, what)
    found = []
    for subject in builder.defined(name.name.text):
        one = builder.objects[subject]
        if isinstance(one, Routine) and one.package is None and one.name.schema == name.schema and \
                one.kind != "script" and _SPACES.get(one.what, one.what) == space:
            found.append(subject)
    return found


def _there(builder: Builder, name: QName, kinds: tuple[str, ...]) -> list[int]:
    """The package's parts of those kinds that are there, with the subprograms of its body."""
    found = []
    for subject in (*builder.defined(name.name.text), *builder.in_schema(name.name)):
        one = builder.objects[subject]
        if not isinstance(one, Routine):
            continue
        if one.package is not None:
            if "package body" in kinds and one.package == name:
                found.append(subject)
        elif one.what in kinds and one.name == name:
            found.append(subject)
    return sorted(set(found))
