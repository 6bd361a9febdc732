"""One catalog on its way to one target: what all of its objects share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .. import rulefiles
from ..diagnostics import Log
from ..engines import Profile
from ..ir.catalog import (
    Catalog,
    Column,
    Data,
    Index,
    Partitioning,
    Routine,
    Table,
    UserType,
)  # fmt: skip
from ..ir.fragment import Known
from ..ir.names import Name, QName
from ..ir.types import Type
from ..options import Options
from ..sql.lexis import lexis
from ..statistics import NONE, Statistics
from .lookup import Lookup
from .names import NameMap
from .packages import Packages
from .patterns import insensitive
from .physical import Designs
from .secrets import Secrets
from .types import TypeContext, speller

if TYPE_CHECKING:
    from .context import Context
    from .functions import Translator
    from .lookup import Lookup
    from .values import Needs


_NAMED = frozenset(
    ("table", "view", "materialized_view", "sequence", "synonym", "type", "function", "procedure", "package")
)
_INTERVALS = frozenset(("interval_ym", "interval_ds"))


@dataclass(slots=True)
class Run:
    """One catalog on its way to one target: shared by all objects."""

    catalog: Catalog
    profile: Profile
    options: Options
    log: Log
    names: NameMap
    translator: Translator
    lookup: Lookup
    tables: dict[str, list[int]] = field(default_factory=dict)  # unqualified name -> subjects
    children: dict[int, list[int]] = field(default_factory=dict)  # table -> tables whose keys point to it
    absent: set[int] = field(default_factory=set)  # subjects that are not printed: what needs them cannot be either
    final: dict[int, Table] = field(default_factory=dict)  # table -> its shape on the target
    needs: dict[int, Needs] = field(default_factory=dict)  # table -> what its INSERTs must give, once one is met
    spelled: dict[int, dict[str, str]] = field(default_factory=dict)  # table -> its columns' final types
    keys: dict[QName, set[tuple[str, ...]]] = field(default_factory=dict)  # primary keys inserted so far
    typed: dict[tuple[Type, str], Type] = field(default_factory=dict)  # types with their spelling: most come again
    whole: set[int] = field(default_factory=set)  # tables that gave up their partitions
    drawn: dict[str, list[Table]] = field(default_factory=dict)  # sequence -> tables that count by themselves instead
    _relations: dict[str, list[int]] = field(default_factory=dict)
    reaches: dict[int, bool] = field(default_factory=dict)  # routine -> whether it runs statements made at run time
    _last_data: int = -2
    _insensitive: dict[str, str] | None = None
    indexed: dict[int, frozenset[Name]] = field(default_factory=dict)  # table -> columns with an index
    uniques: dict[int, list[Index]] = field(default_factory=dict)  # table -> its unique indexes
    prelude: dict[str, None] = field(default_factory=dict)  # statements that come before all others
    once: set[tuple[str, str]] = field(default_factory=set)  # what is said once of the whole run
    follows: dict[int, frozenset[Name]] = field(default_factory=dict)  # table -> columns that take the type of a key
    statistics: Statistics = NONE
    designs: Designs = field(default_factory=Designs)  # distribution and order, where the target has them
    declared: dict[int, list[tuple[Name, ...]]] = field(default_factory=dict)  # table -> unique columns to declare
    callers: dict[str, set[tuple[str, str]]] = field(default_factory=dict)  # routines that call a name, once asked for
    circular: frozenset[int] = frozenset()  # views that need each other
    unbound: set[int] = field(default_factory=set)  # views that are not bound to what they read
    changing: dict[tuple[QName, Name], Column] = field(default_factory=dict)  # columns whose default changes later
    outputs: dict[int, dict[str, Known]] = field(default_factory=dict)  # view or table of a query -> its columns
    locked: dict[int, str] = field(default_factory=dict)  # view -> why nothing can be written through it
    writers: dict[str, list[tuple[QName, str]]] | None = None  # relation -> what of the script writes to it, in words
    homes: frozenset[str] = frozenset()  # target schemas in which the script makes objects
    support: dict[str, set[int]] = field(default_factory=dict)  # support functions and the objects that call them
    types_made: set[tuple[Name | None, str]] = field(default_factory=set)  # record types of routines
    answers: dict[int, object] = field(default_factory=dict)  # what procedures that answer rows give, once it is known
    called: dict[int, set[int]] = field(default_factory=dict)  # object -> routines that it calls
    secrets: Secrets = field(init=False)
    packages: Packages = field(init=False)

    def __post_init__(self) -> None:
        self.secrets = Secrets(self.catalog)
        self.packages = Packages(self.catalog, self.profile, self.names)

    def home(self, name: QName) -> str:
        """The schema of a name, or the one that the source takes for a bare name."""
        return name.key[0] or lexis(self.catalog.engine).default_schema

    def trait_of_source(self, name: str) -> object:
        """What the profile of the engine that the scripts were written for says."""
        return rulefiles.load(f"engines/{self.catalog.engine}.toml")["traits"].get(name)

    def insensitive(self, ctx: Context) -> dict[str, str]:
        """Columns whose collation takes no patterns, by their name on the target."""
        if self._insensitive is None:
            self._insensitive = insensitive(self, ctx)
        return self._insensitive

    def partitioned(self, table: Table) -> Partitioning | None:
        """How the table is partitioned on the target, once that is settled; an index comes after its table."""
        found = self.table(table.name)
        if found is not None and found[0] in self.whole:
            return None
        return table.partitioning

    def relations(self) -> dict[str, list[int]]:
        """Tables, views, sequences and synonyms of the script by unqualified name."""
        if not self._relations:
            for subject, found in enumerate(self.catalog.objects):
                inside = isinstance(found, Routine) and found.package is not None
                if found.kind in _NAMED and not inside and not (isinstance(found, Table) and found.partial):
                    self._relations.setdefault(found.name.name.text, []).append(subject)
        return self._relations

    @property
    def last_data(self) -> int:
        """The last statement of the script that changes rows."""
        if self._last_data == -2:
            self._last_data = max((s for s, o in enumerate(self.catalog.objects) if isinstance(o, Data)), default=-1)
        return self._last_data

    def words(self, text: str) -> set[str]:
        """Every name-like word of a source text in canonical case."""
        return lexis(self.catalog.engine).words(text)

    def columns_in(self, text: str) -> dict[str, Type]:
        """Columns of every table that a query names; a name that two of them type differently is left out."""
        found: dict[str, Type] = {}
        clash: set[str] = set()
        for word in self.words(text):
            for subject in self.tables.get(word, ()):
                table = self.catalog.objects[subject]
                assert isinstance(table, Table)
                for column in table.columns:
                    own = self.meaning(table, column)
                    known = found.setdefault(column.name.text, own)
                    if known.kind != own.kind:
                        clash.add(column.name.text)
        for name in clash:
            del found[name]
        return found

    def meaning(self, table: Table, column: Column) -> Type:
        """The column's type as fragments meet it on the target: a flag may have become a boolean there,
        and an interval that no column can hold is a text there."""
        kind = column.type.kind
        if kind == "user" and (alias := self.alias(column.type)) is not None:
            return alias.of
        asked = kind == "bit" or (kind != "user" and (self.options.number1 == "boolean" or self.own_rows))
        if kind not in _INTERVALS and not asked:
            return column.type
        place = TypeContext(
            column.identity is not None, default=column.default is not None,
            table=table.name.name.text, column=column.name.text,
        )  # fmt: skip
        spelling = speller(self.profile.engine, self.options).spell(column.type, place).text
        if spelling == self.profile.traits.get("boolean_type"):
            return Type("boolean", raw=column.type.raw)
        if kind in _INTERVALS and not spelling.startswith("interval"):
            return Type("varchar", raw=column.type.raw)
        return column.type

    def alias(self, wanted: Type) -> UserType | None:
        """The alias type of the script that ``wanted`` names, if it names one."""
        if wanted.user is None:
            return None
        for subject in self.relations().get(wanted.user.name.text, ()):
            found = self.catalog.objects[subject]
            if isinstance(found, UserType) and found.form == "alias":
                return found
        return None

    @property
    def own_rows(self) -> bool:
        """Whether the user has rows of types of their own."""
        return bool(self.options.types or self.options.rules)

    def qualified(self, name: QName) -> str:
        """A qualified name as the target writes it."""
        own = self.profile.quoted(name.name.text)
        return f"{self.profile.quoted(name.schema.text)}.{own}" if name.schema else own

    def table(self, name: QName) -> tuple[int, Table] | None:
        """The table of the script that ``name`` means."""
        found = None
        for subject in self.tables.get(name.name.text, ()):
            table = self.catalog.objects[subject]
            assert isinstance(table, Table)
            if table.name.schema == name.schema:
                return subject, table
            if table.name.schema is None or name.schema is None:
                found = found or (subject, table)
        return found
