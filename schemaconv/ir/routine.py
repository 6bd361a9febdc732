"""Stored code: declarations and statements of procedures, functions and triggers, with SQL fragments inside.

One model for all procedural languages. A node enters it only where languages disagree or a printer needs it; whatever
is SQL or an expression is a :class:`~schemaconv.ir.fragment.Fragment`. What cannot be read is :class:`Opaque`, as
small a region as possible.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..source import NOWHERE, Span
from .clause import NO_NOTES, Notes
from .declared import Condition as Condition
from .declared import CursorVariable as CursorVariable
from .declared import Declaration as Declaration
from .declared import Mode as Mode
from .declared import NamedType as NamedType
from .declared import OtherDeclaration as OtherDeclaration
from .declared import Parameter as Parameter
from .declared import RecordType as RecordType
from .declared import Typed as Typed
from .declared import Variable as Variable
from .fragment import Fragment
from .names import Name, QName

Body = tuple["Step", ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What every statement has: its place and the author's comments."""

    at: Span
    notes: Notes = NO_NOTES


@dataclass(frozen=True, slots=True)
class Handler:
    """``conditions`` are names; none stands for all others. After legalization they are the target's.

    ``resume``: the block goes on behind the statement that failed. ``undone``: what the block changed is undone before.
    """

    conditions: tuple[Name, ...]
    body: Body
    at: Span = NOWHERE
    notes: Notes = NO_NOTES
    resume: bool = False
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Block(Step):
    label: Name | None = None
    declarations: tuple[Declaration, ...] = ()
    body: Body = ()
    handlers: tuple[Handler, ...] = ()
    closing: tuple[str, ...] = ()  # comments in front of its END


@dataclass(frozen=True, slots=True)
class Assign(Step):
    target: Fragment = Fragment("", NOWHERE)
    value: Fragment = Fragment("", NOWHERE)


@dataclass(frozen=True, slots=True)
class If(Step):
    branches: tuple[tuple[Fragment, Body], ...] = ()
    otherwise: Body | None = None


@dataclass(frozen=True, slots=True)
class Case(Step):
    operand: Fragment | None = None
    branches: tuple[tuple[Fragment, Body], ...] = ()
    otherwise: Body | None = None


@dataclass(frozen=True, slots=True)
class Loop(Step):
    """Without a condition until something leaves it, or ``condition`` first."""

    label: Name | None = None
    condition: Fragment | None = None
    body: Body = ()


@dataclass(frozen=True, slots=True)
class ForRange(Step):
    label: Name | None = None
    variable: Name = Name("")
    low: Fragment = Fragment("", NOWHERE)
    high: Fragment = Fragment("", NOWHERE)
    reverse: bool = False
    bulk: bool = False  # FORALL: one statement for each
    body: Body = ()
    over: str = ""  # FORALL over the "indices" of the collection ``low``, or over its "values"
    saves: bool = False  # FORALL goes on behind errors, and raises one of its own at its end
    caught: Body = ()  # what is done where it has saved errors, instead of raising its own; made by legalization
    each: Fragment | None = None  # made by legalization: the array of the variable's values


@dataclass(frozen=True, slots=True)
class ForQuery(Step):
    """Over the rows of ``query``, or of the cursor ``cursor`` with ``arguments``."""

    label: Name | None = None
    variable: Name = Name("")
    query: Fragment | None = None
    cursor: Name | None = None
    arguments: tuple[Fragment, ...] = ()
    body: Body = ()
    names: tuple[Name | None, ...] = ()  # of the arguments, where they are given by name


@dataclass(frozen=True, slots=True)
class Leave(Step):
    """EXIT, or with ``again`` CONTINUE."""

    again: bool = False
    label: Name | None = None
    when: Fragment | None = None


@dataclass(frozen=True, slots=True)
class Return(Step):
    value: Fragment | None = None


@dataclass(frozen=True, slots=True)
class Call(Step):
    """A procedure called as a statement; ``text`` is the whole call."""

    name: tuple[Name, ...] = ()
    arguments: tuple[tuple[Name | None, Fragment], ...] = ()
    text: Fragment = Fragment("", NOWHERE)
    returned: Fragment | None = None  # the variable that takes the return code
    outputs: frozenset[int] = frozenset()  # arguments, by place, that take a value back, where the call says so


@dataclass(frozen=True, slots=True)
class Sql(Step):
    """A data statement, without its RETURNING: ``into`` takes ``returning`` of the row, or of all where ``bulk``.
    ``current`` is the cursor whose row it changes. ``output`` are the columns of its rows that it gives, for the table
    ``output_into`` or as an answer: the row (inserted or deleted), the column, and its name."""

    statement: Fragment = Fragment("", NOWHERE)
    returning: tuple[Fragment, ...] = ()
    into: tuple[Fragment, ...] = ()
    bulk: bool = False
    current: Name | None = None
    output: tuple[tuple[str, Name, Name], ...] = ()
    output_into: tuple[QName, tuple[Name, ...]] | None = None


@dataclass(frozen=True, slots=True)
class SelectInto(Step):
    """``query`` is without its INTO, of which blanks are left. ``strict``: one row, no more and no less; else the last
    row counts, and without one the variables keep their values."""

    query: Fragment = Fragment("", NOWHERE)
    into: tuple[Fragment, ...] = ()
    bulk: bool = False
    strict: bool = True


@dataclass(frozen=True, slots=True)
class ReturnQuery(Step):
    """The rows of ``query`` are what the routine answers."""

    query: Fragment = Fragment("", NOWHERE)


@dataclass(frozen=True, slots=True)
class ReturnRow(Step):
    """``value`` is one more of the rows that the function gives."""

    value: Fragment = Fragment("", NOWHERE)


@dataclass(frozen=True, slots=True)
class Temporary(Step):
    """A temporary table of the routine: with ``columns``, or made of ``query``. ``keys`` are its table constraints,
    ``counts`` the first value and the step of its identity."""

    name: Name = Name("")
    columns: tuple[Variable, ...] = ()
    identity: Name | None = None
    keys: tuple[tuple[str, tuple[Name, ...]], ...] = ()
    query: Fragment | None = None
    counts: tuple[int, int] = (1, 1)


@dataclass(frozen=True, slots=True)
class Open(Step):
    """Of a declared cursor with its arguments, for a query, or for a text that ``using`` is bound to."""

    cursor: Fragment = Fragment("", NOWHERE)
    arguments: tuple[Fragment, ...] = ()
    query: Fragment | None = None
    text: Fragment | None = None
    using: tuple[Fragment, ...] = ()
    names: tuple[Name | None, ...] = ()  # of the arguments, where they are given by name


@dataclass(frozen=True, slots=True)
class Fetch(Step):
    cursor: Fragment = Fragment("", NOWHERE)
    into: tuple[Fragment, ...] = ()
    bulk: bool = False
    limit: Fragment | None = None


@dataclass(frozen=True, slots=True)
class Close(Step):
    cursor: Fragment = Fragment("", NOWHERE)


@dataclass(frozen=True, slots=True)
class Dynamic(Step):
    """A statement whose text is made at run time."""

    text: Fragment = Fragment("", NOWHERE)
    into: tuple[Fragment, ...] = ()
    using: tuple[Fragment, ...] = ()
    bulk: bool = False


@dataclass(frozen=True, slots=True)
class Taken(Step):
    """What ``source``, a call or a text that runs, answers goes into a table."""

    table: QName = QName(None, Name(""))
    columns: tuple[Name, ...] = ()
    source: Step = Step(NOWHERE)


@dataclass(frozen=True, slots=True)
class Raise(Step):
    """An error: by name, by ``number`` and ``message``, or again the one that is being handled."""

    name: Name | None = None
    number: Fragment | None = None
    message: Fragment | None = None
    arguments: tuple[Fragment, ...] = ()  # of the message's placeholders


@dataclass(frozen=True, slots=True)
class Print(Step):
    """A line of text for whoever runs the code."""

    text: Fragment = Fragment("", NOWHERE)


@dataclass(frozen=True, slots=True)
class Nothing(Step):
    pass


@dataclass(frozen=True, slots=True)
class Count(Step):
    """Keeps in ``variable`` how many rows the statement before has changed or found."""

    variable: Name = Name("")


@dataclass(frozen=True, slots=True)
class Ready(Step):
    """A statement that legalization has written in the target's words."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Diagnose(Step):
    """Keeps the message and the number of the error that is being handled."""

    message: Name = Name("")
    number: Name = Name("")


@dataclass(frozen=True, slots=True)
class Several(Step):
    """Statements that stand for one, without a scope of their own."""

    body: Body = ()


@dataclass(frozen=True, slots=True)
class Transaction(Step):
    """BEGIN, COMMIT or ROLLBACK of everything."""

    verb: str = "COMMIT"


@dataclass(frozen=True, slots=True)
class Passed(Step):
    """What targets do without, under the construct that names it."""

    construct: str = "routine_setting"
    text: Fragment = Fragment("", NOWHERE)


@dataclass(frozen=True, slots=True)
class Opaque(Step):
    """What is not converted, under the construct that it is."""

    construct: str = "opaque_statement"
    text: Fragment = Fragment("", NOWHERE)
    why: str = ""


@dataclass(frozen=True, slots=True)
class Firing:
    """When a trigger fires: ``timing`` before, after or instead of; ``events`` insert, update, delete; ``of`` columns
    of UPDATE; ``condition`` is its WHEN; ``old`` and ``new`` are the names of the rows. ``transitions`` are the tables
    of rows that a trigger of a statement reads, set by legalization."""

    timing: str = "before"
    events: tuple[str, ...] = ()
    of: tuple[Name, ...] = ()
    rows: bool = False
    condition: Fragment | None = None
    old: Name = Name("OLD")
    new: Name = Name("NEW")
    transitions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """A procedure or function (``what``) that is declared here; its body stands elsewhere."""

    what: str
    name: Name
    parameters: tuple[Parameter, ...] = ()
    at: Span = NOWHERE
    notes: Notes = NO_NOTES
    returns: Typed | None = None


@dataclass(frozen=True, slots=True)
class Module:
    """A package's specification, or its ``body``, without the subprograms that are defined in it (``members`` are
    their places: each is an object of its own). ``initial`` runs once in a session, before anything else of it."""

    body: bool = False
    declarations: tuple[Declaration, ...] = ()
    heads: tuple[Head, ...] = ()
    initial: Block | None = None
    members: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Program:
    """A procedure, a function, a trigger or a block that runs once: its head and its body."""

    parameters: tuple[Parameter, ...] = ()
    returns: Typed | None = None
    deterministic: bool = False
    invoker: bool = False
    pipelined: bool = False  # it gives the elements of its collection one by one, to queries
    firing: Firing | None = None
    body: Block = Block(NOWHERE)
    types: tuple[RecordType, ...] = ()  # set by legalization: those that must be made before it
    late: bool = False  # set by legalization: a block that needs views or routines
    disabled: bool = False  # a trigger that does not fire
    expression: Fragment | None = None  # a function that is nothing but this; made by legalization
    stable: bool = False  # it reads what does not change within a statement; made by legalization
    conflict: bool = False  # set by legalization: a name is a variable and a column, and the column is meant
    access: str = ""  # what a function does to tables, where the target wants to hear it
    each: tuple[tuple[Name, Program], ...] = ()  # a trigger for each event, where the target has one event a trigger
    rows: tuple[Parameter, ...] | None = None  # the columns of a routine that answers rows
