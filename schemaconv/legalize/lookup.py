"""Names and columns for the translation of fragments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..ir.catalog import Column, Object, Routine, Sequence, Synonym
from ..ir.clause import gone
from ..ir.fragment import Given, Key, Known, Standing
from ..ir.names import Name, QName
from ..ir.routine import Typed, Variable
from ..ir.types import UNKNOWN, Type
from ..source import Span
from ..sql.kinds import family
from .answers import answered
from .names import NameMap
from .row_sources import RowSources

if TYPE_CHECKING:
    from .context import Run

#: A value that is plainly none, whatever the source takes the empty text for.
_LITERAL = re.compile(r"\s*(?:'[^']+'|[\d.]+)\s*")


class Lookup(RowSources):
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
        self.subject = -1  # the object whose fragments are translated
        self.package: QName | None = None  # and the package that it belongs to
        self.stateful = False  # something was named that is not the same at all times
        self._words: frozenset[str] | None = None
        self._bare: frozenset[str] | None = None
        self._columns: dict[int, dict[str, Known]] = {}
        self.local: dict[str, Mapping[str, Known] | None] = {}  # tables of the routine at hand

    def enter(self, subject: int, found: Object) -> None:
        """From here on the fragments of that object are translated."""
        self.subject = subject
        inside = isinstance(found, Routine) and (found.package or (found.name if found.module is not None else None))
        self.package = self.run.packages.canonical(inside) if inside and self.run is not None else None

    def table_text(self, schema: str, name: str, folded: bool) -> tuple[str, str]:
        known = self._now(schema, name, folded)
        if schema or name not in self.local:
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

    def called(self, schema: str, name: str, given: Given | None = None) -> tuple[str, str, Known] | None:
        """Target schema, name and result of a function of the script, as far as it is printed."""
        run = self.run
        if run is None:
            return None
        names = (*schema.split("."), name) if schema else (name,)
        found = self.routines(names)
        if given is not None:
            found = self.meant(found, given)
        if not found or any(s in run.absent or not _is_function(o) for s, o in found):
            return None
        run.called.setdefault(self.subject, set()).update(s for s, _ in found)
        results = {o.program.returns.type for _, o in found if o.program is not None and o.program.returns is not None}
        made = run.packages.name_of(found[0][1])
        result = Known(results.pop() if len(results) == 1 else UNKNOWN)
        return (made.schema.text if made.schema else "", made.name.text, result)

    def routines(self, names: tuple[str, ...]) -> list[tuple[int, Routine]]:
        """The routines that names without their dots mean: those of a package may be several."""
        run = self.run
        assert run is not None
        objects = run.catalog.objects
        inside = run.packages.resolve(names, self.package)
        if inside is not None and (len(names) > 2 or run.packages.has_routine(inside[0])):
            return run.packages.routines(inside[0]) if not inside[1] else []
        if len(names) > 2:
            return []
        schema = self._schema(names[0] if len(names) > 1 else "", names[-1])
        found: list[tuple[int, Routine]] = []
        for subject in run.relations().get(names[-1], ()):
            own = objects[subject]
            fits = not gone(own.clauses) and (schema in ("", own.name.key[0]) or not own.name.schema)
            if isinstance(own, Routine) and own.what in ("function", "procedure") and fits:
                if own.name.key[0] == schema:
                    return [(subject, own)]
                found.append((subject, own))
        return found[:1]  # in the schema that the script does not name, or in any

    def meant(self, found: list[tuple[int, Routine]], given: Given) -> list[tuple[int, Routine]]:
        """The routines of a name that a call may mean; where a name has one routine, the one that it means for sure."""
        run = self.run
        assert run is not None
        if len(found) < 2 or not run.profile.traits.get("one_routine_a_name"):
            return found
        fits = [(s, o) for s, o in found if self._fits(o, given, False)]
        if len(fits) > 1:
            fits = [(s, o) for s, o in fits if self._fits(o, given, True)]
        return fits if len(fits) == 1 else []

    def _fits(self, found: Routine, given: Given, typed: bool) -> bool:
        """Whether a routine takes those arguments, and with ``typed`` those types."""
        assert self.run is not None
        if found.program is None:
            return False
        parameters = self.run.packages.with_defaults(found, found.program).parameters
        by_name = {p.name.text: p for p in parameters}
        left = dict(by_name)
        for place, (name, type_) in enumerate(given):
            if not name and place >= len(parameters):
                return False
            own = by_name.get(name) if name else parameters[place]
            if own is None or left.pop(own.name.text, None) is None:
                return False
            wanted, have = family(self._type_of(own.type)), family(type_)
            if typed and not {"unknown", "null"} & {wanted, have} and wanted != have:
                return False
        return all(p.default is not None for p in left.values())

    def _type_of(self, typed: Typed) -> Type:
        """The type behind ``t.c%TYPE`` too."""
        like = typed.like
        if self.run is None or len(like) < 2:
            return typed.type
        table = self.run.table(QName(like[-3] if len(like) > 2 else None, like[-2]))
        column = next((k for k in table[1].columns if k.name == like[-1]), None) if table else None
        return column.type if column is not None else typed.type

    def takes(self, schema: str, name: str) -> tuple[tuple[str, str], ...]:
        return self.takes_of([o for _, o in self.routines((*schema.split("."), name) if schema else (name,))])

    def takes_of(self, found: list[Routine]) -> tuple[tuple[str, str], ...]:
        """Name and target type of what a routine takes; nothing where it is one of several."""
        if len(found) != 1 or found[0].program is None:
            return ()
        own, package = found[0], found[0].package
        home = self.run.packages.canonical(package) if self.run is not None and package is not None else None
        given = own.program.parameters if own.program is not None else ()
        return tuple((p.name.text, self.base(p.type, home, True)) for p in given)

    def spelled(self, type_: Type) -> str:
        from .types import speller

        assert self.run is not None
        if type_.kind in ("user", "unknown"):
            return ""
        return speller(self.run.profile.engine, self.run.options).spell(type_).text.partition("(")[0].strip()

    def base(self, typed: Typed, home: QName | None, given: bool = False) -> str:
        """The target's type without its length, as far as it can be told; that of a parameter if it is ``given``."""
        run, like = self.run, typed.like
        if run is None or typed.row or typed.form:
            return ""
        inside = run.packages.resolve(tuple(n.text for n in like), home) if like else None
        if inside is not None and inside[0] in run.packages.types:
            found = run.packages.types[inside[0]].partition("(")[0]
        elif len(like) > 1:
            table = run.table(QName(like[-3] if len(like) > 2 else None, like[-2]))
            column = self._names.column(table[1].name, like[-1]).text if table is not None else ""
            found = run.spelled.get(table[0], {}).get(column, "").partition("(")[0] if table is not None else ""
        else:
            found = "" if like else self.spelled(typed.type)
        return "integer" if given and found == "smallint" else found.strip()

    # -- parts of packages ---------------------------------------------------------------------------------------------

    def inside(self) -> tuple[str, frozenset[str]]:
        run = self.run
        if run is None or self.package is None:
            return "", frozenset()
        return self.package.name.text, run.packages.inside.get(self.package, frozenset())

    def part_words(self) -> frozenset[str]:
        if self.run is None:
            return frozenset()
        if self._words is None:
            self._words = self.run.packages.words | self.bare_functions()
        return self._words

    def bare_functions(self) -> frozenset[str]:
        """Functions of the script outside of packages that can be called without arguments."""
        assert self.run is not None
        if self._bare is None:
            self._bare = frozenset(
                o.name.name.text for o in self.run.catalog.objects
                if isinstance(o, Routine) and o.package is None and _bare(o)
            )  # fmt: skip
        return self._bare

    def part(self, names: tuple[str, ...]) -> Standing | None:
        run = self.run
        if run is None:
            return None
        packages = run.packages
        inside = packages.resolve(names, self.package)
        if inside is None:
            return self._function(names, False) if names[-1] in self.bare_functions() else None
        key, behind = inside
        own = packages.parts.get(key)
        if own is None:
            found = self._function(names, True) if packages.has_routine(key) and not behind else None
            return found or (Standing("", Known(UNKNOWN)) if len(names) > 1 else None)
        known = self.of(key)
        if behind or key in packages.lost or own.subject in run.absent or key not in packages.getters:
            return Standing("", known)
        packages.read.add(key)
        packages.used.add(key[0])
        run.called.setdefault(self.subject, set()).add(own.subject)
        self.stateful = self.stateful or key not in packages.immutable
        return Standing(packages.getters[key], known, key in packages.immutable, value=packages.values.get(key, ""))

    def of(self, key: tuple[QName, str]) -> Known:
        """What is known of a variable or a constant of a package."""
        run = self.run
        own = run.packages.parts.get(key) if run is not None else None
        if run is None or own is None or not isinstance(own.found, Variable):
            return Known(UNKNOWN)
        like = own.found.type.like
        if not like:
            filled = own.found.constant and own.found.default is not None and _LITERAL.fullmatch(own.found.default.text)
            return Known(own.found.type.type, own.found.not_null or bool(filled))
        other = run.packages.resolve(tuple(n.text for n in like), key[0])
        if other is not None and other[0] in run.packages.parts and other[0] != key:
            return self.of(other[0])
        table = run.table(QName(like[-3] if len(like) > 2 else None, like[-2])) if len(like) > 1 else None
        column = next((k for k in table[1].columns if k.name == like[-1]), None) if table else None
        return Known(run.meaning(table[1], column)) if table and column is not None else Known(UNKNOWN)

    def _function(self, names: tuple[str, ...], sure: bool) -> Standing | None:
        """A function that is called without its parentheses."""
        found = self.routines(names)
        if not any(_bare(o) for _, o in found):
            return None
        called = self.called(".".join(names[:-1]), names[-1], ())
        listed = self.parameters(".".join(names[:-1]), names[-1], ())
        if called is None or listed:
            return Standing("", Known(UNKNOWN), sure=sure)
        assert self.run is not None
        self.stateful = True
        own = QName(Name(called[0]) if called[0] else None, Name(called[1]))
        return Standing(self.run.qualified(own), called[2], sure=sure)

    def parameters(self, schema: str, name: str, given: Given) -> tuple[tuple[str, str], ...] | None:
        """The parameters of a function of the script, where the target has no defaults and no named arguments."""
        run = self.run
        if run is None or run.profile.traits.get("routine_language") != "psm":
            return None
        found = self.meant(self.routines((*schema.split("."), name) if schema else (name,)), given)
        for _, own in found:
            if own.what == "function" and own.program is not None:
                parameters = run.packages.with_defaults(own, own.program).parameters
                return tuple((p.name.text, p.default.text if p.default is not None else "") for p in parameters)
        return None

    def columns_of(self, schema: str, name: str) -> Mapping[str, Known] | None:
        """The columns of a table or view of the script; of a view that was not translated nothing is known."""
        run = self.run
        if run is None:
            return None
        if not schema and name in self.local:
            return self.local[name]
        meant = self._now(schema, name)
        found = run.table(meant)
        if found is None or found[1].query is not None:
            return self._queried(meant) or answered(self, run, (*filter(None, (schema,)), name))
        subject, table = found
        known = self._columns.get(subject)
        if known is None:
            keys = {n for k in table.constraints if k.kind == "primary_key" for n in k.columns}
            ignored = bool(run.trait_of_source("given_identity_ignored"))
            known = {
                k.name.text: Known(
                    self._computed(subject, k) or run.meaning(table, k),
                    k.not_null or k.identity is not None or k.name in keys,
                    ("always" if k.identity.always else "null") if ignored and k.identity is not None else "",
                )
                for k in table.columns
            }
            if subject in run.final or not any(k.generated is not None for k in table.columns):
                self._columns[subject] = known
        return known

    def _computed(self, subject: int, column: Column) -> Type | None:
        """The type of a column whose source has none but that of its expression, once it is known."""
        assert self.run is not None
        made = self.run.final.get(subject)
        if made is None or column.type is not UNKNOWN or column.generated is None:
            return None
        name = self.run.names.column(made.name, column.name)
        return next((k.type for k in made.columns if k.name == name), None)


    def key_of(self, schema: str, name: str) -> Key | None:
        """The primary key of a table of the script, or a unique one whose columns are never NULL."""
        found = self.run.table(self._now(schema, name)) if self.run is not None else None
        if found is None or found[1].query is not None:
            return None
        table = found[1]
        never_null = {k.name for k in table.columns if k.not_null or k.identity is not None}
        keys = [k for k in table.constraints if k.kind == "primary_key" and k.columns and k.enabled]
        keys += [k for k in table.constraints if k.kind == "unique" and k.columns and never_null.issuperset(k.columns)]
        columns = tuple((n.text, n.folded) for n in keys[0].columns) if keys else ()
        return Key(columns, table.partitioning is not None)

    def _queried(self, name: QName, hops: int = 8) -> Mapping[str, Known] | None:
        """The columns of a view or of a table made from a query, or those that a synonym stands for."""
        run = self.run
        assert run is not None
        loose: int | None = None
        for subject in run.relations().get(name.name.text, ()):
            schema = run.catalog.objects[subject].name.schema
            if schema == name.schema:
                loose = subject
                break
            if None in (schema, name.schema):
                loose = subject if loose is None else loose
        if loose is None:
            return None
        if loose in run.outputs:
            return run.outputs[loose]
        found = run.catalog.objects[loose]
        if isinstance(found, Synonym) and hops and not found.target.link:
            table = run.table(found.target)
            if table is not None and table[1].query is None:
                target = found.target
                return self.columns_of(target.schema.text if target.schema else "", target.name.text)
            return self._queried(found.target, hops - 1)
        return None

def _is_function(found: Routine) -> bool:
    p = found.program if found.what == "function" else None
    return p is not None and (p.returns is not None or p.rows is not None)


def _bare(found: Routine) -> bool:
    """Whether a function can be called without arguments."""
    return found.what == "function" and found.program is not None and all(
        p.default is not None for p in found.program.parameters
    )
