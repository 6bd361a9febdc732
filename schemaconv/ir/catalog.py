"""The catalog: every object of a script, in the order of the script.

All values are immutable. A stage makes a new catalog with :func:`dataclasses.replace`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..source import NOWHERE, SourceFile, Span
from .clause import NO_NOTES as NO_NOTES
from .clause import Clause as Clause
from .clause import Notes as Notes
from .counting import Identity as Identity
from .counting import SequenceOptions as SequenceOptions
from .fragment import Fragment
from .names import Name, QName, Renaming, now
from .partitioning import Partition as Partition
from .partitioning import Partitioning as Partitioning
from .partitioning import Step as Step
from .placement import Placement as Placement
from .routine import Module, Program
from .types import UNKNOWN, Type

Kind = Literal[
    "schema", "table", "index", "sequence", "view", "materialized_view", "synonym", "type", "procedure", "function",
    "package", "trigger", "macro", "database_link", "job", "role", "grant", "comment", "data", "script", "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    name: Name
    type: Type
    at: Span = NOWHERE
    not_null: bool = False
    default: Fragment | None = None
    default_on_null: bool = False
    draws: QName | None = None  # the sequence whose next value the default is
    default_changes: bool = False  # the script changes the default behind rows that it has inserted
    default_first: Fragment | None = None  # and those rows had this one
    identity: Identity | None = None
    generated: Fragment | None = None  # the expression of a virtual or computed column
    stored: bool = False  # a generated column that is materialized on write
    invisible: bool = False
    collation: str = ""
    compares: str = ""  # what that collation tells apart: "bin", "cs_as", "cs_ai", "ci_as", "ci_ai" (case, accents)
    comment: str | None = None
    clauses: tuple[Clause, ...] = ()
    notes: Notes = NO_NOTES


ConstraintKind = Literal["primary_key", "unique", "foreign_key", "check"]


@dataclass(frozen=True, slots=True)
class Constraint:
    """A table constraint; NOT NULL is a column's own flag. ``column`` of an inline one is its only column."""

    kind: ConstraintKind
    name: Name | None = None
    columns: tuple[Name, ...] = ()
    at: Span = NOWHERE
    inline: bool = False
    added: bool = False  # came by ALTER TABLE after the table
    check: Fragment | None = None
    references: QName | None = None
    references_columns: tuple[Name, ...] = ()
    on_delete: str = ""  # "", "CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION"
    on_update: str = ""
    deferrable: bool = False
    initially_deferred: bool = False
    enabled: bool = True
    validated: bool = True
    rely: bool = False
    using_index: QName | None = None
    ends: tuple[QName, ...] = ()  # of an edge of a graph: the tables that it leads from and to
    nulls_equal: bool = False  # of a unique key: NULL is a value like any other, so that one row may have it
    informational: bool = False  # set by legalization: kept for the planner, not enforced
    detached: bool = False  # set by legalization: added by ALTER TABLE after all tables (forward keys, cycles, split)
    prefixes: tuple[int | None, ...] = ()  # set by legalization: leading characters of each column that the key takes
    number: int = -1  # its place among the table's constraints as read, once some are gone
    comment: str = ""
    index_comment: str = ""
    clauses: tuple[Clause, ...] = ()
    notes: Notes = NO_NOTES


@dataclass(frozen=True, slots=True)
class Object:
    """What every object has. ``at`` is its own statement, ``also`` the later statements folded into it."""

    name: QName
    at: Span
    also: tuple[Span, ...] = ()
    notes: Notes = NO_NOTES
    clauses: tuple[Clause, ...] = ()

    @property
    def kind(self) -> Kind:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Schema(Object):
    @property
    def kind(self) -> Kind:
        return "schema"


@dataclass(frozen=True, slots=True)
class Table(Object):
    columns: tuple[Column, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    partitioning: Partitioning | None = None
    placement: Placement | None = None  # on which node and in which order the source keeps the rows
    temporary: str = ""  # "", "global" (definition stays, rows are a session's own) or "private"
    on_commit: str = ""  # "", "delete", "preserve", "drop definition", "preserve definition"
    organization: str = ""  # "", "index", "external", "cluster", "object", "xmltype", "relational", "edge", "file"
    query: Fragment | None = None  # CREATE TABLE ... AS
    partial: bool = False  # known from ALTER TABLE alone: only what was added is here
    comment: str | None = None
    former: tuple[tuple[Name, Span], ...] = ()  # columns that the script renamed, retyped or dropped, and where
    options: tuple[tuple[str, str], ...] = ()  # the target's own table options, set by legalization
    history: QName | None = None  # the table in which the source keeps what its rows were before

    @property
    def kind(self) -> Kind:
        return "table"


@dataclass(frozen=True, slots=True)
class IndexPart:
    """A key part: a plain column (``column``) or an expression."""

    column: Name | None = None
    expression: Fragment | None = None
    descending: bool = False
    nulls: str = ""  # "", "first", "last"
    prefix: int | None = None  # leading characters only; set by legalization


@dataclass(frozen=True, slots=True)
class Index(Object):
    table: QName = QName(None, Name(""))
    parts: tuple[IndexPart, ...] = ()
    unique: bool = False
    method: str = ""  # "", "bitmap", "domain", "cluster", "join", "reverse", or what legalization chose
    indextype: str = ""  # of a domain index
    where: Fragment | None = None
    include: tuple[Name, ...] = ()  # columns that are kept beside the key
    nulls_equal: bool = False  # of a unique index: NULL is a value like any other, so that one row may have it
    local: bool = False
    comment: str = ""

    @property
    def kind(self) -> Kind:
        return "index"


@dataclass(frozen=True, slots=True)
class Sequence(Object):
    options: SequenceOptions = SequenceOptions()
    type: Type | None = None

    @property
    def kind(self) -> Kind:
        return "sequence"


@dataclass(frozen=True, slots=True)
class View(Object):
    query: Fragment | None = None
    columns: tuple[Name, ...] = ()
    materialized: bool = False
    check_option: bool = False
    read_only: bool = False
    comment: str | None = None
    column_comments: tuple[tuple[Name, str], ...] = ()
    constraints: tuple[Constraint, ...] = ()

    @property
    def kind(self) -> Kind:
        return "materialized_view" if self.materialized else "view"


@dataclass(frozen=True, slots=True)
class Synonym(Object):
    target: QName = QName(None, Name(""))
    public: bool = False

    @property
    def kind(self) -> Kind:
        return "synonym"


@dataclass(frozen=True, slots=True)
class UserType(Object):
    """``form`` is object, varray, table, incomplete, body, alias, table_type or external.

    ``of`` is a collection's element type, or the type that an alias stands for. ``not_null`` is what a column of an
    alias is unless it says otherwise, ``default`` and ``check`` (with ``VALUE`` for the value) what it brings along.
    """

    form: str = "object"
    attributes: tuple[Column, ...] = ()
    of: Type = UNKNOWN
    size: int | None = None
    methods: tuple[Clause, ...] = ()
    final: bool = True
    supertype: QName | None = None
    not_null: bool = False
    default: Fragment | None = None
    check: Fragment | None = None

    @property
    def kind(self) -> Kind:
        return "type"


@dataclass(frozen=True, slots=True)
class Routine(Object):
    """Stored code; ``what`` is procedure, function, package, package body, trigger, type body, macro, block or call."""

    what: str = "procedure"
    text: Fragment = Fragment("", NOWHERE)
    table: QName | None = None  # of a trigger
    program: Program | None = None  # what it does, where that was read
    module: Module | None = None  # of a package: what it declares, where that was read
    package: QName | None = None  # of a subprogram: its package, whose name is its schema here

    @property
    def kind(self) -> Kind:
        return _ROUTINES.get(self.what, "procedure")


_ROUTINES: dict[str, Kind] = {
    "function": "function", "package": "package", "package body": "package", "trigger": "trigger",
    "type body": "type", "macro": "macro", "block": "script", "call": "script",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Grant(Object):
    """GRANT or REVOKE: ``privileges`` with their columns, on ``on`` (nothing for system rights and roles)."""

    revoke: bool = False
    privileges: tuple[tuple[str, tuple[Name, ...]], ...] = ()
    on: QName | None = None
    on_kind: str = ""  # "", "table", "sequence", "view", "routine", "directory", "type", ...
    to: tuple[Name, ...] = ()
    admin: bool = False  # WITH GRANT, ADMIN or HIERARCHY OPTION
    roles: bool = False  # what is granted are roles

    @property
    def kind(self) -> Kind:
        return "grant"


@dataclass(frozen=True, slots=True)
class Role(Object):
    """A role, or a user (``login``) whose password never leaves the reader."""

    login: bool = False

    @property
    def kind(self) -> Kind:
        return "role"


@dataclass(frozen=True, slots=True)
class Comment(Object):
    """A comment on an object that this script does not define (else it is folded into that), on a schema or a role."""

    on: str = "table"  # table, column, index, constraint, view, materialized view, index type, schema, role, ...
    column: Name | None = None  # the part of a table that ``on`` says
    text: str = ""

    @property
    def kind(self) -> Kind:
        return "comment"


@dataclass(frozen=True, slots=True)
class Data(Object):
    """A DML statement of the script (``verb`` is INSERT, COMMIT, ...); the client runs it ``times`` times."""

    verb: str = "INSERT"
    columns: tuple[Name, ...] = ()  # of an INSERT without a column list: the table's columns when it was read
    list_at: int = 0  # where such a list would stand in the statement's text
    statement: Fragment = Fragment("", NOWHERE)
    times: int = 1

    @property
    def kind(self) -> Kind:
        return "data"


@dataclass(frozen=True, slots=True)
class Counter(Object):
    """The counter of an identity column is moved: behind the values of the rows, or so that ``next`` comes next."""

    table: QName = QName(None, Name(""))
    column: Name = Name("")
    descending: bool = False
    next: int | None = None

    @property
    def kind(self) -> Kind:
        return "data"


@dataclass(frozen=True, slots=True)
class DefaultChange(Object):
    """From here on ``default`` (nothing: NULL) is the default of a column; rows that are there keep what they have.

    ``definition`` is the whole column, set by legalization.
    """

    table: QName = QName(None, Name(""))
    column: Name = Name("")
    default: Fragment | None = None
    definition: Column | None = None

    @property
    def kind(self) -> Kind:
        return "data"


@dataclass(frozen=True, slots=True)
class Other(Object):
    """A statement that defines no object of ours: ``construct`` names it, ``kind_`` is its kind in the report."""

    construct: str = "unknown_statement"
    text: Fragment = Fragment("", NOWHERE)
    kind_: Kind = "other"

    @property
    def kind(self) -> Kind:
        return self.kind_


@dataclass(frozen=True, slots=True)
class Prelude(Object):
    """What the target needs before all objects, in a ``part`` of the output: an extension, a collation, a function."""

    text: str = ""
    part: str = "schemas"

    @property
    def kind(self) -> Kind:
        return "other"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a script as the splitter cut it: the unit of the contract of no silent loss."""
    at: Span
    form: str  # "sql", "block" or "client"


@dataclass(frozen=True, slots=True)
class Catalog:
    """Every object in script order; ``claimed`` counts characters that a statement, comment or blank accounts for."""

    objects: tuple[Object, ...] = ()
    tail: tuple[str, ...] = ()  # comments behind the last statement
    statements: int = 0
    total: int = 0
    claimed: int = 0
    files: tuple[SourceFile, ...] = ()
    engine: str = "oracle"  # that the scripts were written for
    spellings: Mapping[str, str] = field(default_factory=dict)  # names as first written, where case tells nothing
    compares: str = ""  # what text tells apart where its column says nothing, if the script does; see Column
    renamings: Mapping[str, tuple[Renaming, ...]] = field(default_factory=dict)  # by the old name, without its schema

    def now(self, name: QName, at: Span) -> QName:
        """The last name of the table that the statement ``at`` calls ``name``: it may have been renamed behind it."""
        return now(name, at, self.renamings)


@dataclass(frozen=True, slots=True)
class Item:
    """A legal object on its way to the printer; ``subject`` is the source object, which may become several or none.

    A ``stub`` is the code that says why a person must write it: its source is printed as a comment under it."""

    subject: int
    object: Object
    stub: str = ""
    stub_message: str = ""
    stub_text: str = ""
    held: bool = False  # converted, but it needs something outside the script: printed as DDL behind comment marks
