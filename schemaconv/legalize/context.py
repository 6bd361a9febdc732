"""What a rewrite may ask and say."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from .. import rulefiles
from ..diagnostics import Diagnostic, Log
from ..engines import Profile, constructs
from ..ir.catalog import (
    Catalog,
    Column,
    Index,
    Item,
    Object,
    Partitioning,
    Sequence,
    Synonym,
    Table,
    UserType,
    View,
)  # fmt: skip
from ..ir.fragment import Found, Fragment, Known, Translated
from ..ir.names import Name, QName
from ..ir.types import Type
from ..options import Options
from ..source import Span
from ..sql.lexis import lexis
from ..statistics import NONE, Statistics
from .names import NameMap
from .physical import Designs
from .secrets import Secrets
from .types import TypeContext, speller

if TYPE_CHECKING:
    from .functions import Translator


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
    spelled: dict[int, dict[str, str]] = field(default_factory=dict)  # table -> its columns' final types
    keys: dict[QName, set[tuple[str, ...]]] = field(default_factory=dict)  # primary keys inserted so far
    typed: dict[tuple[Type, str], Type] = field(default_factory=dict)  # types with their spelling: most come again
    whole: set[int] = field(default_factory=set)  # tables that gave up their partitions
    drawn: dict[str, list[Table]] = field(default_factory=dict)  # sequence -> tables that count by themselves instead
    _relations: dict[str, list[int]] = field(default_factory=dict)
    indexed: dict[int, frozenset[Name]] = field(default_factory=dict)  # table -> columns with an index
    uniques: dict[int, list[Index]] = field(default_factory=dict)  # table -> its unique indexes
    prelude: dict[str, None] = field(default_factory=dict)  # statements that come before all others
    once: set[tuple[str, str]] = field(default_factory=set)  # what is said once of the whole run
    follows: dict[int, frozenset[Name]] = field(default_factory=dict)  # table -> columns that take the type of a key
    statistics: Statistics = NONE
    designs: Designs = field(default_factory=Designs)  # distribution and order, where the target has them
    declared: dict[int, list[tuple[Name, ...]]] = field(default_factory=dict)  # table -> unique columns to declare
    circular: frozenset[int] = frozenset()  # views that need each other
    unbound: set[int] = field(default_factory=set)  # views that are not bound to what they read
    secrets: Secrets = field(init=False)
    homes: frozenset[str] = frozenset()  # target schemas in which the script makes objects

    def __post_init__(self) -> None:
        self.secrets = Secrets(self.catalog)

    def trait_of_source(self, name: str) -> object:
        """What the profile of the engine that the scripts were written for says."""
        return rulefiles.load(f"engines/{self.catalog.engine}.toml")["traits"].get(name)

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
                if found.kind in _NAMED and not (isinstance(found, Table) and found.partial):
                    self._relations.setdefault(found.name.name.text, []).append(subject)
        return self._relations

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


class Lookup:
    """Names and columns for the translation of fragments; remembers which relations it was asked for."""

    def __init__(self, names: NameMap) -> None:
        self._names = names
        self._own = names.own
        self.run: Run | None = None
        self.asked: list[QName] = []
        self.home = ""  # the schema of names that have none, while a view must name it
        self.since: Span | None = None  # where the statement stands, if renamings behind it matter
        self.columns_asked: list[str] = []
        self._columns: dict[int, dict[str, Known]] = {}

    def table_text(self, schema: str, name: str, folded: bool) -> tuple[str, str]:
        known = self._now(schema, name, folded)
        self.asked.append(known)
        found = self._names.table_text(*known.key, known.name.folded)
        return found if found[0] or not self.home else (self.home, found[1])

    def _now(self, schema: str, name: str, folded: bool = True) -> QName:
        schema = "" if schema == self._own else schema
        known = QName(Name(schema) if schema else None, Name(name, folded))
        return self.run.catalog.now(known, self.since) if self.run is not None and self.since is not None else known

    def column_text(self, name: str, folded: bool) -> str:
        self.columns_asked.append(name)
        return self._names.column_text(name, folded)

    def drawn_from(self, schema: str, sequence: str) -> int | None:
        """How a statement draws from a sequence that the target lacks.

        0 where the column counts by itself, the step of an emulated sequence, ``None`` where there is no way.
        """
        run = self.run
        if run is None or run.profile.legal("sequence"):
            return None
        if run.drawn.get(sequence) and run.options.mysql_sequences == "auto_increment":
            return 0
        if not run.profile.traits.get("sequence_emulation"):
            return None
        for subject in run.relations().get(sequence, ()):
            found = run.catalog.objects[subject]
            if isinstance(found, Sequence) and (not schema or not found.name.schema or found.name.key[0] == schema):
                return found.options.increment or 1
        return None

    def columns_of(self, schema: str, name: str) -> Mapping[str, Known] | None:
        """The columns of a table of the script; of a view nothing is known yet."""
        if self.run is None:
            return None
        found = self.run.table(self._now(schema, name))
        if found is None or found[1].query is not None:
            return None
        subject, table = found
        known = self._columns.get(subject)
        if known is None:
            keys = {n for k in table.constraints if k.kind == "primary_key" for n in k.columns}
            known = {
                k.name.text: Known(self.run.meaning(table, k), k.not_null or k.identity is not None or k.name in keys)
                for k in table.columns
            }
            self._columns[subject] = known
        return known


@dataclass(slots=True)
class Context:
    """One object on its way: everything a rewrite says is said of this object."""

    run: Run
    subject: int
    at: Span
    name: str
    extra: list[Item] = field(default_factory=list)  # further objects that this one becomes
    changed: dict[str, object] = field(default_factory=dict)
    stub: str = ""
    held: str = ""

    @property
    def profile(self) -> Profile:
        return self.run.profile

    @property
    def options(self) -> Options:
        return self.run.options

    def legal(self, construct: str) -> bool:
        return self.run.profile.legal(construct)

    def trait(self, name: str) -> object:
        return self.run.profile.traits.get(name)

    def limit(self, name: str) -> int:
        return self.run.profile.limits.get(name, 0)

    def table(self, name: QName) -> Table | None:
        found = self.run.table(name)
        return found[1] if found else None

    def find(self, name: QName) -> Object | None:
        loose = None
        for subject in self.run.relations().get(name.name.text, ()):
            found = self.run.catalog.objects[subject]
            if subject == self.subject:
                continue
            if found.name.schema == name.schema:
                return found
            if None in (found.name.schema, name.schema):
                loose = loose or found
        return loose

    def exists(self, name: QName) -> bool:
        """Whether the script defines ``name`` and it is printed."""
        run = self.run
        for subject in run.relations().get(name.name.text, ()):
            found = run.catalog.objects[subject]
            if subject not in run.absent and (
                found.name.schema == name.schema or None in (found.name.schema, name.schema)
            ):
                return True
        return False

    def strangers(self, known: Collection[str]) -> list[str]:
        """Columns that the last translated fragment names and that are not ``known``."""
        return [n for n in dict.fromkeys(self.run.lookup.columns_asked) if n not in known]

    def parents_of_keys(self, columns: tuple[str, ...]) -> bool:
        own = self.run.catalog.objects[self.subject].name
        for child in self.run.children.get(self.subject, ()):
            table = self.run.catalog.objects[child]
            assert isinstance(table, Table)
            for k in table.constraints:
                if k.references is not None and k.references.name == own.name:
                    target = tuple(n.text for n in k.references_columns)
                    if not target or target == columns:
                        return True
        return False

    def steady(self, query: Fragment) -> bool:
        """Whether a query's answer changes with its tables alone: it asks no clock, no session, no random number."""
        try:
            done = self.run.translator.query(query.text)
        except RecursionError:
            return False
        return done.text is not None and not done.volatile

    def views_in(self, query: Fragment, materialized: bool) -> list[str]:
        """The views of the script that a query names; a synonym that becomes a view is an ordinary one."""
        found = []
        for word in sorted(self.run.words(query.text)):
            for subject in self.run.relations().get(word, ()):
                match self.run.catalog.objects[subject]:
                    case View() as view if view.materialized == materialized and subject != self.subject:
                        found.append(str(view.name))
                    case Synonym() as synonym if not materialized and not self.legal("synonym"):
                        if synonym.target.name != synonym.name.name:  # else it is its own object's name
                            found.append(str(synonym.name))
                    case _:
                        pass
        return found

    def drawn_by(self, sequence: QName) -> tuple[Table, ...]:
        return tuple(self.run.drawn.get(sequence.name.text, ()))

    def say(self, code: str, at: Span | None = None, **params: object) -> None:
        """Record a finding about this object; ``name``, ``target`` and ``version`` are always there to be filled in."""
        engine = self.run.profile.engine
        known: tuple[tuple[str, str], ...] = (("name", self.name), ("target", engine.name), ("version", engine.label))
        safe = self.run.secrets.of(self.run.catalog.objects[self.subject], at or self.at)
        given = tuple((k, safe(str(v))) for k, v in params.items())
        if "name" in params:
            known = known[1:]
        self.run.log.add(Diagnostic(code, at or self.at, self.subject, known + given))

    def say_construct(self, construct: str, at: Span | None = None, clause: str = "", **params: object) -> str:
        """Record the code of a construct; returns it."""
        row = constructs()[construct]
        safe = self.run.secrets.of(self.run.catalog.objects[self.subject], at or self.at)
        kept = safe(clause)
        if kept != clause:
            self.say("SC1043")
        shown = " ".join(kept.split())
        shown = shown if len(shown) <= 80 else shown[:77] + "..."
        self.say(row["code"], at, title=row["title"], clause=shown or row["title"], **params)
        return str(row["code"])

    def expression(
        self,
        fragment: Fragment,
        columns: Mapping[str, Type] | None = None,
        wanted: Type | None = None,
        not_null: Collection[str] = (),
    ) -> tuple[Fragment | None, Translated]:
        """The fragment with its target text, or ``None`` where it cannot be translated (said by code)."""
        self.run.lookup.columns_asked.clear()
        translate = self.run.translator.expression
        return self._translated(fragment, lambda: translate(fragment.text, columns, wanted, not_null))

    def query(
        self, fragment: Fragment, columns: Mapping[str, Type] | None = None
    ) -> tuple[Fragment | None, Translated]:
        return self._translated(fragment, lambda: self.run.translator.query(fragment.text, columns))

    def statement(self, fragment: Fragment) -> tuple[Fragment | None, Translated]:
        self.run.lookup.columns_asked.clear()
        return self._translated(fragment, lambda: self.run.translator.statement(fragment.text))

    def _translated(
        self, fragment: Fragment, translate: Callable[[], Translated]
    ) -> tuple[Fragment | None, Translated]:
        try:
            done = translate()
        except RecursionError:
            done = Translated(None, (Found("SC4200", 0, (("reason", "it is nested too deeply"),)),))
        for found in done.findings:
            start = min(fragment.at.start + found.offset, max(fragment.at.end - 1, fragment.at.start))
            self.say(found.code, Span(fragment.at.file, start, fragment.at.end), **dict(found.params))
        return (None if done.text is None else replace(fragment, target=done.text)), done


def origin(found: Object) -> str:
    """An object's kind and name, as diagnostics show it."""
    return f"{found.kind} {found.name}"
