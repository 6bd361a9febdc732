"""The collations of the databases that a script works in: what text tells apart where its column says nothing.

Source: Transact-SQL reference, "CREATE DATABASE", "ALTER DATABASE", "Collation precedence"; "Set or change the database
collation".
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ..ir.catalog import Table
from ..sql.lexis import unquoted
from .base import Builder
from .cursor import Cursor
from .sqlserver_column import collation
from .sqlserver_cursor import Databases


@dataclass(slots=True)
class Collations:
    """A column gets the collation that its database has when it is made; tempdb has that of the server."""

    builder: Builder
    databases: Databases
    known: dict[str, str] = field(default_factory=dict)  # by database
    tables: dict[int, str] = field(default_factory=dict)  # what the database of a table tells apart; empty if not said

    def said(self, c: Cursor, database: str) -> None:
        """CREATE or ALTER DATABASE ... COLLATE; an empty name is the database at hand."""
        if "COLLATE" not in c.texts[c.at : c.count]:
            return
        word = c.texts[c.texts.index("COLLATE", c.at) + 1]
        compares = collation(unquoted(word) if word[:1] in ("[", '"') else word).get("compares")
        if compares:
            self.known[database or self._current()] = compares

    def _current(self) -> str:
        used = self.databases.used
        return self.databases.current or (used[-1] if used else "")

    def made(self, subject: int, table: Table) -> None:
        """Take note of a table when it is made."""
        if not table.temporary:
            self.tables[subject] = self.known.get(self._current(), "")

    def resolve(self) -> str:
        """The collation of the script's one database. Where tables live in several, columns get that of their own."""
        said = set(self.tables.values())
        if len(said) <= 1:
            return said.pop() if said else ""
        for subject, compares in self.tables.items():
            table = self.builder.objects[subject] if subject < len(self.builder.objects) else None
            if isinstance(table, Table) and compares:
                columns = tuple(k if k.compares else replace(k, compares=compares) for k in table.columns)
                self.builder.objects[subject] = replace(table, columns=columns)
        return ""
