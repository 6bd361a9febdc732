"""Where the columns of tables stand, found without going through them again for every statement that adds one."""

from __future__ import annotations

from ..ir.catalog import Column, Table


class Places:
    """Remembers the columns of each table by name. A table that has only gained some since the last look is not gone
    through again."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[tuple[Column, ...], dict[str, int]]] = {}

    def of(self, subject: int, table: Table) -> dict[str, int]:
        """The places of the columns of ``table``, the object ``subject``, by the text of their names."""
        columns, places = self._known.get(subject, ((), {}))
        if table.columns is columns:
            return places
        if table.columns[: len(columns)] != columns:
            columns, places = (), {}
        for place in range(len(columns), len(table.columns)):
            places.setdefault(table.columns[place].name.text, place)
        self._known[subject] = (table.columns, places)
        return places
