"""Calls of procedures in SQL/PSM: every argument in its place, and return codes as an OUT parameter.

Source: Transact-SQL reference, "EXECUTE"; MySQL 8.0 Reference Manual, "CALL Statement".
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..ir.catalog import Routine
from ..ir.fragment import Fragment
from ..ir.names import Name
from ..ir.routine import Assign, Call, Parameter, Return, Step, Transaction, Typed, Variable
from ..ir.types import Type
from .psm_tsql_steps import PsmTsqlSteps
from .tsql_plain import every, without_checks
from .tsql_steps import name_called, plain_name, tables_of


class PsmTsqlCalls(PsmTsqlSteps):
    """Adds calls."""

    def called(self, step: Call) -> list[Step]:
        """CALL with every argument in its place: there are no names and no defaults."""
        self.note(step)
        words = ".".join(n.text for n in step.name)
        own = self.procedure_called(step)
        if own is None:
            return [step]
        assert own.program is not None
        self.may_call(own, step, words)
        given = self.by_place(step, own.program.parameters, words)
        arguments: list[tuple[Name | None, Fragment]] = []
        first: list[Step] = []
        for i, p in enumerate(own.program.parameters):
            value, output = given.get(i, (None, False))
            if value is None or value.text.strip().upper() == "DEFAULT":
                if p.default is None and p.mode == "in":
                    self.refuse("SC5031", step.at, clause=f"{words} {p.name}")
                    return [step]
                value = p.default or Fragment("NULL", step.at)
                output = False
            if output and p.mode == "in":
                self.refuse("SC5021", step.at, title="an argument that is OUTPUT on one side only", clause=value.text)
            if p.mode == "in":
                arguments.append((None, self.fitted(value, self.known(p.type))))
            elif output:
                arguments.append((None, self.text(value, target=True)))
            else:  # it wants a variable, whose new value nobody asks for
                unused = self.unused(p, i)
                first.append(Assign(step.at, target=unused, value=self.fitted(value, self.known(p.type))))
                arguments.append((None, unused))
        target = self.ctx.run.qualified(self.names.relation(name_called(step)))
        behind: list[Step] = []
        if gives_code(own):
            code = self.text(step.returned) if step.returned is not None else self.spare("sql_code_of_call", "int")
            arguments.append((None, code))
        elif step.returned is not None:
            nothing = Fragment("0", step.at, "0")
            behind.append(Assign(step.at, target=self.text(step.returned), value=nothing))
        call = replace(step, name=(Name(target),), arguments=tuple(arguments), returned=None)
        return [*first, call, *behind]

    def may_call(self, own: Routine, step: Call, words: str) -> None:
        theirs = {plain_name(t) for t in tables_of(own)}
        if not theirs.isdisjoint(plain_name(t) for t in tables_of(self.found)):  # the callee would make it anew
            self.refuse("SC5021", step.at, title="a temporary table of caller and called", clause=words)
        assert own.program is not None and self.found.program is not None
        begins = [s for s in every(own.program.body.body) if isinstance(s, Transaction)]
        mine = [s for s in every(self.found.program.body.body) if isinstance(s, Transaction)]
        if begins and (mine or self.found.what != "procedure"):  # START TRANSACTION commits what is under way
            self.refuse("SC5029", step.at, clause=f"BEGIN TRANSACTION of {words}")
        if self.found.what != "procedure" and any(self.gives(s) for s in every(own.program.body.body)):
            self.refuse("SC5192", step.at, clause=f"the result of {words} in a {self.found.what}")

    def by_place(
        self, step: Call, parameters: tuple[Parameter, ...], words: str
    ) -> dict[int, tuple[Fragment, bool]]:
        """Arguments by the place of their parameters, and whether they take a value back."""
        places = {p.name.text.upper(): i for i, p in enumerate(parameters)}
        given: dict[int, tuple[Fragment, bool]] = {}
        for i, (name, value) in enumerate(step.arguments):
            place = places.get(name.text.upper()) if name is not None else i
            if place is None or place >= len(parameters):
                self.refuse("SC5031", step.at, clause=f"{words} {name or value.text}")
                continue
            given[place] = value, i in step.outputs
        return given

    def unused(self, p: Parameter, place: int) -> Fragment:
        typed = self.collated(self.typed(p.type, p.at))
        return self.spare(f"sql_unused_{place + 1}_{len(self.spares)}", typed.raw)

    def spare(self, name: str, spelled: str) -> Fragment:
        self.spares.setdefault(name, Variable(Name(name), Typed(Type("integer"), raw=spelled), at=self.found.at))
        return self.out(name, self.found.at)

    @property
    def spares(self) -> dict[str, Variable]:
        return self.helpers


def gives_code(own: Routine) -> bool:
    """Whether a procedure gives return codes."""
    body = own.program.body.body if own.program is not None else ()
    body = without_checks(body, lambda code, at: None)
    return any(isinstance(s, Return) and says_more(s) for s in every(body))


def says_more(step: Return) -> bool:
    """Whether a RETURN gives something else than that all went well."""
    return step.value is not None and re.fullmatch(r"(?i)[\s(]*(?:0|@@ERROR)[\s)]*", step.value.text) is None
