"""Partition functions and schemes of SQL Server, turned into the partitions of the tables that use them.

A function holds the bounds, a scheme the filegroups, and a table, its clustered key or its clustered index is put on a
scheme with a column (Transact-SQL reference, "CREATE PARTITION FUNCTION", "CREATE PARTITION SCHEME").
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from ..diagnostics import Log
from ..ir.catalog import Column, Index, Other, Partition, Partitioning, Placement, Table
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..ir.types import Type
from ..source import Span
from .base import Builder, statement_other
from .cursor import Cursor
from .sqlserver_bounds import Inexact, same, uppers
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
    found: set[str] = field(default_factory=set)  # schemes that tables are on
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
        alike = [b for b in found.bounds if same(b, bound)]
        if verb == "MERGE":
            found.bounds = [b for b in found.bounds if b not in alike]
        elif not alike:
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
        self._unused()
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
        self.found.add(part.reference.text)
        scheme = self.schemes.get(part.reference.text)
        function = self.functions.get(scheme[0]) if scheme is not None else None
        if function is None or len(part.columns) != 1:
            return table
        try:
            return replace(table, partitioning=_ranges(function, part.columns, part.at))
        except Inexact as error:
            log.say(error.code, part.at, subject, name=str(table.name), clause=error.text, type=function.type.raw)
            return replace(table, partitioning=None)

    def _unused(self) -> None:
        """Functions and schemes that partition no table are told as such."""
        used = {
            t.partitioning.reference.text for t in self.builder.objects
            if isinstance(t, Table) and t.partitioning is not None and t.partitioning.reference is not None
        } | self.found  # fmt: skip
        functions = {self.schemes[name][0] for name in used if name in self.schemes}
        statements = [s for name, (_, s) in self.schemes.items() if name not in used]
        statements += [f.subject for name, f in self.functions.items() if name not in functions]
        for subject in statements:
            found = self.builder.objects[subject]
            if isinstance(found, Other) and found.construct == "partition_function":
                self.builder.objects[subject] = replace(found, construct="partition_function_unused")

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
    found = uppers(function.type, function.left, function.bounds)
    members = tuple(Partition(None, (bound,), at=bound.at) for bound in found)
    last = Partition(None, (Fragment("MAXVALUE", function.at),), at=function.at)
    return Partitioning("range", columns, (*members, last), nulls_first=True, at=at)
