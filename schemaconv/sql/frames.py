"""What the names of one query block can mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..ir.fragment import Known
from .outputs import Columns


@dataclass
class Scope:
    """What the names of one query block can mean."""

    parent: Scope | None = None
    tables: dict[str, Columns] = field(default_factory=dict)
    with_: dict[str, Columns] = field(default_factory=dict)
    records: Mapping[str, Columns] = field(default_factory=dict)  # of a routine: only fields behind their name

    def holds(self, qualifier: str, name: str) -> bool:
        """Whether what stands in front of a point is a column (``c.place.lat``) and no table."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.tables or name in scope.records:
                return False
            scope = scope.parent
        return self.find(qualifier, name) is not None

    def cte(self, name: str) -> tuple[bool, Columns]:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.with_:
                return True, scope.with_[name]
            scope = scope.parent
        return False, None

    def settled(self, qualifier: str) -> bool:
        """Whether a name that was not found is no column: no table, or none so called, has columns unknown."""
        scope: Scope | None = self
        while scope is not None:
            if qualifier and (qualifier in scope.tables or qualifier in scope.records):
                return False
            if not qualifier and any(columns is None for columns in scope.tables.values()):
                return False
            scope = scope.parent
        return True

    def find(self, qualifier: str, name: str) -> Known | None:
        """The column ``name``, of ``qualifier`` if one is given; outer blocks are asked last."""
        scope: Scope | None = self
        while scope is not None:
            if qualifier:
                columns = scope.tables.get(qualifier) or scope.records.get(qualifier)
                if columns or qualifier in scope.tables:
                    return columns.get(name) if columns else None
            else:
                open_ = False
                for columns in scope.tables.values():
                    if columns is None:
                        open_ = True
                    elif name in columns:
                        return columns[name]
                if open_:
                    return None  # a table whose columns are not known may have it
            scope = scope.parent
        return None

    def lacks(self, qualifier: str, name: str) -> bool:
        """Whether no table in sight has the column, and the columns of all of them are known."""
        scope: Scope | None = self
        seen = False
        while scope is not None:
            for table, columns in scope.tables.items():
                if qualifier and table == qualifier:
                    return columns is not None and name not in columns
                if columns is None or name in columns:
                    return False
                seen = seen or bool(table)
            scope = scope.parent
        return seen and not qualifier
