"""Types of PL/SQL variables: those of SQL, of PL/SQL alone, and those that a column, a row or a variable gives.

Source: PL/SQL Language Reference 19c, "PL/SQL Data Types", "%TYPE Attribute" and "%ROWTYPE Attribute".
"""

from __future__ import annotations

from dataclasses import replace

from ..ir.names import Name
from ..ir.routine import Typed
from ..ir.types import Type
from .cursor import Cursor
from .typenames import read_type


def typed(c: Cursor) -> Typed:
    """The type that the cursor stands on."""
    start = c.at
    if (like := _anchor(c)) is not None:
        return replace(like, raw=c.raw(start))
    if c.accept("SYS_REFCURSOR") or c.accept("REF", "CURSOR"):
        return Typed(Type("cursor"), form="refcursor", raw=c.raw(start))
    type_, c.at = read_type(c.texts, c.at)
    if c.at == start:
        raise c.error("a data type expected")
    return Typed(replace(type_, raw=c.raw(start)), raw=c.raw(start))


def _anchor(c: Cursor) -> Typed | None:
    """``a.b%TYPE``, ``a%ROWTYPE``."""
    start = c.at
    if not c.is_name():
        return None
    names: list[Name] = [c.name()]
    while c.accept("."):
        if not c.is_name():
            break
        names.append(c.name())
    if c.word() == "%" and c.ahead() in ("TYPE", "ROWTYPE"):
        row = c.ahead() == "ROWTYPE"
        c.at += 2
        return Typed(like=tuple(names), row=row)
    c.at = start
    return None
