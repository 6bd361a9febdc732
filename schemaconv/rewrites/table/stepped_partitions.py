"""Range partitions written as a rule become single partitions, as the targets write them.

A rule may stand for ten thousand of them. More than the option ``max_partitions`` are not written: wider ones take
their place (months for days, years for months), which loses nothing but fineness; where even those are too many, the
table is one table.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ...ir.catalog import Constraint, Partition, Partitioning, Table
from ...ir.fragment import Fragment
from ...ir.names import Name
from ...ir.types import Type
from ...source import Span
from .. import steps
from ..api import Context, Use

REMOVES = "stepped_partitions"
ADDS = ("temporary_partitions",)
_TIMES: Final = frozenset({"timestamp", "timestamptz", "timestampltz"})
#: How often a rule may be made wider.
_WIDER: Final = 6


def rewrite(found: Table, ctx: Context, use: Use) -> Table | None:
    part = found.partitioning
    assert part is not None
    limit = ctx.options.max_partitions
    asked = {level.columns[0] for level in (part, part.sub) if level is not None and level.columns}
    if not asked <= {k.name for k in found.columns}:
        ctx.say_construct("partitioned_query", use.at)  # made from a query, whose columns have no known type
        return replace(found, partitioning=None)
    types = {k.name: k.type.kind for k in found.columns}
    for level in (part, part.sub):
        if level is not None and level.part and types[level.columns[0]] not in ("date", "timestamp"):
            ctx.say_construct("case_partitions", level.at, use.text)  # the day of what hangs on a time zone
            return replace(found, partitioning=None)
    try:
        first = _expanded(part, found, ctx, limit)
        if first is None:
            ctx.say("SC3442", use.at, limit=limit)
            return replace(found, partitioning=None)
        sub = part.sub
        if sub is not None and sub.steps:
            sub = _sub(sub, found, ctx, limit // max(len(first.partitions), 1))
    except steps.Unknown as error:
        ctx.say_construct("partition_expression", error.fragment.at, error.fragment.text)
        return replace(found, partitioning=None)
    found = replace(found, partitioning=replace(first, sub=sub))
    if ctx.trait("range_refuses_nulls") or not ctx.legal("range_partitions"):
        return found
    return _refusing(found, first, ctx)


def _sub(sub: Partitioning, found: Table, ctx: Context, limit: int) -> Partitioning | None:
    """The second level, written out where it fits; where subpartitions are illegal, their own rewrite speaks."""
    if not ctx.legal("composite_partitions"):
        return replace(sub, steps=())
    done = _expanded(sub, found, ctx, limit) if limit > 1 else None
    if done is None:
        ctx.say_construct("partition_levels", sub.at, ", ".join(str(n) for n in sub.columns))
    return done


def _expanded(part: Partitioning, found: Table, ctx: Context, limit: int) -> Partitioning | None:
    """``part`` with its partitions, as fine as ``limit`` allows; ``None`` where even wide ones are too many."""
    if not part.steps:
        return part
    column = next(k for k in found.columns if k.name == part.columns[0])
    kind = column.type.kind
    of, precision = _counted(part, kind) or (kind, _places(column.type))
    for coarser in range(_WIDER):
        try:
            bounds = steps.bounds(part.steps, of, precision, coarser, limit)
        except steps.Unknown:
            if coarser:  # nothing is wider
                return None
            raise
        if bounds is not None:
            if coarser:
                _said_wider(part, len(bounds), ctx)
            nulls = bool(ctx.trait("range_refuses_nulls"))
            days = [steps.of_years(one) for one in bounds] if part.part == "year" else bounds
            if None in days:
                raise steps.Unknown(part.steps[0].lower or Fragment("*", part.at))
            known = [one for one in days if one is not None]
            return replace(part, steps=(), part="", partitions=_partitions(part, known, kind, nulls))
    return None


def _counted(part: Partitioning, kind: str) -> tuple[str, int] | None:
    """The type of what the rules speak of, and its decimal places, where that is only a part of the column."""
    match part.part:
        case "day":
            return "date", 0
        case "year":
            return "integer", 0
        case _:
            return None


def _places(of: Type) -> int:
    """Decimal places of a number, or of a second."""
    if of.kind in _TIMES:
        return 6 if of.precision is None else of.precision
    return of.scale or 0


def _said_wider(part: Partitioning, count: int, ctx: Context) -> None:
    rule = next((s.each for s in part.steps if s.each is not None), None)
    at: Span = rule.at if rule is not None else part.at
    ctx.say("SC3441", at, clause=f"EACH {' '.join(rule.text.split())}" if rule else "", count=count)


def _partitions(part: Partitioning, bounds: list[steps.Bounds], kind: str, nulls: bool) -> tuple[Partition, ...]:
    """``nulls``: rows without a value have no place in a range, however wide."""
    at = part.at
    found = []
    for number, one in enumerate(bounds, 1):
        upper = Fragment("MAXVALUE" if one.upper is None else steps.literal(one.upper, kind), at)
        lower = () if one.lower is None else (Fragment(steps.literal(one.lower, kind), at),)
        found.append(Partition(Name(steps.label(one, number)), (upper,), at=at, lower=lower))
    names = [p.name for p in found]
    if len(set(names)) < len(names):
        found = [replace(p, name=Name(f"P{n}")) for n, p in enumerate(found, 1)]
    if part.rest or part.unknown if nulls else part.rest and bounds[-1].upper is not None:
        found.append(Partition(Name("P_REST"), default=True, at=at))
    return tuple(found)


def _refusing(found: Table, part: Partitioning, ctx: Context) -> Table:
    """``found`` with a check, or NOT NULL, against the rows that the source refuses and the target's ranges take."""
    column = next(k for k in found.columns if k.name == part.columns[0])
    keys = {n for k in found.constraints if k.kind == "primary_key" for n in k.columns}
    quoted = '"' + column.name.text.replace('"', '""') + '"'
    if not part.unknown and not column.not_null and column.name not in keys:
        ctx.say("SC3271", part.at, clause=f"{column.name} NOT NULL")
        columns = tuple(replace(k, not_null=True) if k is column else k for k in found.columns)
        found = replace(found, columns=columns)
    text = _within(part.partitions, quoted) if not part.rest else ""
    if not text:
        return found
    ctx.say("SC3271", part.at, clause=f"CHECK ({text})")
    check = Constraint("check", at=part.at, check=Fragment(text, part.at))
    return replace(found, constraints=(*found.constraints, check))


def _within(partitions: tuple[Partition, ...], column: str) -> str:
    """The condition that a value lies in a range; nothing where the last range alone has an end."""
    ranges: list[list[str]] = []
    for p in partitions:
        if p.default:
            continue
        lower, upper = (k[0].text if k else "" for k in (p.lower, p.values))
        if ranges and ranges[-1][1] == lower:
            ranges[-1][1] = upper
        else:
            ranges.append([lower, upper])
    if len(ranges) == 1:
        return f"{column} >= {ranges[0][0]}" if ranges[0][0] else ""
    conditions = []
    for lower, upper in ranges:
        ends = [f"{column} >= {lower}"] if lower else []
        ends += [f"{column} < {upper}"] if upper != "MAXVALUE" else []
        conditions.append(" AND ".join(ends))
    return " OR ".join(conditions)
