"""CREATE and DROP of Oracle packages among the objects of a script."""

from __future__ import annotations

from dataclasses import replace

from ..ir.catalog import Clause, Routine
from ..ir.fragment import Fragment
from ..ir.names import QName
from ..source import Span
from . import plsql_package
from .base import Builder
from .cursor import Cursor


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


def drop(builder: Builder, name: QName, what: str, at: Span, text: str) -> bool:
    """DROP PACKAGE [BODY]; whether the script has it."""
    kinds = ("package body",) if what == "PACKAGE BODY" else ("package", "package body")
    found = _there(builder, name, kinds)
    for subject in found:
        builder.drop(subject, at, text)
    return bool(found)


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
