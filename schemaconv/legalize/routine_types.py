"""Types of a routine's variables and parameters on the target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .. import codes
from ..ir.catalog import UserType
from ..ir.fragment import Known
from ..ir.names import Name, QName
from ..ir.routine import (
    Condition,
    CursorVariable,
    Declaration,
    NamedType,
    OtherDeclaration,
    Parameter,
    RecordType,
    Typed,
    Variable,
)  # fmt: skip
from ..ir.types import UNKNOWN, Type
from ..severity import Severity
from ..source import Span
from .packages import Key
from .routine_collection import Collection
from .routine_scope import Scope
from .types import speller


class Types(Scope):
    """Adds types to the names."""

    def of_number(self, number: int) -> str:
        raise NotImplementedError

    def collection_spelled(self, own: Collection) -> str:
        raise NotImplementedError

    def known(self, typed: Typed) -> Known:
        """What is known of a variable of that type."""
        typed = self.resolved(typed)
        if not typed.like:
            return Known(typed.type)
        if (key := self.package_type(typed)) is not None:
            return self.ctx.run.lookup.of(key)
        if len(typed.like) == 1:
            return self.variables.get(typed.like[0].text, Known(UNKNOWN))
        table = self.ctx.run.table(QName(typed.like[-3] if len(typed.like) > 2 else None, typed.like[-2]))
        column = next((k for k in table[1].columns if k.name == typed.like[-1]), None) if table else None
        return Known(self.ctx.run.meaning(table[1], column)) if table and column is not None else Known(UNKNOWN)

    def resolved(self, typed: Typed) -> Typed:
        """The type behind the name of a package's type or of a subtype."""
        typed = self.of_package(typed)
        user = typed.type.user
        found = self.renamed.get(user.name.text) if user is not None and user.schema is None else None
        return found if found is not None else typed

    def collected(self, name: Name, typed: Typed) -> object:
        raise NotImplementedError

    def fields_of(self, typed: Typed) -> Mapping[str, Known] | None:
        """The fields of a record of that type, where they are known."""
        typed = self.resolved(typed)
        if typed.row:
            return self.row(typed)
        user = typed.type.user
        found = self.record_types.get(user.name.text) if user is not None else None
        return found[1] if found is not None else None

    def is_record(self, typed: Typed) -> bool:
        typed = self.resolved(typed)
        user = typed.type.user
        return typed.row or (user is not None and user.schema is None and user.name.text in self.record_types)

    def of_package(self, typed: Typed) -> Typed:
        """What a type that a package declares stands for. Its records are types of the package's own."""
        user = typed.type.user if typed.type.kind in ("user", "unknown") else None
        run = self.ctx.run
        if user is None or (user.schema is None and self.is_own_type(user.name)):
            return typed
        names = (user.schema.text, user.name.text) if user.schema is not None else (user.name.text,)
        inside = run.packages.resolve(names, run.lookup.package)
        part = run.packages.parts.get(inside[0]) if inside is not None else None
        if inside is None or part is None or isinstance(part.found, (Variable, CursorVariable, Condition)):
            return typed
        match part.found:
            case NamedType(form="refcursor"):
                return Typed(Type("cursor"), form="refcursor", raw=typed.raw)
            case NamedType(form="subtype", of=of) if len(of.like) != 1 or inside[0][0] == run.lookup.package:
                before, run.lookup.package = run.lookup.package, inside[0][0]
                found = self.resolved(of)
                run.lookup.package = before
                return found
            case RecordType() | NamedType() if run.packages.as_types:
                if name := self.shared_type(inside[0], part.found, part.subject):
                    return Typed(Type("user", user=QName(None, Name(name))), raw=typed.raw)
            case _:
                pass
        if inside[0] not in self.own_types:
            self.own_types.add(inside[0])
            self.refused_type(part.found)
        return typed

    def shared_type(self, key: Key, found: RecordType | NamedType, subject: int) -> str:
        raise NotImplementedError

    def is_own_type(self, name: Name) -> bool:
        """Whether a type is the routine's own."""
        own = (self.record_types, self.renamed, self.cursor_types, self.collection_types)
        return any(name.text in known for known in own)

    def refused_type(self, found: Declaration) -> None:
        """A type of a package that routines have no use of."""
        match found:
            case OtherDeclaration():
                self.ctx.say_construct(found.construct, found.text.at, found.text.text)
                self.stub = self.stub or "SC5021"
            case RecordType():
                self.refuse("SC5023", found.at, clause=f"TYPE {found.name} IS RECORD")
            case _:
                self.refuse("SC5023", found.at, clause=f"TYPE {found.name}")

    def row(self, typed: Typed) -> Mapping[str, Known] | None:
        schema = typed.like[-2].text if len(typed.like) > 1 else ""
        return nullable(self.ctx.run.lookup.columns_of(schema, typed.like[-1].text)) if typed.like else None

    def typed(self, typed: Typed, at: Span) -> Typed:
        """The type with its spelling."""
        typed = self.resolved(typed)
        if typed.like:
            return replace(typed, raw=self.anchored(typed, at))
        if typed.form == "refcursor":
            return replace(typed, raw="refcursor")
        if typed.type.kind in ("user", "unknown"):
            name = typed.type.user.name.text if typed.type.user is not None else ""
            if name in self.record_types:
                return replace(typed, form="record", raw=self.record_types[name][0])
            if name in self.cursor_types:
                return replace(typed, form="refcursor", raw="refcursor")
            if name in self.collection_types:
                return replace(typed, raw=self.collection_spelled(self.collection_types[name]))
            if typed.type.user is not None and self.ctx.exists(typed.type.user):
                own = self.ctx.find(typed.type.user)
                if isinstance(own, UserType):
                    return replace(typed, raw=self.ctx.run.qualified(self.names.relation(typed.type.user)))
            self.refused_name(typed, at)
            return typed
        spelled = speller(self.ctx.profile.engine, self.ctx.options).spell(typed.type)
        for code in spelled.codes:
            if codes.page(code).severity is Severity.MANUAL:
                self.refuse(code, at, column=typed.raw, **dict(spelled.params))
        return replace(typed, raw=spelled.text)

    def refused_name(self, typed: Typed, at: Span) -> None:
        """A type that is not in the output: of a supplied package, or of nobody that is known."""
        user = typed.type.user
        package = user.schema.text if user is not None and user.schema is not None else ""
        row = self.ctx.run.translator.source.named.get(package)
        if row is not None:
            self.refuse(row["code"], at, function=typed.raw.upper(), what=row["note"])
        else:
            self.refuse("SC5023", at, clause=typed.raw)

    def package_type(self, typed: Typed) -> Key | None:
        """The variable or the cursor of a package whose type it is."""
        names = tuple(n.text for n in typed.like)
        if not names or (len(names) == 1 and (names[0] in self.variables or names[0] in self.cursors)):
            return None
        inside = self.ctx.run.packages.resolve(names, self.ctx.run.lookup.package)
        return inside[0] if inside is not None and inside[0] in self.ctx.run.packages.parts and not inside[1] else None

    def anchored(self, typed: Typed, at: Span) -> str:
        ending = "%ROWTYPE" if typed.row else "%TYPE"
        if (key := self.package_type(typed)) is not None:
            own = self.ctx.run.packages.parts[key].found
            if isinstance(own, CursorVariable) and typed.row:
                return "record"
            if key not in self.ctx.run.packages.types:
                self.refuse("SC5043", at, clause=typed.raw)
            return self.ctx.run.packages.types.get(key, "")
        if len(typed.like) == 1 and not typed.row:
            return self.names.plain(typed.like[0]) + ending
        if typed.row and typed.like[-1].text in self.cursors:
            return "record"
        schema = typed.like[0] if len(typed.like) > 1 + (not typed.row) else None
        name = QName(schema, typed.like[-1 if typed.row else -2])
        if not self.ctx.exists(name):
            self.refuse("SC5024", at, clause=typed.raw)
        relation = self.ctx.run.qualified(self.names.relation(name))
        if typed.row:
            return relation + ending
        column = self.names.column(name, typed.like[-1])
        return f"{relation}.{self.ctx.profile.quoted(column.text)}{ending}"

    def given(self, typed: Typed, at: Span) -> Typed:
        """The type of a parameter. PostgreSQL takes no integer constant for a smallint (manual, "Function Type
        Resolution": only implicit casts count), so that a caller's ``f(10)`` would find no function."""
        found = self.typed(typed, at)
        if typed.like and not typed.row and len(typed.like) > 1:
            table = self.ctx.run.table(QName(typed.like[-3] if len(typed.like) > 2 else None, typed.like[-2]))
            own = self.ctx.run.spelled.get(table[0], {}) if table is not None else {}
            column = self.names.column(table[1].name, typed.like[-1]).text if table is not None else ""
            if own.get(column) == "smallint":
                return replace(found, raw="integer")
        return replace(found, raw="integer") if found.raw == "smallint" else found

    def base(self, typed: Typed, given: bool = False) -> str:
        """The type without its length, as far as it can be told; that of a parameter if it is ``given``."""
        if len(typed.like) == 1 and not typed.row and self.package_type(typed) is None:
            return self.bases.get(typed.like[0].text, "")
        return self.ctx.run.lookup.base(typed, self.ctx.run.lookup.package, given)

    def parameter(self, p: Parameter) -> Parameter:
        self.bases[p.name.text] = self.base(p.type, True)
        self.variables[p.name.text] = self.known(p.type)
        self.frame()
        self.collected(p.name, p.type)
        if self.is_record(p.type):
            self.records[p.name.text] = self.fields_of(p.type)
        default = self.text(p.default) if p.default is not None else None
        return replace(p, name=self.own(p.name), type=self.given(p.type, p.at), default=default)


def nullable(columns: Mapping[str, Known] | None) -> Mapping[str, Known] | None:
    """The fields of a record like a table's row: they are NULL until somebody fills them, whatever the table asks."""
    return {n: replace(k, not_null=False) for n, k in columns.items()} if columns is not None else None
