"""How a table is cut into partitions."""

from __future__ import annotations

from dataclasses import dataclass

from ..source import NOWHERE, Span
from .clause import Clause
from .fragment import Fragment
from .names import Name


@dataclass(frozen=True, slots=True)
class Partition:
    """One partition: ``values`` are the bounds as written (upper bounds of a range, members of a list)."""

    name: Name | None
    values: tuple[Fragment, ...] = ()
    default: bool = False  # list partition DEFAULT
    at: Span = NOWHERE
    subpartitions: tuple[Partition, ...] = ()
    clauses: tuple[Clause, ...] = ()
    lower: tuple[Fragment, ...] = ()  # set by legalization, for targets that write both bounds
    check: Fragment | None = None  # set by legalization: which rows a default partition takes, if not all


@dataclass(frozen=True, slots=True)
class Step:
    """Range partitions written as a rule: from ``lower`` to ``upper``, both within, each one ``each`` wide.

    Without ``each`` it is one partition. No ``lower``: nothing bounds it below. No ``upper``: it goes to the next
    step, and the last one has no end.
    """

    lower: Fragment | None
    upper: Fragment | None = None
    each: Fragment | None = None
    at: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Partitioning:
    """``method`` is range, list, hash, reference, system or consistent_hash; ``count`` is that of hash partitions.

    Method ``scheme`` is a range whose bounds stand in an object of their own, which ``reference`` names and which the
    script does not define.

    ``steps`` stand for the partitions of a range that are written as rules. ``rest``: rows that fit no partition have
    one of their own; ``unknown``: so have rows without a value. ``nulls_apart``: such rows are in no range, however
    wide; without a partition for them they are refused. ``part`` is what the rules speak of: the column, or its
    ``day`` or ``year``.
    """

    method: str
    columns: tuple[Name, ...] = ()
    partitions: tuple[Partition, ...] = ()
    count: int | None = None
    interval: Fragment | None = None
    nulls_first: bool = False  # rows without a value of the key are in the first range, not the last
    steps: tuple[Step, ...] = ()
    rest: bool = False
    unknown: bool = False
    nulls_apart: bool = False
    part: str = ""
    automatic: bool = False
    sub: Partitioning | None = None
    reference: Name | None = None  # the foreign key of reference partitioning
    at: Span = NOWHERE
    default: bool = False  # set by legalization: add a partition for rows that fit no other
