"""The physical design of a table on a target that has distribution and sort keys: chosen, said, and printed.

Amazon Redshift Database Developer Guide: "CREATE TABLE" (one distribution key, at most 400 columns of a sort key, the
types that either may have), "Choose the best sort key" (the column of ranges and recent times first), "Compression
encodings". Rows ``[[distribution]]`` of the options come before everything; what they leave open is chosen by
:mod:`.distribution` and from partitions, row order and indexes of the source.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..designs import Design
from ..ir.catalog import Table
from ..ir.names import Name
from ..source import NOWHERE, Span
from . import distribution
from .distribution import Choice, Plan, base_type, no_key

if TYPE_CHECKING:
    from .context import Context, Run

_TIMES = frozenset({"date", "timestamp", "timestamptz", "timestampltz"})
#: Columns of a sort key that still help: the benefit falls with each ("Compound sort key").
_HELPFUL = 4


@dataclass(slots=True)
class Designs:
    """What is known before the first table is shaped: the plan, and the person's row of each table."""

    plan: Plan = field(default_factory=Plan)
    rows: dict[int, Design] = field(default_factory=dict)


def prepare(run: Run) -> Designs:
    """The design of all tables. Says once which rows and statistics fit no table of the script."""
    rows: dict[int, Design] = {}
    used: set[Design] = set()
    for subjects in run.tables.values():
        for subject in subjects:
            name = run.catalog.objects[subject].name
            fitting = [d for d in run.options.distribution if d.fits(run.home(name), name.name.text)]
            used.update(fitting)
            if fitting:
                rows[subject] = fitting[0]
    for row in dict.fromkeys(d for d in run.options.distribution if d not in used):
        run.log.say("SC7033", NOWHERE, -1, what="a row [[distribution]]", names=row.table)
    known = {n for s in run.tables.values() for i in s for n in _names_of(run, i)}
    if strange := sorted(set(run.statistics.tables) - known):
        shown = ", ".join(strange[:5]) + (f" and {len(strange) - 5} more" if len(strange) > 5 else "")
        run.log.say("SC7033", NOWHERE, -1, what=f"the file {run.statistics.path}", names=shown)
    if run.options.redshift_keys == "auto":
        return Designs(rows=rows)
    chosen = {s: _chosen(run, s, d) for s, d in rows.items() if d.style}
    return Designs(distribution.plan(run, chosen), rows)


def _chosen(run: Run, subject: int, row: Design) -> Choice:
    """What a person's row means for the tables that are joined to its table."""
    table = run.catalog.objects[subject]
    assert isinstance(table, Table)
    column = next((k.name for k in table.columns if k.name.text.upper() == row.distkey.upper()), None)
    return Choice(row.style if column is not None or not row.distkey else "auto", column, "", table.at)


def _names_of(run: Run, subject: int) -> frozenset[str]:
    name = run.catalog.objects[subject].name
    return run.statistics.names(run.home(name), name.name.text)


def shape(source: Table, table: Table, ctx: Context) -> Table:
    """``table``, which has its target types already, with its keys and encodings; each choice is said."""
    if table.partial:
        return table
    row = ctx.run.designs.rows.get(ctx.subject)
    maker = _Shape(source, table, ctx)
    spread, sort = maker.spread(row), maker.sorted(row)
    options = [*_spread_options(spread, maker), *_sort_options(sort, maker)]
    options += maker.encodings(row, sort.columns if sort is not None else ())
    return replace(table, options=(*table.options, *options)) if options else table


def _spread_options(spread: Choice | None, maker: _Shape) -> list[tuple[str, str]]:
    if spread is None:
        return []
    if spread.style == "key":
        assert spread.column is not None
        return [("distkey", maker.quoted([spread.column]))]
    return [("diststyle", spread.style.upper())]


def _sort_options(sort: _Sort | None, maker: _Shape) -> list[tuple[str, str]]:
    if sort is None:
        return []
    return [("sortkey", maker.quoted(sort.columns) if sort.columns else "auto")]


@dataclass(frozen=True, slots=True)
class _Sort:
    columns: tuple[Name, ...]  # of the target; empty for AUTO
    why: str
    at: Span


class _Shape:
    """One table: which of its columns arrived, and under which names and types."""

    def __init__(self, source: Table, table: Table, ctx: Context) -> None:
        self.source, self.table, self.ctx = source, table, ctx
        self.types = {k.name: k.type.spelling for k in table.columns}
        self.only_said = ctx.options.redshift_keys == "suggest"

    def target(self, name: Name) -> Name:
        return self.ctx.run.names.column(self.source.name, name)

    def quoted(self, names: Iterable[Name]) -> str:
        return ", ".join(self.ctx.profile.quoted(n.text) for n in names)

    # -- distribution ----------------------------------------------------------------------------------------------

    def spread(self, row: Design | None) -> Choice | None:
        if row is not None and row.style:
            return self._wanted_spread(row)
        plan = self.ctx.run.designs.plan
        for refused in plan.refused.get(self.ctx.subject, ()):
            columns = ", ".join(self.target(n).text for n in refused.columns)
            self.ctx.say("SC7031", refused.at, columns=columns, what="the distribution key", why=refused.why)
        choice = plan.choices.get(self.ctx.subject)
        if choice is None:
            return None
        if choice.column is not None:
            column = self.target(choice.column)
            if problem := self._unfit(column):
                self.ctx.say("SC7031", choice.at, columns=column.text, what="the distribution key", why=problem)
                return None
            choice = replace(choice, column=column)
        return None if self._said(choice.at, _code(choice), _clause(choice, self), choice.why) else choice

    def _wanted_spread(self, row: Design) -> Choice | None:
        if row.style == "auto":
            return None
        column = None
        if row.distkey and (column := self._named(row, row.distkey)) is None:
            return None
        choice = Choice(row.style, column, f"the row [[distribution]] of {row.table} asks for it", self.source.at)
        self.ctx.say(_code(choice), choice.at, clause=_clause(choice, self), why=choice.why)
        return choice

    def _said(self, at: Span, code: str, clause: str, why: str) -> bool:
        """Say a choice; true where it is to be said and not printed."""
        if self.only_said:
            self.ctx.say_construct("distribution_keys", at, clause, why=why)
        else:
            self.ctx.say(code, at, clause=clause, why=why)
        return self.only_said

    # -- order -----------------------------------------------------------------------------------------------------

    def sorted(self, row: Design | None) -> _Sort | None:
        if row is not None and row.sortkey:
            return self._wanted_sort(row)
        if self.ctx.options.redshift_keys == "auto":
            return None
        found = _order(self.source, self.ctx.run, self.ctx.subject)
        if found is None:
            return None
        columns = []
        for column in map(self.target, found.columns):
            if problem := self._unfit(column):
                self.ctx.say("SC7031", found.at, columns=column.text, what="the sort key", why=problem)
            else:
                columns.append(column)
        if not columns:
            return None
        sort = replace(found, columns=tuple(columns[:_HELPFUL]))
        why = sort.why if len(columns) <= _HELPFUL else f"{sort.why}; more columns would not help"
        return None if self._said(sort.at, "SC7027", f"SORTKEY ({self.quoted(sort.columns)})", why) else sort

    def _wanted_sort(self, row: Design) -> _Sort | None:
        if [n.lower() for n in row.sortkey] == ["auto"]:
            return None
        columns = [self._named(row, n) for n in row.sortkey]
        if None in columns:
            return None
        limit = self.ctx.limit("sortkey_columns")
        if len(columns) > limit:
            self.ctx.say("SC7030", self.source.at, row=str(row), why=f"a sort key has at most {limit} columns")
            return None
        sort = _Sort(tuple(n for n in columns if n), f"the row [[distribution]] of {row.table} asks for it", NOWHERE)
        self.ctx.say("SC7027", self.source.at, clause=f"SORTKEY ({self.quoted(sort.columns)})", why=sort.why)
        return sort

    # -- columns ---------------------------------------------------------------------------------------------------

    def _named(self, row: Design, text: str, key: bool = True) -> Name | None:
        """The column that a person means, by its name in the source or on the target; said where there is none."""
        own = next((k.name for k in self.source.columns if k.name.text.upper() == text.upper()), None)
        found = self.target(own) if own is not None else None
        if found not in self.types:
            found = next((n for n in self.types if n.text.upper() == text.upper()), None)
        if found is None and self.table.query is not None and not self.table.columns:
            return Name(text.lower())  # a table whose columns only its query names
        problem = "is no column of the table" if found is None else self._unfit(found) if key else ""
        if problem:
            problem = f"{text} {problem}" if found is None else f"{text}: {problem}"
            self.ctx.say("SC7030", self.source.at, row=str(row), why=problem)
            return None
        return found

    def _unfit(self, column: Name) -> str:
        """Why a column of the target cannot be a key; empty where it can."""
        if self.table.query is not None and not self.table.columns:
            return ""
        if column not in self.types:
            return "it does not arrive"
        return no_key(self.types[column], self.ctx.profile)

    # -- encodings -------------------------------------------------------------------------------------------------

    def encodings(self, row: Design | None, sort: Sequence[Name]) -> list[tuple[str, str]]:
        """Encodings of columns, where they are asked for; without any the target chooses and goes on choosing."""
        explicit = self.ctx.options.redshift_encode == "explicit" if row is None or not row.encode else (
            row.encode == "explicit"
        )  # fmt: skip
        known = self.ctx.trait("encodings")
        assert isinstance(known, dict)
        found: dict[Name, str] = {}
        if self.table.query is None and not self.table.temporary and explicit:
            for name, spelling in self.types.items():
                encoding = known["by_type"].get(base_type(spelling))
                if encoding:
                    found[name] = "raw" if name in sort else encoding
        for text, encoding in row.encodings if row is not None else ():
            assert row is not None
            if self.table.query is not None:
                why = "a table made from a query takes no encodings"
                self.ctx.say("SC7030", self.source.at, row=str(row), why=why)
                break
            if encoding not in known["known"]:
                self.ctx.say("SC7030", self.source.at, row=str(row), why=f"{encoding} is no encoding")
            elif (column := self._named(row, text, key=False)) is not None:
                found[column] = encoding
        if found:
            of_row = row is not None and (row.encode or row.encodings)
            why = f"the row [[distribution]] of {row.table} asks" if row and of_row else "the options ask"
            self.ctx.say("SC7032", self.source.at, clause=f"{len(found)} of {len(self.types)} columns", why=why)
        return [("encode", f"{n.text} {e}") for n, e in found.items()]


def _code(choice: Choice) -> str:
    return {"key": "SC7026", "all": "SC7028", "even": "SC7029"}[choice.style]


def _clause(choice: Choice, maker: _Shape) -> str:
    return f"DISTKEY ({maker.quoted([choice.column])})" if choice.column else f"DISTSTYLE {choice.style.upper()}"


def _order(table: Table, run: Run, subject: int) -> _Sort | None:
    """The order that the source's design speaks for, in the source's names."""
    part = table.partitioning
    if part is not None and part.method in ("range", "list") and part.columns:
        columns = part.columns
        if part.sub is not None and part.sub.method in ("range", "list"):
            columns += tuple(n for n in part.sub.columns if n not in columns)
        return _Sort(columns, f"the source partitions it by {', '.join(map(str, columns))}", part.at)
    if table.placement is not None and table.placement.order:
        columns = table.placement.order
        return _Sort(columns, f"the source keeps its rows in the order of {', '.join(map(str, columns))}",
                     table.placement.at)  # fmt: skip
    primary = next((k for k in table.constraints if k.kind == "primary_key"), None)
    if table.organization == "index" and primary is not None:
        return _Sort(primary.columns, "the source keeps its rows in the order of the primary key", primary.at)
    indexed = run.indexed.get(subject, frozenset())
    time = next((k for k in table.columns if k.type.kind in _TIMES and k.name in indexed), None)
    return _Sort((time.name,), f"the source has an index on {time.name}, a time", time.at) if time is not None else None
