"""How rows are spread over the nodes of a target that has nodes, chosen for all tables of the script together.

Amazon Redshift Database Developer Guide, "Choose the best distribution style": distribute a table and the one that it
is joined to most on their common columns, so that joining rows stand on one node; copy small tables to every node; do
not distribute by a column of few values. Where nothing speaks for a choice the target's own (AUTO) is the better one.

The evidence, the strongest first: statistics that call a table small, the source's own distribution
(:class:`~schemaconv.ir.catalog.Placement`), hash partitions, foreign keys. A foreign key only helps if both of its
sides are distributed by it; so the table that most others would follow is settled first, with those that follow it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ..ir.catalog import Constraint, Placement, Table
from ..ir.names import Name
from ..ir.types import Type
from ..source import Span
from ..statistics import Facts
from .types import TypeContext, speller

if TYPE_CHECKING:
    from ..engines import Profile
    from .context import Run

_TYPE: Final = re.compile(r"[a-z]+(?: precision| varying| year to month| day to second)?")


@dataclass(frozen=True, slots=True)
class Choice:
    """The style of one table, the column of ``key``, and what speaks for it.

    ``style`` is ``key``, ``even``, ``all`` or ``auto``, which leaves the table to the target.
    """

    style: str
    column: Name | None
    why: str
    at: Span


@dataclass(frozen=True, slots=True)
class Refused:
    """Columns that might have been a key, and why they are not."""

    columns: tuple[Name, ...]
    why: str
    at: Span


@dataclass(slots=True)
class Plan:
    """What was chosen and what was not, by table."""

    choices: dict[int, Choice] = field(default_factory=dict)
    refused: dict[int, list[Refused]] = field(default_factory=dict)

    def refuse(self, subject: int, columns: tuple[Name, ...], why: str, at: Span) -> None:
        found = self.refused.setdefault(subject, [])
        if all(r.columns != columns for r in found):
            found.append(Refused(columns, why, at))


@dataclass(frozen=True, slots=True)
class Link:
    """A foreign key of one column, the only one between its two tables: rows that are joined over it."""

    child: int
    parent: int
    own: Name
    theirs: Name
    leading: bool  # it begins the child's primary key of several columns: the child's rows are part of the parent's
    filled: bool  # never NULL: else all rows without a value stand on one node
    at: Span


def plan(run: Run, chosen: Mapping[int, Choice]) -> Plan:
    """A distribution for each table that something speaks for; ``chosen`` are a person's, which others follow."""
    made = Plan(dict(chosen))
    links = _links(run)
    for subject, table in _tables(run):
        if subject not in chosen and (found := _own(subject, table, links, run, made)) is not None:
            made.choices[subject] = found
    useful = _useful(links, run, made)
    _lead(useful, run, made)
    _join(useful, run, made)
    _follow(run, made)
    for subject, table in _tables(run):  # what the source does of itself comes behind what somebody has said
        implied = table.placement if subject not in made.choices and table.placement is not None else None
        if implied is not None and implied.implied and (found := _placed(subject, table, implied, links, run, made)):
            if found.style == "key":
                made.choices[subject] = found
    return made


def _tables(run: Run) -> list[tuple[int, Table]]:
    found = [(s, run.catalog.objects[s]) for subjects in run.tables.values() for s in subjects]
    return sorted((s, t) for s, t in found if isinstance(t, Table) and t.organization != "external")


def _facts(run: Run, table: Table) -> Facts:
    return run.statistics.of(run.home(table.name), table.name.name.text)


# -- what a table says of itself ---------------------------------------------------------------------------------------


def _own(subject: int, table: Table, links: list[Link], run: Run, made: Plan) -> Choice | None:
    facts = _facts(run, table)
    small, rows, size = run.profile.limits.get("small_rows", 0), facts.rows, facts.megabytes
    placement = table.placement
    spread = placement is not None and not placement.implied and bool(placement.style or placement.distribution)
    joined = spread or bool(run.children.get(subject))
    if rows is not None and rows <= small and (size or 0) <= run.profile.limits.get("small_megabytes", 0) and joined:
        what = "other tables point to it" if run.children.get(subject) else "the source spreads it"
        return Choice("all", None, f"the statistics count {rows:,} rows, and {what}", table.at)
    if placement is not None and spread:
        return _placed(subject, table, placement, links, run, made)
    part = table.partitioning
    if part is not None:
        for level in (part, part.sub):
            if level is not None and level.method == "hash" and len(level.columns) == 1:
                column = level.columns[0]
                if few := _few(run, table, column):
                    made.refuse(subject, (column,), few, part.at)
                    continue
                return Choice("key", column, f"the source spreads it over hash partitions by {column}", part.at)
    return None


def _placed(
    subject: int, table: Table, placement: Placement, links: list[Link], run: Run, made: Plan
) -> Choice | None:
    """The source's own distribution: its column, or the best of several."""
    match placement.style:
        case "even":
            return Choice("even", None, "the source has no distribution key for it", placement.at)
        case "all":
            return Choice("all", None, "the source keeps it on every node", placement.at)
    columns = placement.distribution
    shown = ", ".join(map(str, columns))
    how = f"the source spreads it by {shown}"
    if not columns:
        return None
    if len(columns) == 1:
        if few := _few(run, table, columns[0]):
            made.refuse(subject, columns, few, placement.at)
            return Choice("even", None, f"{how}, of which {few}", placement.at)
        return Choice("key", columns[0], how, placement.at)
    left = [n for n in columns if not _few(run, table, n)]
    if not left:
        return Choice("even", None, f"{how}, all of few values", placement.at)
    joins = {n: sum((k.child == subject and k.own == n) or (k.parent == subject and k.theirs == n) for k in links)
             for n in left}  # fmt: skip
    best = max(left, key=lambda n: joins[n])
    if joins[best]:
        return Choice("key", best, f"{how}, and foreign keys join it by {best}", placement.at)
    distinct = _facts(run, table).distinct
    best = max(left, key=lambda n: distinct.get(n.text.upper(), -1))
    if best.text.upper() in distinct:
        why = f"{how}, of which {best} has most values by the statistics ({distinct[best.text.upper()]:,})"
        return Choice("key", best, why, placement.at)
    return Choice("key", left[0], f"{how}, of which {left[0]} is the first", placement.at)


def _few(run: Run, table: Table, column: Name) -> str:
    """What is wrong with a column of few values; empty where nothing is known against it."""
    distinct = _facts(run, table).distinct.get(column.text.upper())
    least = run.profile.limits.get("distribution_values", 0)
    return f"the statistics count only {distinct:,} values" if distinct is not None and distinct < least else ""


def _unfit(run: Run, table: Table, column: Name) -> str:
    """What is wrong with a column because of its type: the target takes no such key, or it holds codes of a few values.

    The latter speaks against a foreign key only: it points to a lookup.
    """
    found = next((k for k in table.columns if k.name == column), None)
    if found is None or found.type.kind in ("user", "unknown"):
        return ""
    if _is_code(found.type) and column.text.upper() not in _facts(run, table).distinct:
        return f"{found.type.raw or found.type.kind} holds codes, of which there are few"
    place = TypeContext(False, True, False, found.default is not None, table.name.name.text, column.text)
    return no_key(speller(run.profile.engine, run.options).spell(found.type, place).text, run.profile)


def _is_code(found: Type) -> bool:
    """Flags, numbers of one or two digits, texts of up to three characters."""
    match found.kind:
        case "boolean" | "tinyint":
            return True
        case "decimal":
            return found.precision is not None and found.precision <= 2 and not found.scale
        case "char" | "varchar" | "nchar" | "nvarchar":
            return found.length is not None and found.length <= 3
        case _:
            return False


def no_key(spelling: str, profile: Profile) -> str:
    """Why columns of a type of the target can be no key; empty where they can."""
    known = profile.traits.get("key_types")
    base = base_type(spelling)
    return f"{base or spelling} may be no key" if known and base not in known else ""


def base_type(spelling: str) -> str:
    """A type's name without its arguments: ``double precision``, ``varchar``."""
    found = _TYPE.match(spelling.lower())
    return found[0] if found else ""


# -- foreign keys ------------------------------------------------------------------------------------------------------


def _links(run: Run) -> list[Link]:
    """The foreign keys over which two tables can stand together; disabled ones tell of joins as well."""
    found = []
    for subject, table in _tables(run):
        keys = [(k, over) for k in table.constraints if (over := _parent(k, run)) is not None]
        primary = next((k.columns for k in table.constraints if k.kind == "primary_key"), ())
        never = {c.name for c in table.columns if c.not_null or c.identity is not None} | set(primary)
        for k, (parent, target) in keys:
            alone = sum(other == parent for _, (other, _) in keys) == 1
            theirs = _theirs(k, target)
            if parent != subject and alone and len(k.columns) == 1 and len(theirs) == 1:
                own = k.columns[0]
                leading = len(primary) > 1 and primary[0] == own
                found.append(Link(subject, parent, own, theirs[0], leading, own in never, k.at))
    return found


def _parent(k: Constraint, run: Run) -> tuple[int, Table] | None:
    return run.table(k.references) if k.kind == "foreign_key" and k.references is not None else None


def _theirs(k: Constraint, parent: Table) -> tuple[Name, ...]:
    return k.references_columns or next((p.columns for p in parent.constraints if p.kind == "primary_key"), ())


def _useful(links: list[Link], run: Run, made: Plan) -> list[Link]:
    """Links whose columns can spread rows: not of few values, and not empty in a table that others join in turn."""
    found = []
    for k in links:
        child = run.catalog.objects[k.child]
        assert isinstance(child, Table)
        if against := _few(run, child, k.own) or _unfit(run, child, k.own):
            made.refuse(k.child, (k.own,), against, k.at)
        elif k.filled or not run.children.get(k.child):
            found.append(k)
    return found


def _lead(links: list[Link], run: Run, made: Plan) -> None:
    """A parent stands with a child that is spread by the foreign key for reasons of its own."""
    for k in links:
        chosen = made.choices.get(k.child)
        if chosen is not None and chosen.column == k.own and k.parent not in made.choices:
            why = f"{run.catalog.objects[k.child].name} joins it by a foreign key, and is spread by the same values"
            made.choices[k.parent] = Choice("key", k.theirs, why, run.catalog.objects[k.parent].at)


def _join(links: list[Link], run: Run, made: Plan) -> None:
    """Settle parents with the children that follow them, those with most children first."""
    depth = _depths(links)
    everyone = {p: len(set(c) - {p}) for p, c in run.children.items()}
    while True:
        groups: dict[int, list[Link]] = {}
        for k in links:
            settled = made.choices.get(k.parent)
            if k.child not in made.choices and (settled is None or settled.column == k.theirs):
                groups.setdefault(k.parent, []).append(k)
        ranks = {
            p: (p in made.choices, len(g), any(k.leading for k in g), _rows(run, p), depth.get(p, 0))
            for p, g in groups.items()
            if p in made.choices or not _minor(p, g, everyone, run)
        }
        if not ranks:
            return
        top = max(ranks.values())
        best = [p for p, rank in ranks.items() if rank == top]
        torn = _torn([k for p in best for k in groups[p]])
        for child, several in torn.items():
            columns = tuple(k.own for k in several)
            why = "foreign keys speak for each of them, and statistics that would decide are not given"
            made.refuse(child, columns, why, run.catalog.objects[child].at)
        if torn:
            links = [k for k in links if k.child not in torn]
            continue
        for p in best:
            _settle(p, groups[p], run, made)


def _minor(parent: int, links: list[Link], everyone: dict[int, int], run: Run) -> bool:
    """Whether a parent is a lookup, which is left to the target.

    Its children mostly stand elsewhere already, or its only child points to a table that more tables point to. A child
    whose rows are part of the parent's outweighs both.
    """
    leading = any(k.leading for k in links)
    if 2 * len(links) + leading <= everyone.get(parent, 0):
        return True
    if len(links) > 1 or leading:
        return False
    child = run.catalog.objects[links[0].child]
    assert isinstance(child, Table)
    others = {found[0] for k in child.constraints if (found := _parent(k, run)) is not None} - {parent, links[0].child}
    return any(everyone.get(p, 0) > everyone.get(parent, 0) for p in others)


def _rows(run: Run, subject: int) -> int:
    found = run.catalog.objects[subject]
    return (_facts(run, found).rows or 0) if isinstance(found, Table) else 0


def _torn(links: list[Link]) -> dict[int, list[Link]]:
    """Children that equally good parents want."""
    by_child: dict[int, list[Link]] = {}
    for k in links:
        by_child.setdefault(k.child, []).append(k)
    return {c: several for c, several in by_child.items() if len(several) > 1}


def _settle(parent: int, links: list[Link], run: Run, made: Plan) -> None:
    if parent not in made.choices:
        column = links[0].theirs
        names = [str(run.catalog.objects[k.child].name) for k in links if k.theirs == column]
        why = f"{_listed(names)} {'joins' if len(names) == 1 else 'join'} it by a foreign key"
        made.choices[parent] = Choice("key", column, why, run.catalog.objects[parent].at)
    column_of_parent = made.choices[parent].column
    name = run.catalog.objects[parent].name
    for k in links:
        if k.theirs == column_of_parent and k.child not in made.choices:
            why = f"its foreign key joins it to {name}, which is spread by the same values"
            made.choices[k.child] = Choice("key", k.own, why, k.at)


def _listed(names: list[str]) -> str:
    if len(names) <= 3:
        return " and ".join(names)
    return f"{names[0]}, {names[1]} and {len(names) - 2} more tables"


def _depths(links: list[Link]) -> dict[int, int]:
    """How many foreign keys lead away from a table, one behind another: the deeper, the more rows."""
    parents: dict[int, set[int]] = {}
    for k in links:
        parents.setdefault(k.child, set()).add(k.parent)
    found: dict[int, int] = {}
    for start, front in parents.items():
        level, seen = 0, {start}
        while front := front - seen:
            level += 1
            seen |= front
            front = {q for p in front for q in parents.get(p, ())}
        found[start] = level
    return found


def _follow(run: Run, made: Plan) -> None:
    """Tables whose foreign key of several columns holds the column by which its parent is spread."""
    for subject, table in _tables(run):
        if subject in made.choices:
            continue
        for k in table.constraints:
            found = _parent(k, run)
            if found is None or found[0] == subject or len(k.columns) < 2:
                continue
            chosen = made.choices.get(found[0])
            pairs = dict(zip(_theirs(k, found[1]), k.columns, strict=False))
            if chosen is None or chosen.column is None or chosen.column not in pairs:
                continue
            own = pairs[chosen.column]
            if few := _few(run, table, own):
                made.refuse(subject, (own,), few, k.at)
                continue
            why = f"its foreign key joins it to {found[1].name}, which is spread by the same values"
            made.choices[subject] = Choice("key", own, why, k.at)
            break
