"""What a rewrite may ask and say."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from .. import rulefiles
from ..diagnostics import Diagnostic
from ..engines import Profile, constructs
from ..ir.catalog import (
    Item,
    Object,
    Routine,
    Sequence,
    Synonym,
    Table,
    View,
)  # fmt: skip
from ..ir.fragment import Found, Fragment, Translated
from ..ir.names import Name, QName
from ..ir.types import Type
from ..options import Options
from ..source import Span
from .patterns import adapted
from .run import Run

if TYPE_CHECKING:
    pass


__all__ = ["Context", "Run", "origin"]


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

    def relations_missing(self) -> Iterator[QName]:
        """The relations that were asked for since the object was entered, and that are not printed."""
        return (n for n in dict.fromkeys(self.run.lookup.asked) if not self.exists(n))

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
