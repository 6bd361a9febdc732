"""Types of a routine's variables and parameters on the target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .. import codes
from ..ir.catalog import UserType
from ..ir.fragment import Known
from ..ir.names import Name, QName
from ..ir.routine import Parameter, Typed
from ..ir.types import UNKNOWN
from ..severity import Severity
from ..source import Span
from .routine_scope import Scope
from .types import speller


class Types(Scope):
    """Adds types to the names."""

    def known(self, typed: Typed) -> Known:
        """What is known of a variable of that type."""
        typed = self.resolved(typed)
        if not typed.like:
            return Known(typed.type)
        if len(typed.like) == 1:
            return self.variables.get(typed.like[0].text, Known(UNKNOWN))
        table = self.ctx.run.table(QName(typed.like[-3] if len(typed.like) > 2 else None, typed.like[-2]))
        column = next((k for k in table[1].columns if k.name == typed.like[-1]), None) if table else None
        return Known(self.ctx.run.meaning(table[1], column)) if table and column is not None else Known(UNKNOWN)

    def resolved(self, typed: Typed) -> Typed:
        """The type behind a subtype's name."""
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
            if typed.type.user is not None and self.ctx.exists(typed.type.user):
                own = self.ctx.find(typed.type.user)
                if isinstance(own, UserType):
                    return replace(typed, raw=self.ctx.run.qualified(self.names.relation(typed.type.user)))
            self.refuse("SC5023", at, clause=typed.raw)
            return typed
        spelled = speller(self.ctx.profile.engine, self.ctx.options).spell(typed.type)
        for code in spelled.codes:
            if codes.page(code).severity is Severity.MANUAL:
                self.refuse(code, at, column=typed.raw, **dict(spelled.params))
        return replace(typed, raw=spelled.text)

    def anchored(self, typed: Typed, at: Span) -> str:
        ending = "%ROWTYPE" if typed.row else "%TYPE"
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

    def parameter(self, p: Parameter) -> Parameter:
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
