"""Types that a routine declares, and those of packages that it uses: records, collections and other names for types."""

from __future__ import annotations

from dataclasses import replace

from ..ir.catalog import Routine
from ..ir.names import Name, QName
from ..ir.routine import NamedType, RecordType, Typed
from ..ir.types import Type
from ..source import Span
from . import package_density
from .context import Context
from .packages import Key
from .routine_states import States


class RoutineTypes(States):
    """Adds the declarations of types."""

    def __init__(self, found: Routine, ctx: Context) -> None:
        super().__init__(found, ctx)
        self.taken: set[tuple[Name | None, str]] = set()  # names of types of a block's own

    def record_type(self, found: RecordType) -> None:
        """A type of the routine's own, which is made before it."""
        fields = tuple(
            replace(f, name=self.own(f.name), type=self.field_type(f.type, f.at), default=None) for f in found.fields
        )
        base = self.ctx.run.packages.name_of(self.found)
        text = f"{base.name.text}_{self.own(found.name).text}"
        if self.found.kind == "script":
            base, text = QName(Name("pg_temp"), base.name), self.own(found.name).text
        taken = self.ctx.run.types_made if self.found.kind != "script" else self.taken
        while (base.schema, text) in taken or len(text) > 60:
            text = f"{text[:50]}_{len(taken) + 1}"
        taken.add((base.schema, text))
        name = self.ctx.run.qualified(QName(base.schema, Name(text)))
        self.made.append(RecordType(Name(name), fields, found.at, found.notes))
        self.record_types[found.name.text] = name, {f.name.text: self.known(f.type) for f in found.fields}
        self.defaults[found.name.text] = [f for f in found.fields if f.default is not None]

    def shared_type(self, key: Key, found: RecordType | NamedType, subject: int) -> str:
        """The name under which a type of a package is known in this routine; empty where it is not converted."""
        name, lookup = f"{key[0].name.text}.{key[1]}", self.ctx.run.lookup
        if name in self.record_types or name in self.collection_types:
            return name
        if key in self.own_types:
            return ""
        before, outer, self.stub, lookup.package = self.stub, lookup.package, "", key[0]
        variables, self.variables = self.variables, {}
        self.own_types.add(key)  # it may not hold itself
        match found:
            case RecordType():
                fields = {f.name.text: (self.field_type(f.type, f.at), self.known(f.type)) for f in found.fields}
                if not self.stub:
                    spelled = self.ctx.run.qualified(self.ctx.run.packages.target(key[0], self.own(found.name).text))
                    self.record_types[name] = spelled, {n: k for n, (_, k) in fields.items()}
                    self.defaults[name] = [f for f in found.fields if f.default is not None]
            case NamedType():
                if key in package_density.sparse(self.ctx.run.packages):
                    self.sparse |= {name}
                self.collection_type(replace(found, name=Name(name)))
        self.own_types.discard(key)
        fine = not self.stub
        self.stub, lookup.package, self.variables = before or self.stub, outer, variables
        self.ctx.run.called.setdefault(self.ctx.subject, set()).add(subject)
        if fine and key[0] == outer and not self.is_own_type(Name(key[1])) and name in self.collection_types:
            self.collection_types[key[1]] = self.collection_types[name]  # its constructor
            self.empty_first |= {key[1]} if name in self.empty_first else set()
        if not fine:
            self.own_types.add(key)
        return name if fine else ""

    def types_of_package(self) -> None:
        """Collections of the routine's package and of others that it names: they have constructors."""
        packages, home = self.ctx.run.packages, self.ctx.run.lookup.package
        words = self.ctx.run.words(self.found.text.text)
        for key, part in packages.parts.items():
            found = part.found
            if key[1] not in words or not isinstance(found, NamedType) or found.form in ("subtype", "refcursor"):
                continue
            if key[0] == home or key[0].name.text in words:
                user = QName(None if key[0] == home else key[0].name, Name(key[1]))
                self.of_package(Typed(Type("user", user=user)))

    def field_type(self, typed: Typed, at: Span) -> Typed:
        """The type of a field: CREATE TYPE knows no ``%TYPE``."""
        found = self.typed(typed, at)
        user = self.of_package(typed).type.user
        own = self.collection_types.get(user.name.text) if user is not None and not typed.like else None
        if own is not None:
            return replace(found, raw=self.collection_spelled(own))
        typed = self.resolved(typed)
        if typed.like and not typed.row:
            text = self.spelled_like(typed)
            if not text:
                self.refuse("SC5023", at, clause=typed.raw)
            return replace(found, raw=text)
        return replace(found, raw=found.raw.removesuffix("%ROWTYPE"))

    def named_type(self, found: NamedType) -> None:
        match found.form:
            case "subtype":
                self.renamed[found.name.text] = self.resolved(found.of)
            case "refcursor":
                self.cursor_types.add(found.name.text)
            case _:
                self.collection_type(found)
