"""Target names: folding, length, collisions. One map for the whole catalog, made before anything is rewritten.

Oracle keeps indexes and constraints in name spaces of their own; PostgreSQL puts every index, also that behind a key,
into the schema's relation name space; MySQL scopes index names to their table and foreign keys to the database. The
profile's traits ``index_name_scope`` and ``constraint_name_scope`` say which.
"""

from __future__ import annotations

import hashlib
from itertools import chain, count

from ..diagnostics import Log
from ..engines import Profile
from ..ir.catalog import (
    Catalog,
    Column,
    Constraint,
    Index,
    Object,
    Schema,
    Sequence,
    Synonym,
    Table,
    UserType,
    View,
)
from ..ir.names import Name, QName
from ..options import Options
from ..report.model import Renamed
from ..sql.lexis import lexis
from . import routine_names
from .constructs import gone


def shortened(text: str, limit: int, unit: str) -> str:
    """``text`` within ``limit`` bytes or characters: its beginning and six hex digits of its hash, always the same."""
    size = len(text.encode()) if unit == "bytes" else len(text)
    if size <= limit:
        return text
    digest = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:6]
    keep = limit - 7
    if unit == "bytes":
        head = text.encode()[:keep].decode("utf-8", "ignore")
    else:
        head = text[:keep]
    return f"{head.rstrip('_')}_{digest}"


class NameMap:
    """Answers the target's spelling of every name of the catalog."""

    def __init__(self, catalog: Catalog, profile: Profile, options: Options, log: Log) -> None:
        self.profile = profile
        self.options = options
        self.log = log
        self.limit = profile.limits["identifier"]
        self.unit = str(profile.traits["identifier_unit"])
        self.spellings = catalog.spellings
        self.own = lexis(catalog.engine).default_schema
        self.schemas = {k.upper(): v for k, v in options.schema_map}
        self._plain: dict[Name, str] = {}
        self._objects: dict[tuple[str, str, str], str] = {}  # (group, schema, name) -> target
        self._columns: dict[tuple[str, str, str], str] = {}  # (schema, table, column) -> target, where not plain
        self._any_column: dict[str, str] = {}
        self._by_name: dict[str, tuple[str, str]] = {}  # unqualified name -> its schema and target, where unique
        self._constraints: dict[tuple[int, int], str] = {}
        self._indexes: dict[int, str] = {}
        self.renamed: list[Renamed] = []
        self._taken: dict[str, set[str]] = {}
        self._next: dict[tuple[int, str], tuple[set[str], int]] = {}  # the set is kept, so that its id stays its own
        self.system_columns = frozenset(profile.traits.get("system_columns", ()))
        self.system_types = frozenset(str(profile.traits.get("system_types", "")).split())
        self.case_tells = bool(profile.traits.get("case_tells_apart"))
        if self.own and self.own not in self.schemas and profile.traits.get("own_database_first"):
            self._name_home(catalog)
        self._collect(catalog)

    def _name_home(self, catalog: Catalog) -> None:
        """The default schema needs a name where a table of another one could not point to it without."""
        named = any(
            isinstance(o, (Table, View)) and o.name.schema is not None and not gone(o) and self.schema(o.name.schema)
            for o in catalog.objects
        )
        if named:
            self.schemas[self.own] = self.plain(Name(self.own))

    # -- asking ------------------------------------------------------------------------------------------------------

    def plain(self, name: Name) -> str:
        """The target's spelling of a name on its own: folded, and short enough."""
        found = self._plain.get(name)
        if found is None:
            text = name.text
            if name.folded:
                match self.options.names:
                    case "keep":
                        text = self.spellings.get(text, text)
                    case "lower":
                        text = text.lower()
            found = self._plain[name] = shortened(text, self.limit, self.unit) if len(text) * 4 > self.limit else text
        return found

    def schema(self, name: Name | None) -> Name | None:
        """The target schema of a source schema; ``None`` for the connection's own."""
        if name is None:
            home = self.schemas.get(self.own) if self.own else None
            return Name(home) if home else None
        mapped = self.schemas.get(name.text.upper())
        if mapped is not None:
            return Name(mapped) if mapped else None
        if self.options.schemas == "drop":
            return None
        return Name(self.plain(name))

    def relation(self, name: QName) -> QName:
        """The target name of a table, view or sequence, also of one outside the script."""
        schema = name.schema.text if name.schema else ""
        found = self._objects.get(("relation", schema, name.name.text))
        if found is not None:
            return QName(self.schema(name.schema), Name(found))
        if not schema and name.name.text in self._by_name:
            home, text = self._by_name[name.name.text]
            return QName(self.schema(Name(home)) if home else None, Name(text))
        found = self._objects.get(("relation", "", name.name.text))
        if found is not None:  # the script creates it in the session's own schema and names that elsewhere
            return QName(None, Name(found))
        return QName(self.schema(name.schema), Name(self.plain(name.name)))

    def type_name(self, name: QName) -> QName:
        found = self._objects.get(("type", name.schema.text if name.schema else "", name.name.text))
        return QName(self.schema(name.schema), Name(found or self.plain(name.name)))

    def column(self, table: QName, name: Name) -> Name:
        if self._columns:
            found = self._columns.get((*table.key, name.text))
            if found is not None:
                return Name(found)
        return Name(self.plain(name))

    def partition(self, table: QName, text: str) -> str:
        """A free name for a partition that is a table of its own."""
        taken = self._scope(table.schema)
        text = shortened(text, self.limit, self.unit)
        number = 2
        name = text
        while self._key(name) in taken:
            name = shortened(f"{text}_{number}", self.limit, self.unit)
            number += 1
        taken.add(self._key(name))
        return name

    def constraint(self, subject: int, number: int, name: Name) -> Name:
        return Name(self._constraints.get((subject, number)) or self.plain(name))

    def index(self, subject: int, name: Name) -> Name:
        return Name(self._indexes.get(subject) or self.plain(name))

    # -- the protocol of the fragment translator -----------------------------------------------------------------------

    def table_text(self, schema: str, name: str, folded: bool) -> tuple[str, str]:
        bare = not schema or schema == self.own
        found = self.relation(QName(None if bare else Name(schema), Name(name, folded)))
        return (found.schema.text if found.schema else "", found.name.text)

    def column_text(self, name: str, folded: bool) -> str:
        return self._any_column.get(name) or self.plain(Name(name, folded))

    # -- making ------------------------------------------------------------------------------------------------------

    def _collect(self, catalog: Catalog) -> None:
        by_schema = self.profile.traits.get("index_name_scope", "schema") == "schema"
        homes: dict[str, set[tuple[str, str]]] = {}
        late: list[int] = []
        types: list[int] = []  # behind the tables, whose names matter more where both share a name space
        for subject, found in enumerate(catalog.objects):
            if gone(found):
                continue
            match found:
                case Table() if found.partial:
                    continue
                case Synonym() if found.public:
                    late.append(subject)
                case Table() | View() | Sequence() | Synonym():
                    text = self._claim(found, subject, "relation", found.name)
                    homes.setdefault(found.name.name.text, set()).add((found.name.key[0], text))
                    if isinstance(found, Table):
                        self._table_columns(found, subject)
                case UserType():
                    types.append(subject)
                case Schema():
                    continue
                case _:
                    continue
        for subject in types:
            kind = catalog.objects[subject]
            assert isinstance(kind, UserType)
            made = {"alias": "alias_type", "table_type": "table_type", "external": "library"}.get(kind.form)
            made = "user_type_object" if made == "table_type" and not self.profile.legal(made) else made
            if made is None or self.profile.legal(made):
                self._claim(kind, subject, "type", kind.name)
        for subject in late:
            found = catalog.objects[subject]
            if found.name.name.text not in homes:  # else it is its own object's name, and nothing is printed
                text = self._claim(found, subject, "relation", found.name)
                homes.setdefault(found.name.name.text, set()).add((found.name.key[0], text))
        for subject, text in routine_names.renamed(catalog, self):
            self._name_routine(catalog.objects[subject], subject, text)
        self._by_name = {n: next(iter(k)) for n, k in homes.items() if len(k) == 1}
        for subject, found in enumerate(catalog.objects):
            if isinstance(found, Table) and not gone(found):
                self._table_constraints(found, subject, by_schema)
        for subject, found in enumerate(catalog.objects):
            if isinstance(found, Index) and not gone(found):
                self._index(found, subject, by_schema)

    def _name_routine(self, found: Object, subject: int, text: str) -> None:
        """A routine that has the name of a function of the target's own, or of one that has it in another schema."""
        name = found.name
        self._objects["relation", name.schema.text if name.schema else "", name.name.text] = text
        if text != self.plain(name.name):
            self.log.say("SC5108", found.at, subject, name=str(name.name), target=self.profile.engine.name, made=text)
            self.renamed.append(Renamed(found.kind, str(name), self._shown(name.schema, text)))

    def _scope(self, schema: Name | None) -> set[str]:
        target = self.schema(schema)
        return self._taken.setdefault(target.text if target else "", set())

    def _claim(self, found: Object, subject: int, group: str, name: QName) -> str:
        schema = name.schema.text if name.schema else ""
        known = self._objects.get((group, schema, name.name.text))
        if known is not None:
            return known
        taken = self._scope(name.schema)
        if group == "type" and self._key(self.plain(name.name)) in self.system_types:
            taken.add(self._key(self.plain(name.name)))  # the target's own type of that name would be found first
        text = self._unique(self.plain(name.name), name.name, taken, found, subject)
        self._objects[group, schema, name.name.text] = text
        self.renamed.append(Renamed(found.kind, str(name), self._shown(name.schema, text)))
        return text

    def _shown(self, schema: Name | None, text: str) -> str:
        target = self.schema(schema)
        return f"{target.text}.{text}" if target else text

    def _key(self, text: str) -> str:
        """What two names must differ in on the target."""
        return text if self.case_tells else text.lower()

    def _unique(
        self, text: str, name: Name, taken: set[str], found: Object | Column, subject: int, hint: str = ""
    ) -> str:
        """``text``, or the nearest name that is free in ``taken``; says so when the name had to change."""
        folded = self._key(text)
        if folded not in taken:
            taken.add(folded)
            if len(text) < len(name.text):
                self.log.say("SC6101", found.at, subject, name=str(name), target=text, limit=self.limit)
            return text
        _, first = self._next.get((id(taken), folded), (taken, 2))  # those below are known to be taken
        for number, suffix in chain(((first, f"_{hint}"),) if hint else (), ((n, f"_{n}") for n in count(first))):
            candidate = shortened(text + suffix, self.limit, self.unit)
            if self._key(candidate) not in taken:
                taken.add(self._key(candidate))
                self._next[id(taken), folded] = (taken, number)
                code = "SC6103" if not name.folded and not hint else "SC6102"
                self.log.say(code, found.at, subject, name=str(name), target=candidate)
                return candidate
        raise AssertionError("numbers never end")

    def _table_columns(self, table: Table, subject: int) -> None:
        seen: set[str] = set()
        for column in table.columns:
            plain = self.plain(column.name)
            if plain.lower() in self.system_columns:
                self._system_column(table, column, subject, plain, seen)
                continue
            low = self._key(plain)
            if low not in seen and len(plain) >= len(column.name.text):
                seen.add(low)
                continue
            text = self._unique(plain, column.name, seen, column, subject)
            if text != plain or len(plain) < len(column.name.text):
                self._columns[*table.name.key, column.name.text] = text
                self._any_column[column.name.text] = text
                self.renamed.append(
                    Renamed("column", f"{table.name}.{column.name}", f"{self.relation(table.name)}.{text}")
                )

    def _system_column(self, table: Table, column: Column, subject: int, plain: str, seen: set[str]) -> None:
        """A name that the target gives to a column of its own in every table."""
        own = {self._key(self.plain(k.name)) for k in table.columns}
        text = f"{plain}_"
        while self._key(text) in own | seen:
            text += "_"
        seen.add(self._key(text))
        self.log.say(
            "SC3151", column.at, subject, name=column.name.text, target=self.profile.engine.name, target_name=text
        )
        self._columns[*table.name.key, column.name.text] = text
        self._any_column[column.name.text] = text
        self.renamed.append(Renamed("column", f"{table.name}.{column.name}", f"{self.relation(table.name)}.{text}"))

    def _table_constraints(self, table: Table, subject: int, by_schema: bool) -> None:
        own: set[str] = set()
        database = self._taken.setdefault("\0constraints", set())
        for number, k in enumerate(table.constraints):
            if k.name is None:
                continue
            taken, hint = self._constraint_scope(k, table, own, database, by_schema)
            text = self._unique(self.plain(k.name), k.name, taken, table, subject, hint)
            if text != self.plain(k.name):
                self._constraints[subject, number] = text
                self.renamed.append(Renamed("constraint", f"{table.name}.{k.name}", text))

    def _constraint_scope(
        self, k: Constraint, table: Table, own: set[str], database: set[str], by_schema: bool
    ) -> tuple[set[str], str]:
        """Where the constraint's name must be unique, and what to append where it is not."""
        hint = {"primary_key": "key", "unique": "key", "foreign_key": "fk", "check": "check"}[k.kind]
        match self.profile.traits["constraint_name_scope"][k.kind]:
            case "schema" if k.kind in ("primary_key", "unique"):
                return self._scope(table.name.schema), hint
            case "schema":
                return self._taken.setdefault(f"\0{k.kind}", database), hint
            case "table" if k.kind in ("primary_key", "unique"):
                return self._taken.setdefault(f"\0{table.name}", set()), hint
            case "table":
                return own, hint
            case _:
                return set(), hint

    def _index(self, found: Index, subject: int, by_schema: bool) -> None:
        taken = self._scope(found.table.schema) if by_schema else self._taken.setdefault(f"\0{found.table}", set())
        text = self._unique(self.plain(found.name.name), found.name.name, taken, found, subject, "idx")
        self.renamed.append(Renamed("index", str(found.name), text))
        self._indexes[subject] = text
