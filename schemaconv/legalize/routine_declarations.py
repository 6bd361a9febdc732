"""Declarations of a routine on their way to a target: variables, cursors, types, and exceptions with what they mean."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from ..ir.fragment import Fragment, Known
from ..ir.names import Name
from ..ir.routine import (
    Assign,
    Condition,
    CursorVariable,
    Declaration,
    Handler,
    NamedType,
    OtherDeclaration,
    RecordType,
    Step,
    Variable,
)  # fmt: skip
from ..ir.types import UNKNOWN
from ..source import Span
from .routine_declared import RoutineTypes
from .states import own_state


class Declarations(RoutineTypes):
    """Adds declarations, and the conditions of handlers."""

    prologue: list[Step]
    taken: set[tuple[Name | None, str]]

    def declaration(self, found: Declaration) -> Declaration | None:
        match found:
            case Variable():
                return self.variable(found)
            case CursorVariable():
                before = dict(self.variables)
                parameters = tuple(self.parameter(p) for p in found.parameters)
                self.frame()
                query = self.query(found.query)
                self.variables = before
                self.cursors[found.name.text] = found
                return replace(found, name=self.own(found.name), query=query, parameters=parameters)
            case Condition():
                self.declared[found.name.text] = found.number
                return None
            case RecordType():
                self.record_type(found)
                return None
            case NamedType():
                self.named_type(found)
                return None
            case OtherDeclaration():
                if found.construct == "pragma" and "AUTONOMOUS" not in found.text.text.upper():
                    return None
                self.ctx.say_construct(found.construct, found.text.at, found.text.text)
                self.stub = self.stub or "SC5021"
                return None
            case _:
                assert_never(found)

    def variable(self, found: Variable) -> Variable:
        self.frame()
        own = self.collected(found.name, found.type)
        default = self.text(found.default, self.known(found.type)) if found.default is not None else None
        if own is not None:
            self.variables[found.name.text] = Known(UNKNOWN)
            given = self.initial(found, own)
            user = self.of_package(found.type).type.user
            local = user is not None and user.name.text in self.collection_types
            raw = self.collection_spelled(own) if local else self.typed(found.type, found.at).raw
            type_ = replace(found.type, raw=raw)
            return replace(found, name=self.own(found.name), type=type_, default=given or default)
        type_ = self.typed(found.type, found.at)
        self.bases[found.name.text] = self.base(found.type)
        self.variables[found.name.text] = replace(self.known(found.type), not_null=found.not_null)
        self.records.pop(found.name.text, None)
        self.shapeless.discard(found.name.text)
        if type_.raw == "record":
            self.shapeless.add(found.name.text)
        if self.is_record(found.type):
            self.records[found.name.text] = self.fields_of(found.type)
            user = self.resolved(found.type).type.user
            for field in self.defaults.get(user.name.text, ()) if user is not None and default is None else ():
                target = Fragment(f"{found.name.text}.{field.name.text}", found.at)
                assert field.default is not None
                self.prologue.append(Assign(found.at, target=target, value=field.default))
        if type_.form == "refcursor":
            self.refcursors.add(found.name.text)
        return replace(found, name=self.own(found.name), type=type_, default=default)

    def handler(self, found: Handler) -> Handler:
        names: list[Name] = []
        for name in found.conditions:
            names += [Name(text) for text in self.condition(name, found.at)]
        body = self.steps(found.body)
        return replace(found, conditions=tuple(dict.fromkeys(names)), body=self.trace(body))

    def condition(self, name: Name, at: Span) -> list[str]:
        """The conditions that an exception's name means on the target."""
        if name.text in self.declared:
            number = self.declared[name.text]
            if number is None:
                return [f"SQLSTATE '{own_state(self.found, name)}'"]
            return [self.of_number(number)] if self.of_number(number) else self.unknown(name, at)
        if (own := self.package_condition(name)) is not None:
            return own or self.unknown(name, at)
        known = self.conditions.get(name.text)
        return list(known) if known else self.unknown(name, at)

    def of_number(self, number: int) -> str:
        if -20999 <= number <= -20000:
            return f"SQLSTATE '45{-20000 - number:03}'"
        return self.numbers.get(str(number), "")

    def unknown(self, name: Name, at: Span) -> list[str]:
        self.refuse("SC5028", at, clause=str(name))
        return []
