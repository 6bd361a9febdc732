"""SQL expressions and queries embedded in an object, and what their translation answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from ..source import Span
from .names import Name
from .types import Type


@dataclass(frozen=True, slots=True)
class Session:
    """Settings under which a text stands in its script, as far as they change what its constants mean.

    ``date_order`` is the order of day, month and year (``dmy``) and ``language`` that of the names of months: empty
    where the script says nothing, ``?`` where it sets what is only known at run time.
    """

    date_order: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Fragment:
    """An SQL expression, query or statement: the author's text, where it stood, and the target's text.

    ``target`` is ``None`` until legalization has translated the fragment. Trees are never kept: they are made from
    ``text`` when needed and dropped again. ``home`` is the schema that a name without one means, if the script has it.
    """

    text: str
    at: Span
    target: str | None = None
    home: Name | None = None
    session: Session | None = None

    @property
    def output(self) -> str:
        """The text to print: the target's if it was translated, else the author's."""
        return self.text if self.target is None else self.target


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a column or an expression: its canonical type, and that it is never NULL.

    ``counted``: a column that counts by itself, also where a statement gives NULL (``"null"``) or any value
    (``"always"``).
    """

    type: Type
    not_null: bool = False
    counted: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding inside a fragment: its code, ``offset`` in characters from the fragment's start, its placeholders."""

    code: str
    offset: int
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Output:
    """A column that a query gives: its name (empty if it has none), what is known, whether it is a table's column."""

    name: str
    known: Known
    plain: bool


@dataclass(frozen=True, slots=True)
class Translated:
    """A fragment in the target's SQL.

    ``text`` is ``None`` when the fragment cannot be translated; then a finding of severity ``manual`` says why.
    ``immutable`` is false when the target does not count the text as immutable (a clock, a session value, a sequence,
    or a function whose result hangs on a setting): no index, no generated column may use it. ``volatile`` is true
    only for the first three: no check constraint should use it either. ``functions`` names the support functions that
    the text calls, in order of first use. ``columns`` are the output columns of a query by source name, ``None`` when
    they are not known. ``aliases`` are the names that the fragment itself gives. ``strange`` are columns with their
    offsets that no table of a query has, ``obstacles`` what keeps a view of it from being written to.
    """

    text: str | None
    findings: tuple[Found, ...] = ()
    immutable: bool = True
    functions: tuple[str, ...] = ()
    volatile: bool = False
    columns: tuple[tuple[str, Known], ...] | None = None
    aliases: frozenset[str] = frozenset()
    strange: tuple[tuple[str, int], ...] = ()
    obstacles: tuple[str, ...] = ()
    outputs: tuple[Output, ...] | None = None


@dataclass(frozen=True, slots=True)
class Constant:
    """A value known at conversion time.

    ``kind`` is ``number``, ``string``, ``binary``, ``date``, ``timestamp``, ``time``, ``null``, ``maxvalue``,
    ``minvalue`` or ``default``. ``value`` is a number's digits, a string's characters (unquoted), the hexadecimal
    digits of bytes, an ISO date ``2024-03-05``, an ISO time ``2024-03-05 10:11:12[.ffffff][+hh:mm]``, or empty. A DATE
    at midnight is of kind ``date``.
    """

    kind: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """What the names of a routine stand for: ``variables`` by name, ``records`` with their fields (``None`` where
    those are not known)."""

    variables: Mapping[str, Known]
    records: Mapping[str, Mapping[str, Known] | None]


class Names(Protocol):
    """How the target spells names; the caller of the translation gives it. All answers are unquoted spellings.

    ``folded`` says that the source's own folding gives ``name`` again (nobody meant its case); ``schema`` is empty
    where the script gave none.
    """

    def table_text(self, schema: str, name: str, folded: bool) -> tuple[str, str]:
        """Target schema (or empty) and name of a table, view, synonym or sequence."""
        ...

    def column_text(self, name: str, folded: bool) -> str:
        """Target name of a column or alias."""
        ...


@runtime_checkable
class Columns(Protocol):
    """What :class:`Names` may know besides: with it, queries are translated by type."""

    def columns_of(self, schema: str, name: str) -> Mapping[str, Known] | None:
        """The columns of a source table or view in their order, by source name; ``None`` when it is not known."""
        ...


#: The arguments of a call: the name that each is given by (or empty), and its type.
Given = tuple[tuple[str, Type], ...]


@runtime_checkable
class Routines(Protocol):
    """What :class:`Names` may know besides: the functions of the script."""

    def called(self, schema: str, name: str, given: Given | None = None) -> tuple[str, str, Known] | None:
        """Target schema (or empty), name and result of a function of the script that is printed; of several of the
        name, the one that takes the arguments ``given``."""
        ...

    def parameters(self, schema: str, name: str, given: Given) -> tuple[tuple[str, str], ...] | None:
        """Its parameters with the texts of their defaults, where the target wants every argument, in order."""
        ...

    def takes(self, schema: str, name: str) -> tuple[tuple[str, str], ...]:
        """Name and target type (without its length; empty where it is not known) of what that function takes; nothing
        where there are several of the name."""
        ...

    def spelled(self, type_: Type) -> str:
        """The target's name of a type, without its length."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """What a name stands for that is no column: the function ``text`` of the target, called without arguments; empty
    where it is not converted. ``sure``: the source takes it before any column that may be so called. ``value``: the
    literal that says as much."""

    text: str
    known: Known
    immutable: bool = False
    sure: bool = True
    value: str = ""


@runtime_checkable
class Parts(Protocol):
    """What :class:`Names` may know besides: what packages of the script declare."""

    def inside(self) -> tuple[str, frozenset[str]]:
        """The package whose code is translated, and its functions by name; nothing outside of packages."""
        ...

    def part_words(self) -> frozenset[str]:
        """Every word that a name of that kind may hold."""
        ...

    def part(self, names: tuple[str, ...]) -> Standing | None:
        """What a name means, given without its dots, that is no column and no variable."""
        ...


@runtime_checkable
class Sequences(Protocol):
    """What :class:`Names` may know besides, for targets without sequences."""

    def drawn_from(self, schema: str, name: str, into: tuple[str, str, str] | None) -> int | None:
        """0: the column ``into`` (schema, table, name), which the sequence fed, counts by itself. Else the step of a
        sequence that is kept in a table of its name, with the one column ``next_val``. ``None``: there is neither."""
        ...


@dataclass(frozen=True, slots=True)
class Key:
    """What tells the rows of a table apart: the ``columns`` of a key that is never NULL, as names and whether nobody
    meant their case; empty where there is none. ``parted``: its rows lie in several tables of the target."""

    columns: tuple[tuple[str, bool], ...] = ()
    parted: bool = False


@runtime_checkable
class Keys(Protocol):
    """What :class:`Names` may know besides: with it, statements are rewritten that must find a row again."""

    def key_of(self, schema: str, name: str) -> Key | None:
        """The key of a source table; ``None`` for what is no table of the script."""
        ...


@dataclass(frozen=True, slots=True)
class History:
    """Where the source keeps the earlier rows of a table: ``schema`` (or empty) and ``name`` of the history table, the
    ``start`` and ``end`` of a row's period, the ``columns``, all as names and whether nobody meant their case; which of
    them ``*`` does not show, and how the script spells the history table."""

    schema: str
    name: str
    start: tuple[str, bool]
    end: tuple[str, bool]
    columns: tuple[tuple[str, bool], ...]
    hidden: frozenset[str] = frozenset()
    shown: str = ""


@runtime_checkable
class Histories(Protocol):
    """What :class:`Names` may know besides: with it, queries of the past are rewritten."""

    def history_of(self, schema: str, name: str) -> History | None:
        """The history of a source table; ``None`` where the output has none."""
        ...
