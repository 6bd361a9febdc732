"""What the rows of ``TABLE(f(x))`` and of a table's history are, and the object types of the script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..ir.catalog import Routine, UserType
from ..ir.fragment import History, Known
from ..ir.names import QName
from ..ir.routine import NamedType, Typed
from .constructs import gone

if TYPE_CHECKING:
    from .context import Run


class RowSources:
    """Adds collections that functions give to what is known of the script."""

    run: Run | None
    _types: list[UserType] | None = None

    def routines(self, names: tuple[str, ...]) -> list[tuple[int, Routine]]:
        raise NotImplementedError

    def columns_of(self, schema: str, name: str) -> Mapping[str, Known] | None:
        raise NotImplementedError

    def _now(self, schema: str, name: str, folded: bool = True) -> QName:
        raise NotImplementedError

    def history_of(self, schema: str, name: str) -> History | None:
        """The history table of a table of the script, if the output has it with all of the table's columns."""
        found = self.run.table(self._now(schema, name)) if self.run is not None else None
        if found is None or found[1].history is None:
            return None
        table, kept = found[1], found[1].history
        columns = tuple((k.name.text, k.name.folded) for k in table.columns)
        edges: dict[str, tuple[str, bool]] = {}
        for column in table.columns:
            for clause in column.clauses:
                if clause.construct == "period_column":
                    edges[clause.text.split()[-1].upper()] = (column.name.text, column.name.folded)
        past = self.columns_of(kept.key[0], kept.name.text)
        if not {"START", "END"} <= set(edges) or past is None or not {n for n, _ in columns} <= set(past):
            return None
        hidden = frozenset(k.name.text for k in table.columns if k.invisible)
        return History(kept.key[0], kept.name.text, edges["START"], edges["END"], columns, hidden, str(kept))
    def rows_of(self, names: tuple[str, ...]) -> tuple[bool, str] | None:
        """See :class:`~schemaconv.ir.fragment.Rows`."""
        found = {_kind for s, o in self.routines(names) if (_kind := self._rows(s, o)) is not None}
        return found.pop() if len(found) == 1 else None

    def _rows(self, subject: int, found: Routine) -> tuple[bool, str] | None:
        run, program = self.run, found.program
        if run is None or program is None or program.returns is None or subject in run.absent:
            return None
        home = run.packages.canonical(found.package) if found.package is not None else None
        element = self._element(program.returns, home)
        return (program.pipelined, element) if element is not None else None

    def _element(self, typed: Typed, home: QName | None) -> str | None:
        """The type of a collection's elements: empty for records, ``None`` where it is no array on the target."""
        assert self.run is not None
        user = typed.type.user
        if user is None:
            return None
        names = (user.schema.text, user.name.text) if user.schema is not None else (user.name.text,)
        inside = self.run.packages.resolve(names, home)
        part = self.run.packages.parts.get(inside[0]) if inside is not None else None
        if part is not None and isinstance(part.found, NamedType):
            of = part.found.of
            if part.found.form == "index":
                return None
            return "" if of.row or of.type.kind in ("user", "unknown") else of.type.raw or "unknown"
        own = next((t for t in self.user_types() if t.name.name == user.name), None)
        if own is None or own.form not in ("table", "varray"):
            return None
        return "" if own.of.kind in ("user", "unknown") else own.of.raw or "unknown"

    def user_types(self) -> list[UserType]:
        """The types of the script."""
        assert self.run is not None
        if self._types is None:
            self._types = [o for o in self.run.catalog.objects if isinstance(o, UserType) and not gone(o)]
        return self._types

    def object_types(self) -> list[UserType]:
        return [t for t in self.user_types() if t.form == "object"]
