"""Partition functions and schemes of SQL Server, turned into the partitions of the tables that use them.

A function holds the bounds, a scheme the filegroups, and a table, its clustered key or its clustered index is put on a
scheme with a column (Transact-SQL reference, "CREATE PARTITION FUNCTION", "CREATE PARTITION SCHEME").
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from ..diagnostics import Log
from ..ir.catalog import Column, Index, Other, Partition, Partitioning, Placement, Table
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..ir.types import Type
from ..source import Span
from ..sql import date_texts
from .base import Builder, statement_other
from .cursor import Cursor
from .sqlserver_constraint import bare
from .sqlserver_objects import data_type
from .sqlserver_options import to_comma


@dataclass(slots=True)
class Function:
    """``left``: a bound belongs to the partition below it. ``subject`` is the statement."""

    name: Name
    type: Type
    left: bool
    bounds: list[Fragment]
    at: Span
    subject: int = -1


@dataclass(slots=True)
class Partitions:
    """The functions and schemes of a script, and what is known of the order of rows only at its end."""

    builder: Builder
    functions: dict[str, Function] = field(default_factory=dict)
    schemes: dict[str, tuple[str, int]] = field(default_factory=dict)  # scheme -> its function, its statement
    moves: list[tuple[QName, Partitioning]] = field(default_factory=list)
    orders: list[tuple[QName, tuple[Name, ...], Span]] = field(default_factory=list)

    # -- statements --------------------------------------------------------------------------------------------------

    def create(self, c: Cursor, at: Span) -> None:
        """CREATE PARTITION FUNCTION or SCHEME, the cursor standing behind PARTITION."""
        text = c.raw(0, c.count)
        if c.accept("FUNCTION"):
            found = _function(c, at)
            found.subject = self.builder.add(_statement("partition_function", found.name, at, text))
            self.functions[found.name.text] = found
            return
        c.expect("SCHEME")
        name = c.name()
        c.expect("AS", "PARTITION")
        function = c.name()
        c.at = c.count
        subject = self.builder.add(_statement("partition_function", name, at, text))
        self.schemes[name.text] = (function.text, subject)

    def alter(self, c: Cursor, at: Span) -> None:
        """ALTER PARTITION FUNCTION f() {SPLIT | MERGE} RANGE (bound); a scheme only learns of a filegroup."""
        text = c.raw(0, c.count)
        if c.accept("SCHEME"):
            name = c.name()
            c.at = c.count
            self.builder.add(_statement("tablespace_definition", name, at, text))
            return
        c.expect("FUNCTION")
        name = c.name()
        if c.word() == "(":
            c.skip_group()
        verb = c.accept_any("SPLIT", "MERGE")
        c.accept("RANGE")
        found = self.functions.get(name.text)
        if found is None or not verb or c.word() != "(":
            c.at = c.count
            self.builder.add(_statement("partition_maintenance", name, at, text))
            return
        bound = c.group()
        same = [b for b in found.bounds if _same(b, bound)]
        if verb == "MERGE":
            found.bounds = [b for b in found.bounds if b not in same]
        elif not same:
            found.bounds.append(bound)
        self.builder.change(found.subject, self.builder.objects[found.subject], at)

    def moved(self, table: QName, part: Partitioning) -> None:
        """The table's rows are put on a scheme by its clustered index."""
        self.moves.append((table, part))

    def sorted(self, table: QName, order: tuple[Name, ...], at: Span) -> None:
        """The table's rows are kept in an order that no key and no index says."""
        self.orders.append((table, order, at))

    # -- the end of the script ---------------------------------------------------------------------------------------

    def resolve(self, log: Log) -> None:
        """Give every table its partitions and the order of its rows."""
        builder = self.builder
        for name, part in self.moves:
            subject = builder.find(name, Table)
            if subject is not None:
                builder.objects[subject] = replace(builder.get(subject, Table), partitioning=part)
        for subject, found in enumerate(builder.objects):
            if isinstance(found, Table) and found.partitioning is not None and found.partitioning.method == "scheme":
                builder.objects[subject] = self._partitioned(found, subject, log)
        orders = self._orders()
        for subject, found in enumerate(builder.objects):
            if isinstance(found, Table) and (order := orders.get(subject)) is not None:
                placement = found.placement or Placement()
                builder.objects[subject] = replace(found, placement=replace(placement, order=order[0], at=order[1]))
            elif isinstance(found, Index):
                builder.objects[subject] = self._aligned(found)

    def _partitioned(self, table: Table, subject: int, log: Log) -> Table:
        part = table.partitioning
        assert part is not None and part.reference is not None
        scheme = self.schemes.get(part.reference.text)
        function = self.functions.get(scheme[0]) if scheme is not None else None
        if function is None or len(part.columns) != 1:
            return table
        try:
            return replace(table, partitioning=_ranges(function, part.columns, part.at))
        except Inexact as error:
            log.say("SC3422", part.at, subject, name=str(table.name), clause=error.text, type=function.type.raw)
            return replace(table, partitioning=None)

    def _aligned(self, index: Index) -> Index:
        """An index on a scheme is partitioned as its table is, or by itself."""
        if not any(k.construct == "local_index" for k in index.clauses):
            return index
        subject = self.builder.find(index.table, Table)
        part = self.builder.get(subject, Table).partitioning if subject is not None else None
        if part is not None:
            return replace(index, local=True)
        clauses = tuple(
            replace(k, construct="global_partitioned_index") if k.construct == "local_index" else k
            for k in index.clauses
        )
        return replace(index, clauses=clauses)

    def _orders(self) -> dict[int, tuple[tuple[Name, ...], Span]]:
        """Tables with the columns that their rows are sorted by: those of the clustered index or key.

        A primary key is clustered unless it says otherwise or something else is.
        """
        found: dict[int, tuple[tuple[Name, ...], Span]] = {}
        heaps = set()
        for subject, table in enumerate(self.builder.objects):
            if not isinstance(table, Table) or not self.builder.is_there(subject):
                continue
            if table.partial:  # perhaps it is defined later
                subject = self.builder.find(table.name, Table) or subject
            said = [
                (k.columns, k.at) for k in table.constraints
                if any(x.construct in ("clustered_primary_key", "clustered_key") for x in k.clauses)
            ]  # fmt: skip
            plain = [
                (k.columns, k.at) for k in table.constraints
                if k.kind == "primary_key" and not any(x.construct in _HEAPED for x in k.clauses)
            ]  # fmt: skip
            if any(x.construct in ("memory_optimized_table", "columnstore_storage") for x in table.clauses):
                heaps.add(subject)
            elif said or plain:
                found[subject] = (said or plain)[0]
        for index in self.builder.objects:
            clustered = isinstance(index, Index) and any(k.construct == "clustered_index" for k in index.clauses)
            if isinstance(index, Index) and clustered and (home := self.builder.find(index.table, Table)) is not None:
                found[home] = (tuple(p.column for p in index.parts if p.column is not None), index.at)
        for name, order, at in self.orders:
            if (home := self.builder.find(name, Table)) is not None:
                found[home] = (order, at)
        return {s: o for s, o in found.items() if s not in heaps and o[0]}


_HEAPED: Final = frozenset({"nonclustered_primary_key", "hash_index"})


def _statement(construct: str, name: Name, at: Span, text: str) -> Other:
    return statement_other(construct, "other", str(name), at, text)


def _function(c: Cursor, at: Span) -> Function:
    """``name (type) AS RANGE [LEFT | RIGHT] FOR VALUES (bound, ...)``."""
    name = c.name()
    c.expect("(")
    type_ = data_type(c)
    c.expect(")", "AS")
    left, bounds = _range(c)
    return Function(name, type_, left, bounds, at)


def _range(c: Cursor) -> tuple[bool, list[Fragment]]:
    """``RANGE [LEFT | RIGHT] FOR VALUES (bound, ...)``: whether a bound belongs below, and the bounds."""
    c.expect("RANGE")
    side = c.accept_any("LEFT", "RIGHT") or "LEFT"
    c.expect("FOR", "VALUES", "(")
    bounds = []
    while not c.done() and c.word() != ")":
        start = c.at
        to_comma(c)
        bounds.append(bare(c, start, c.at))
        if not c.accept(","):
            break
    c.expect(")")
    return side == "LEFT", bounds


def inline(c: Cursor, columns: list[Column]) -> Partitioning | None:
    """``PARTITION (column RANGE ...)`` of a table's own options, the cursor standing behind PARTITION; ``None`` where
    the bounds cannot be kept."""
    start = c.at
    c.expect("(")
    name = c.name()
    left, bounds = _range(c)
    c.expect(")")
    column = next((k for k in columns if k.name == name), None)
    if column is None:
        return None
    at = c.span(start)
    try:
        return _ranges(Function(name, column.type, left, bounds, at), (name,), at)
    except Inexact:
        return None


def _ranges(function: Function, columns: tuple[Name, ...], at: Span) -> Partitioning:
    """The partitions between the bounds, with one below and one above all of them. Raises :class:`Inexact`."""
    members = tuple(Partition(None, (bound,), at=bound.at) for bound in _uppers(function))
    last = Partition(None, (Fragment("MAXVALUE", function.at),), at=function.at)
    return Partitioning("range", columns, (*members, last), nulls_first=True, at=at)


# -- bounds ------------------------------------------------------------------------------------------------------------


class Inexact(Exception):
    """A bound for which no other one says the same on the other side."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


_TEXT: Final = re.compile(r"[nN]?'((?:[^']|'')*)'")
_CAST: Final = re.compile(r"CAST\s*\(\s*([nN]?'[^']*')\s+AS\s+[\w\[\]]+(?:\s*\(\d+\))?\s*\)", re.IGNORECASE)
_CONVERT: Final = re.compile(r"CONVERT\s*\(\s*[\w\[\]]+(?:\s*\(\d+\))?\s*,\s*([nN]?'[^']*')\s*\)", re.IGNORECASE)
_TIMES: Final = frozenset({"date", "timestamp", "timestamptz"})
_WHOLE: Final = frozenset({"tinyint", "utinyint", "smallint", "integer", "bigint", "bit"})
_DECIMAL: Final = frozenset({"decimal", "number", "money"})


def _same(a: Fragment, b: Fragment) -> bool:
    return _plain(a.text) == _plain(b.text)


def _plain(text: str) -> str:
    text = text.strip()
    for pattern in (_CAST, _CONVERT):
        if found := pattern.fullmatch(text):
            text = found[1]
    return text[1:] if text[:1] in "nN" and text[1:2] == "'" else text


def _uppers(function: Function) -> list[Fragment]:
    """The bounds as those above which a partition ends, in ascending order. Raises :class:`Inexact`."""
    type_ = function.type
    found: list[tuple[object, Fragment]] = []
    for bound in function.bounds:
        if bound.text.strip().upper() == "NULL":  # below every value: nothing lies beneath it
            continue
        if type_.kind in _TIMES:
            moment, rest = _moment(bound)
            if function.left:
                moment = _after(moment, type_, bound)
            text = _spelled(moment, type_, rest)
            found.append((moment, replace(bound, text=text)))
        elif type_.kind in _WHOLE or type_.kind in _DECIMAL:
            number = _number(bound)
            if function.left:
                number += Decimal(1).scaleb(-_places(type_))
            found.append((number, replace(bound, text=f"{number:f}")))
        elif function.left:
            raise Inexact(bound.text)
        else:
            found.append((len(found), replace(bound, text=_plain(bound.text))))
    try:
        found.sort(key=lambda pair: pair[0])  # type: ignore[arg-type, return-value]
    except TypeError:
        raise Inexact(found[0][1].text) from None
    return [fragment for _, fragment in found]


def _places(type_: Type) -> int:
    if type_.kind in _WHOLE:
        return 0
    return 4 if type_.kind == "money" else type_.scale or 0


def _number(bound: Fragment) -> Decimal:
    text = _plain(bound.text).strip("'").lstrip("$").replace(" ", "")
    while text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    try:
        return Decimal(text)
    except InvalidOperation:
        raise Inexact(bound.text) from None


def _moment(bound: Fragment) -> tuple[datetime, str]:
    """The time that a literal names, and its offset: where its order is said, or no other one could read it."""
    match = _TEXT.fullmatch(_plain(bound.text))
    if match is None:
        raise Inexact(bound.text)
    how = date_texts.reading(bound.session, "", "mdy")
    found = date_texts.read(match[1].replace("''", "'"), how, None)
    if found is None or found.guessed:
        raise Inexact(bound.text)
    text = re.sub(r"(\.\d{6})\d+", r"\1", found.value.value)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Inexact(bound.text) from None
    rest = moment.isoformat()[len(moment.replace(tzinfo=None).isoformat()) :]
    return moment, rest


def _after(moment: datetime, type_: Type, bound: Fragment) -> datetime:
    """The least time above ``moment`` that a column of the type can hold on a target: six places at most."""
    try:
        if type_.kind == "date":
            return moment + timedelta(days=1)
        places = 6 if type_.precision is None else min(type_.precision, 6)
        return moment + timedelta(microseconds=10 ** (6 - places))
    except OverflowError:
        raise Inexact(bound.text) from None


def _spelled(moment: datetime, type_: Type, rest: str) -> str:
    naive = moment.replace(tzinfo=None)
    if type_.kind == "date":
        return f"'{naive:%Y-%m-%d}'" if naive.year > 999 else f"'{naive.date().isoformat()}'"
    return f"'{naive.isoformat(sep=' ')}{rest}'"
