"""Declarations of stored code: types, parameters, variables, cursors, exceptions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ..source import NOWHERE, Span
from .clause import NO_NOTES, Notes
from .fragment import Fragment
from .names import Name
from .types import UNKNOWN, Type

if TYPE_CHECKING:
    from .routine import Program

Mode = Literal["in", "out", "inout"]


@dataclass(frozen=True, slots=True)
class Typed:
    """The type of a variable: ``type``, or that of what ``like`` names (a column, a table, a cursor, a variable).

    ``row``: all columns of ``like`` (``%ROWTYPE``); ``form`` says what else it is: "", "refcursor", "record".
    """

    type: Type = UNKNOWN
    like: tuple[Name, ...] = ()
    row: bool = False
    form: str = ""
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    name: Name
    type: Typed
    mode: Mode = "in"
    default: Fragment | None = None
    at: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Variable:
    name: Name
    type: Typed
    default: Fragment | None = None
    not_null: bool = False
    constant: bool = False
    at: Span = NOWHERE
    notes: Notes = NO_NOTES


@dataclass(frozen=True, slots=True)
class CursorVariable:
    """A cursor with its query."""

    name: Name
    query: Fragment
    parameters: tuple[Parameter, ...] = ()
    at: Span = NOWHERE
    notes: Notes = NO_NOTES


@dataclass(frozen=True, slots=True)
class Condition:
    """An exception that the author declares; ``number`` is the error that stands for it, if one does. ``state``: the
    target's state, where the target declares it too."""

    name: Name
    number: int | None = None
    at: Span = NOWHERE
    notes: Notes = NO_NOTES
    state: str = ""


@dataclass(frozen=True, slots=True)
class RecordType:
    name: Name
    fields: tuple[Variable, ...]
    at: Span = NOWHERE
    notes: Notes = NO_NOTES


@dataclass(frozen=True, slots=True)
class NamedType:
    """A type that a block names. ``form``: "subtype" (another name of ``of``), "refcursor", "table" and "varray"
    (elements ``of`` counted from one), or "index" (elements under keys of the type ``key``)."""

    name: Name
    form: str
    of: Typed = Typed()
    key: Typed | None = None
    at: Span = NOWHERE
    notes: Notes = NO_NOTES


@dataclass(frozen=True, slots=True)
class OtherDeclaration:
    """A declaration that no target has, or that is not read: ``construct`` says which. ``program`` is that of a
    subprogram inside of a routine, which is a procedure or a function (``what``)."""

    construct: str
    text: Fragment
    name: Name | None = None
    notes: Notes = NO_NOTES
    program: Program | None = None
    what: str = ""


Declaration = Variable | CursorVariable | Condition | RecordType | NamedType | OtherDeclaration
