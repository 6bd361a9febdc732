"""Where a source keeps the rows of a table, for targets that ask the same question."""

from __future__ import annotations

from dataclasses import dataclass

from ..source import NOWHERE, Span
from .names import Name


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the source keeps a table's rows: on which node, and in which order within it.

    ``distribution`` are the columns whose values choose the node, in the script's order; ``style`` is ``key`` with
    such columns, ``even`` where rows go round, ``all`` where every node has all of them. ``unique`` says that no two
    rows agree in ``distribution``. ``order`` are the columns that rows are sorted by on disk, as a clustered index
    sorts them. ``at`` is the clause that said so; ``implied``: no clause did, it is what the source does by itself.
    """

    distribution: tuple[Name, ...] = ()
    style: str = ""  # "", "key", "even", "all"
    unique: bool = False
    order: tuple[Name, ...] = ()
    at: Span = NOWHERE
    implied: bool = False
