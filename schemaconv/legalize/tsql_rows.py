"""Table types of Transact-SQL in routines: parameters are arrays of rows, variables are temporary tables.

Source: Transact-SQL reference, "Use table-valued parameters": a parameter is read only, a variable may be changed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..ir.catalog import UserType
from ..ir.fragment import Fragment
from ..ir.routine import Call, Parameter, Program, Ready, Several, Step, Temporary, Typed, Variable
from .tsql_answers import TsqlAnswers

_READ: Final = re.compile(r"""(?P<skip>'(?:[^']|'')*')|"%(?P<mark>[vV]\d+)"(?P<behind>\s*\.|\s+AS\s)?""")


class TsqlRows(TsqlAnswers):
    """Adds parameters and variables of table types."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)
        self.arrays: dict[str, UserType] = {}  # marks of parameters, and their types
        self.row_lists: dict[str, str] = {}  # variables that hold the rows of a table variable, and their types
        self.typed_tables: dict[str, UserType] = {}  # variables in capitals

    def table_type(self, typed: Typed) -> UserType | None:
        """The table type of the script that a type names."""
        user = typed.type.user
        found = self.ctx.find(user) if user is not None and self.ctx.exists(user) else None
        usable = isinstance(found, UserType) and found.form == "table_type" and bool(found.attributes)
        return found if usable and isinstance(found, UserType) else None

    def with_tables(self, program: Program) -> Program:
        """The program with a temporary table for each variable of a table type."""
        made: list[Step] = []
        kept = []
        for d in program.body.declarations:
            of = self.table_type(d.type) if isinstance(d, Variable) else None
            if of is None or not isinstance(d, Variable):
                kept.append(d)
                continue
            columns = tuple(Variable(k.name, Typed(k.type, raw=k.type.raw), k.default, k.not_null, at=d.at)
                            for k in of.attributes)  # fmt: skip
            own = next((k.name for k in of.attributes if k.identity is not None), None)
            self.typed_tables[d.name.text.upper()] = of
            made.append(Temporary(d.at, d.notes, d.name, columns, own))
        if not made:
            return program
        return replace(program, body=replace(program.body, declarations=tuple(kept), body=(*made, *program.body.body)))

    def array(self, p: Parameter, mark: str) -> bool:
        """Whether a parameter is an array of rows; its columns are known from here on."""
        of = self.table_type(p.type)
        if of is None:
            return False
        self.arrays[mark] = of
        columns = {k.name.text: self.known(Typed(k.type, raw=k.type.raw)) for k in of.attributes}
        self.ctx.run.lookup.local[f"%{mark}"] = columns
        return True

    def parameter(self, p: Parameter) -> Parameter:
        of = self.table_type(p.type)
        if of is None:
            return super().parameter(p)
        return replace(p, name=self.own(p.name), type=replace(p.type, raw=f"{self.row_type(of)}[]"))

    def row_type(self, of: UserType) -> str:
        return self.ctx.run.qualified(self.names.type_name(of.name))

    def kept(self, fragment: Fragment, done: Fragment | None, findings: object) -> Fragment:
        if self.arrays and done is not None and done.output.strip().upper() not in [f'"%{m}"' for m in self.arrays]:
            done = replace(done, target=_READ.sub(self.read, done.output))
        return super().kept(fragment, done, findings)

    def read(self, m: re.Match[str]) -> str:
        """``unnest(lines) AS lines`` for a parameter that is read as a table."""
        if m["skip"] or m["mark"].upper() not in self.arrays or (m["behind"] or "").strip() == ".":
            return m[0]
        name = f'"%{m["mark"]}"'
        return f"unnest({name}){m['behind'] or f' AS {name}'}"

    def call(self, step: Call) -> Step:
        """A table variable is passed as an array, which no CALL makes by itself."""
        first: list[Step] = []
        lists: dict[str, str] = {}
        for _, a in step.arguments:
            of = self.typed_tables.get(a.text.strip().upper())
            if of is None or a.text in lists:
                continue
            name = self.texts[self.marks.of(a.text.strip())]
            rows = lists[a.text] = f"{name.strip(chr(34))}_rows"
            self.row_lists[rows] = f"{self.row_type(of)}[]"
            text = f"{rows} := ARRAY(SELECT ROW(q.*)::{self.row_type(of)} FROM {name} AS q)"
            first.append(Ready(step.at, step.notes if not first else type(step.notes)(), text))
        done = super().call(step)
        if not first or not isinstance(done, Call):
            return done
        given = [a for _, a in step.arguments]
        arguments = tuple(
            (n, replace(a, target=lists[given[i].text]) if i < len(given) and given[i].text in lists else a)
            for i, (n, a) in enumerate(done.arguments)
        )
        call = replace(done, arguments=arguments, notes=type(step.notes)())
        return Several(step.at, body=(*first, call))
