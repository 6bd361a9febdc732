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
    Data,
    Index,
    Item,
    Object,
    Partitioning,
    Routine,
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
from .lookup import Lookup
from .names import NameMap
from .packages import Packages
from .patterns import adapted, insensitive
from .physical import Designs
from .secrets import Secrets
from .types import TypeContext, speller

if TYPE_CHECKING:
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

    def schemas(self) -> tuple[Name, ...]:
        """The schemas in which the script makes objects, the default one first."""
        own = self.run.names.own
        objects = (o for o in self.run.catalog.objects if isinstance(o, (Table, View, Sequence, Routine))
                   and not (isinstance(o, Routine) and o.package is not None))
        found = dict.fromkeys(o.name.schema for o in objects)
        home = (Name(own, True, own.lower()),) if own and (None in found or not found) else ()
        return (*home, *(n for n in found if n is not None))

    def rights(self, kind: str) -> frozenset[str]:
        """The source's rights that the target has on a kind of thing; ``schema``: on all that is in one."""
        known = rulefiles.load("privileges.toml").get(self.profile.engine.family, {}).get(kind, {})
        inner = [set(v) for v in known.values() if isinstance(v, dict)]
        return frozenset(set().union(*inner) if inner else known)

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
            self.run.lookup.within = query.home
            done = self.run.translator.query(query.text)
        except RecursionError:
            return False
        finally:
            self.run.lookup.within = None
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
        return self._translated(fragment, lambda: translate(fragment.text, columns, wanted, not_null, fragment.session))

    def query(
        self, fragment: Fragment, columns: Mapping[str, Type] | None = None, stored: bool = True
    ) -> tuple[Fragment | None, Translated]:
        """The same for a query; one that is not ``stored`` runs with its statement."""
        translate = self.run.translator.query
        return self._translated(fragment, lambda: translate(fragment.text, columns, fragment.session, stored))

    def statement(self, fragment: Fragment) -> tuple[Fragment | None, Translated]:
        self.run.lookup.columns_asked.clear()
        return self._translated(fragment, lambda: self.run.translator.statement(fragment.text, fragment.session))

    def _translated(
        self, fragment: Fragment, translate: Callable[[], Translated]
    ) -> tuple[Fragment | None, Translated]:
        self.run.lookup.within = fragment.home
        try:
            done = adapted(translate(), self.run.insensitive(self))
        except RecursionError:
            done = Translated(None, (Found("SC4200", 0, (("reason", "it is nested too deeply"),)),))
        finally:
            self.run.lookup.within = None
        for found in done.findings:
            start = min(fragment.at.start + found.offset, max(fragment.at.end - 1, fragment.at.start))
            self.say(found.code, Span(fragment.at.file, start, fragment.at.end), **dict(found.params))
        if done.text is None:
            return None, done
        for name in done.functions:
            self.run.support.setdefault(name, set()).add(self.subject)
        return replace(fragment, target=done.text), done


def origin(found: Object) -> str:
    """An object's kind and name, as diagnostics show it."""
    return f"{found.kind} {found.name}"
