"""Names and columns for the translation of fragments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..ir.catalog import Routine, Sequence
from ..ir.fragment import Known
from ..ir.names import Name, QName
from ..source import Span
from .names import NameMap

if TYPE_CHECKING:
    from .context import Run


class Lookup:
    """Names and columns for the translation of fragments; remembers which relations it was asked for."""

    def __init__(self, names: NameMap) -> None:
        self._names = names
        self._own = names.own
        self.run: Run | None = None
        self.asked: list[QName] = []
        self.home = ""  # the schema of names that have none, while a view must name it
        self.since: Span | None = None  # where the statement stands, if renamings behind it matter
        self.within: Name | None = None  # the source's schema that a name without one means, if the script has it
        self.columns_asked: list[str] = []
        self._columns: dict[int, dict[str, Known]] = {}
        self.local: dict[str, Mapping[str, Known] | None] = {}  # tables of the routine at hand

    def table_text(self, schema: str, name: str, folded: bool) -> tuple[str, str]:
        known = self._now(schema, name, folded)
        self.asked.append(known)
        found = self._names.table_text(*known.key, known.name.folded)
        return found if found[0] or not self.home else (self.home, found[1])

    def _now(self, schema: str, name: str, folded: bool = True) -> QName:
        """The relation that a name means in the source, by the name that it has at the end of the script."""
        schema = self._schema(schema, name)
        known = QName(Name(schema) if schema else None, Name(name, folded))
        return self.run.catalog.now(known, self.since) if self.run is not None and self.since is not None else known

    def _schema(self, schema: str, name: str) -> str:
        """The schema that the source means; nothing for its default one."""
        schema = "" if schema == self._own else schema
        if schema or self.within is None or self.run is None:
            return schema
        objects = self.run.catalog.objects
        there = any(objects[s].name.schema == self.within for s in self.run.relations().get(name, ()))
        return self.within.text if there else ""

    def column_text(self, name: str, folded: bool) -> str:
        self.columns_asked.append(name)
        return self._names.column_text(name, folded)

    def drawn_from(self, schema: str, sequence: str, into: tuple[str, str, str] | None) -> int | None:
        """How a statement draws from a sequence that the target lacks.

        0 where the column ``into`` counts by itself, the step of an emulated sequence, ``None`` where there is no way.
        """
        run = self.run
        if run is None or run.profile.legal("sequence"):
            return None
        if into is not None and self._counts(into, sequence):
            self.asked = [n for n in self.asked if n.name.text != sequence]  # the statement does not name it any more
            return 0
        if not run.profile.traits.get("sequence_emulation"):
            return None
        for subject in run.relations().get(sequence, ()):
            found = run.catalog.objects[subject]
            if isinstance(found, Sequence) and (not schema or not found.name.schema or found.name.key[0] == schema):
                return None if subject in run.absent else found.options.increment or 1
        return None

    def _counts(self, into: tuple[str, str, str], sequence: str) -> bool:
        """Whether the column ``into`` (schema, table, column) drew from ``sequence`` and counts by itself now."""
        assert self.run is not None
        schema, name, column = into
        found = self.run.table(self._now(schema, name))
        if found is None or found[0] not in self.run.final:
            return False
        own = next((k for k in found[1].columns if k.name.text == column), None)
        if own is None or own.draws is None or own.draws.name.text != sequence:
            return False
        final = self.run.names.column(found[1].name, own.name)
        return any(k.name == final and k.identity is not None for k in self.run.final[found[0]].columns)

    def called(self, schema: str, name: str) -> tuple[str, str, Known] | None:
        """Target schema, name and result of a function of the script, as far as it is printed."""
        run = self.run
        if run is None:
            return None
        schema = self._schema(schema, name)
        for subject in run.relations().get(name, ()):
            found = run.catalog.objects[subject]
            fits = schema in ("", found.name.key[0]) or not found.name.schema
            if isinstance(found, Routine) and found.what == "function" and fits and subject not in run.absent:
                if found.program is None or found.program.returns is None:
                    return None
                made = self._names.relation(found.name)
                result = Known(found.program.returns.type)
                return (made.schema.text if made.schema else "", made.name.text, result)
        return None

    def columns_of(self, schema: str, name: str) -> Mapping[str, Known] | None:
        """The columns of a table of the script; of a view nothing is known yet."""
        if self.run is None:
            return None
        if not schema and name in self.local:
            return self.local[name]
        found = self.run.table(self._now(schema, name))
        if found is None or found[1].query is not None:
            return None
        subject, table = found
        known = self._columns.get(subject)
        if known is None:
            keys = {n for k in table.constraints if k.kind == "primary_key" for n in k.columns}
            ignored = bool(self.run.trait_of_source("given_identity_ignored"))
            known = {
                k.name.text: Known(
                    self.run.meaning(table, k), k.not_null or k.identity is not None or k.name in keys,
                    ("always" if k.identity.always else "null") if ignored and k.identity is not None else "",
                )
                for k in table.columns
            }
            self._columns[subject] = known
        return known
