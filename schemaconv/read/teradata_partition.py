"""PARTITION BY of Teradata: RANGE_N, CASE_N, COLUMN and several levels (SQL Data Definition Language, "PARTITION BY";
SQL Functions and Operators, "RANGE_N" and "CASE_N").

RANGE_N is kept as the rule it is (:class:`~schemaconv.ir.catalog.Step`). CASE_N puts a row into the first condition
that holds; conditions that compare one column with constants are ranges or lists, others are no partitions elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Final

from ..ir.catalog import Clause, Partition, Partitioning, Step
from ..ir.fragment import Fragment
from ..ir.names import Name
from ..sql.lexis import lexis
from ..sql.pieces import Refused, pieces
from .cursor import Cursor

_LEVEL: Final = frozenset({"RANGE_N", "CASE_N", "COLUMN"})


def partitioning(c: Cursor, extra: list[Clause]) -> Partitioning | None:
    """``PARTITION BY ...``; the cursor stands on PARTITION. What cannot be a partition elsewhere is in ``extra``."""
    start = c.at
    c.expect("PARTITION", "BY")
    levels: list[Partitioning] = []
    if c.word() == "(" and c.ahead() in _LEVEL:
        c.at += 1
        while True:
            _level(c, levels, extra)
            if not c.accept(","):
                break
        c.expect(")")
    elif c.word() in _LEVEL:
        _level(c, levels, extra)
    else:  # an integer expression that numbers the partitions
        at = c.at
        _to_end(c)
        extra.append(c.clause("case_partitions", at))
    if not levels:
        return None
    found = levels[0]
    if len(levels) > 1 and levels[1].method in ("range", "list"):
        found = replace(found, sub=levels[1])
    for level in levels[2:]:
        extra.append(Clause("partition_levels", ", ".join(str(n) for n in level.columns), level.at))
    return replace(found, at=c.span(start))


def _to_end(c: Cursor) -> None:
    c.skip_to((",", "UNIQUE", "INDEX", "ON", "PRIMARY"))


def _level(c: Cursor, levels: list[Partitioning], extra: list[Clause]) -> None:
    start = c.at
    word = c.take()
    if word == "COLUMN":
        c.skip_to(_AFTER_COLUMN)
        extra.append(c.clause("column_partitions", start))
        return
    if word not in _LEVEL:
        c.at = start
        raise c.error("RANGE_N, CASE_N or COLUMN expected")
    c.expect("(")
    made = _ranges(c) if word == "RANGE_N" else _cases(c)
    c.expect(")")
    at = c.at
    if c.accept("ADD"):  # room for partitions that ALTER TABLE adds
        c.take()
        extra.append(c.clause("storage_clause", at))
    if made is None:
        extra.append(c.clause("case_partitions", start))
    else:
        levels.append(replace(made, at=c.span(start)))


_AFTER_COLUMN: Final = frozenset(", ) INDEX UNIQUE PRIMARY ON".split())


# -- RANGE_N -------------------------------------------------------------------------------------------------------


def _ranges(c: Cursor) -> Partitioning | None:
    """What stands in ``RANGE_N(...)``; ``None`` where its test is no column."""
    column, part = _tested(c)
    c.expect("BETWEEN")
    found = Partitioning("range", (column,) if column is not None else (), nulls_apart=True, part=part)
    steps: list[Step] = []
    while not c.done():
        rest = _rest(c, found, "RANGE")
        if rest is not None:
            found = rest
        else:
            steps.append(step(c))
        if not c.accept(","):
            break
    return replace(found, steps=tuple(steps)) if column is not None else None


def step(c: Cursor) -> Step:
    """``start [AND end] [EACH size]``; ``*`` is no bound."""
    at = c.at
    lower = _operand(c)
    upper = _operand(c) if c.accept("AND") else None
    each = _operand(c) if c.accept("EACH") else None
    return Step(
        None if lower.text == "*" else lower,
        None if upper is None or upper.text == "*" else upper,
        each,
        c.span(at),
    )


def _operand(c: Cursor) -> Fragment:
    start = c.at
    c.skip_to((",", ")", "AND", "EACH", "WITH", "ADD", "DROP"))
    if c.at == start:
        raise c.error("a bound expected")
    found = c.fragment(start)
    return replace(found, text=_iso(found.text)) if "FORMAT" in c.texts[start : c.at] else found


def _iso(text: str) -> str:
    """A bound that has a format as the constant that it means, where that is known."""
    try:
        read, _ = pieces(text, lexis("teradata"))
    except Refused:
        return text
    if len(read) == 2 and read[0].upper in _TYPED:
        return f"{read[0].text} '{read[1].text}'"
    return text


def _rest(c: Cursor, found: Partitioning, word: str) -> Partitioning | None:
    """``NO RANGE [OR UNKNOWN]`` (or ``NO CASE``) and ``UNKNOWN``."""
    if c.accept("NO", word):
        return replace(found, rest=True, unknown=c.accept("OR", "UNKNOWN") or found.unknown)
    if c.accept("UNKNOWN"):
        return replace(found, unknown=True)
    return None


def _tested(c: Cursor) -> tuple[Name | None, str]:
    """The column that RANGE_N tests, and which part of it: a day, or a year, is a range of the column too."""
    for part, (head, tail) in _PARTS.items():
        start = c.at
        if c.accept(*head) and c.is_name():
            name = c.name()
            if c.accept(*tail) and c.word() == "BETWEEN":
                return name, part
        c.at = start
    return _column(c, "BETWEEN"), ""


_PARTS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "day": (("CAST", "("), ("AS", "DATE", ")")), "year": (("EXTRACT", "(", "YEAR", "FROM"), (")",)),
}  # fmt: skip


def _column(c: Cursor, stop: str) -> Name | None:
    """The column before ``stop``; ``None`` where an expression stands."""
    start = c.at
    c.skip_to((stop,))
    end = c.at
    if end != start + 1:
        return None
    c.at = start
    found = c.name() if c.is_name() else None
    c.at = end
    return found


# -- CASE_N --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Case:
    """One condition: ``column < upper`` (``below``), ``column >= lower AND column < upper``, or members of a list."""

    column: Name
    lower: Fragment | None = None
    upper: Fragment | None = None
    members: tuple[Fragment, ...] = ()


def _cases(c: Cursor) -> Partitioning | None:
    """What stands in ``CASE_N(...)``; ``None`` where its conditions are neither ranges nor lists of one column."""
    found = Partitioning("range", nulls_apart=True)
    cases: list[_Case | None] = []
    while not c.done():
        rest = _rest(c, found, "CASE")
        if rest is not None:
            found = rest
        else:
            start = c.at
            c.skip_to((",", ")"))
            cases.append(_case(c, start, c.at))
        if not c.accept(","):
            break
    columns = {k.column for k in cases if k is not None}
    if len(columns) != 1 or None in cases:
        return None
    plain = [k for k in cases if k is not None]
    found = replace(found, columns=tuple(columns))
    at = c.at
    rest_of = (Partition(None, default=True, at=c.span(at - 1)),) if found.rest or found.unknown else ()
    if all(k.members for k in plain):
        texts = [m.text for k in plain for m in k.members]
        if len(set(texts)) < len(texts):
            return None
        partitions = tuple(Partition(None, k.members, at=k.members[0].at) for k in plain)
        return replace(found, method="list", partitions=(*partitions, *rest_of))
    if any(k.members for k in plain) or any(k.upper is None for k in plain[:-1]):
        return None
    ranges = _ordered(plain)
    return replace(found, partitions=(*ranges, *rest_of)) if ranges is not None else None


def _ordered(cases: list[_Case]) -> tuple[Partition, ...] | None:
    """``c < 1, c < 5`` as ranges: each condition holds for what those before it left over."""
    found: list[Partition] = []
    for number, k in enumerate(cases):
        below = cases[number - 1].upper if number else None
        if k.lower is not None and number and (below is None or below.text != k.lower.text):
            return None
        if below is not None and k.upper is not None and not _ascending(below.text, k.upper.text):
            return None
        upper = k.upper or (Fragment("MAXVALUE", k.lower.at) if k.lower is not None else None)
        if upper is None:
            return None
        lower = (k.lower,) if k.lower is not None and not number else ()
        found.append(Partition(None, (upper,), at=upper.at, lower=lower))
    return tuple(found)


def _ascending(a: str, b: str) -> bool:
    """Whether constant ``a`` is below ``b``: two numbers, or two texts (or ISO dates) of one kind."""
    try:
        return Decimal(a) < Decimal(b)
    except InvalidOperation:
        return a.partition("'")[0].split() == b.partition("'")[0].split() and a.partition("'")[2] < b.partition("'")[2]


_TYPED: Final = frozenset({"DATE", "TIMESTAMP", "TIME"})


def _case(c: Cursor, start: int, end: int) -> _Case | None:
    """The condition in tokens ``start`` to ``end``."""
    while c.texts[start] == "(" and c.texts[end - 1] == ")":
        here, c.at = c.at, start
        c.skip_group()
        closes, c.at = c.at == end, here
        if not closes:
            break
        start, end = start + 1, end - 1
    here, c.at = c.at, start
    try:
        return _condition(c, end)
    finally:
        c.at = here


def _condition(c: Cursor, end: int) -> _Case | None:
    if not c.is_name():
        return None
    column = c.name()
    sign = c.take()
    match sign:
        case "<":
            found = _Case(column, upper=_constant(c))
        case "=":
            value = _constant(c)
            found = _Case(column, members=(value,)) if value is not None else _Case(column)
        case "IN" if c.accept("("):
            members: list[Fragment] = []
            while (value := _constant(c)) is not None:
                members.append(value)
                if not c.accept(","):
                    break
            if not c.accept(")"):
                return None
            found = _Case(column, members=tuple(members))
        case ">" if c.accept("="):
            found = _from(c, column)
        case ">=":
            found = _from(c, column)
        case _:
            return None
    return found if c.at == end and (found.upper or found.lower or found.members) else None


def _from(c: Cursor, column: Name) -> _Case:
    """``>= x [AND column < y]``."""
    lower = _constant(c)
    if c.accept("AND") and c.is_name() and c.name() == column and c.accept("<"):
        return _Case(column, lower, _constant(c))
    return _Case(column, lower)


def _constant(c: Cursor) -> Fragment | None:
    start = c.at
    c.accept_any("-", "+")
    word = c.word()
    if word in _TYPED and c.ahead()[:1] == "'":
        c.at += 2
    elif word[:1] == "'" or word[:1].isdigit():
        c.at += 1
    else:
        c.at = start
        return None
    return c.fragment(start)
