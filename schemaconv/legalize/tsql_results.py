"""What Transact-SQL routines answer: the rows of a query, a return code, the value of a function.

Source: Transact-SQL reference, "RETURN"; PostgreSQL, "Returning from a Function".
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..ir.catalog import Routine
from ..ir.fragment import Fragment, Known, Output
from ..ir.names import Name, QName
from ..ir.routine import (
    Assign,
    Call,
    Parameter,
    Return,
    ReturnQuery,
    Sql,
    Step,
    Temporary,
    Typed,
)  # fmt: skip
from ..ir.types import Type
from ..source import Span
from ..sql.kinds import NULL, family, is_integer
from .tsql_data import TsqlData
from .tsql_plain import every
from .types import speller


class TsqlResults(TsqlData):
    """Adds results."""

    by_cursors = False  # whether they go through cursors

    def gives(self, step: Step) -> int:
        """How many results a statement gives."""
        if isinstance(step, ReturnQuery) or (isinstance(step, Sql) and step.output and step.output_into is None):
            return 1
        if isinstance(step, Call):
            name = QName(step.name[-2] if len(step.name) > 1 else None, step.name[-1])
            called = self.ctx.find(name)
            if isinstance(called, Routine) and called.program is not None and called is not self.found:
                return int(any(answers(s) for s in every(called.program.body.body)))
        return 0

    def return_query(self, step: ReturnQuery) -> Step:
        self.clash(step.query)
        done, translated = self.ctx.query(self.marked(step.query), None, stored=False)
        query = self.kept(step.query, done, translated.findings)
        if done is None:
            return step
        if translated.outputs is None:
            self.refuse("SC5093", step.at, clause="a table or a column is not known")
            return step
        return replace(step, query=self.shaped(query, translated.outputs, step.at))

    def shaped(self, query: Fragment, outputs: tuple[Output, ...], at: Span) -> Fragment:
        """The query with the types of the routine's columns, which the first query gives."""
        types: list[str] = []
        kept: list[Output] = []
        for o in outputs:
            type_ = o.known.type
            if is_integer(type_) and type_.kind == "decimal" and not o.plain:
                type_ = Type("bigint")
            if type_ == NULL:
                type_ = Type("integer")
            if type_.kind in ("unknown", "user", "any"):
                self.refuse("SC5093", at, clause=o.name or "a column without a name")
                return query
            spelled = speller(self.ctx.profile.engine, self.ctx.options).spell(type_).text
            if o.plain and o.name in self.aliased:
                o = replace(o, plain=False)
            kept.append(o)
            types.append(spelled if spelled != "smallint" or o.plain else "integer")
        outputs = tuple(kept)
        names = self.output_names(outputs)
        cast = [not o.plain or _odd(o) for o in outputs]
        if self.rows is None:
            self.rows = tuple(
                Parameter(Name(n), Typed(o.known.type, raw=t), at=at)
                for n, t, o in zip(names, types, outputs, strict=True)
            )
        elif len(self.rows) != len(outputs):
            self.refuse("SC5091", at, clause="results of several shapes")
            return query
        else:
            for i, (row, given) in enumerate(zip(self.rows, types, strict=True)):
                if _base(row.type.raw) != _base(given):
                    if family(row.type.type) != family(outputs[i].known.type):
                        self.refuse("SC5091", at, clause="results of several shapes")
                        return query
                    cast[i] = True
        if not any(cast):
            return query
        listed = ", ".join(f"c{i + 1}" for i in range(len(outputs)))
        shown = ", ".join(
            f"q.c{i + 1}::{_base(r.type.raw)}" if cast[i] else f"q.c{i + 1}" for i, r in enumerate(self.rows)
        )
        return replace(query, target=f"SELECT {shown} FROM (\n{query.output}\n) AS q ({listed})")

    def output_names(self, outputs: tuple[Output, ...]) -> list[str]:
        seen: dict[str, int] = {}
        names: list[str] = []
        for i, o in enumerate(outputs):
            name = self.names.plain(Name(o.name, True)) if o.name and o.name[:1] != "%" else f"column{i + 1}"
            seen[name] = seen.get(name, 0) + 1
            names.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
        return names

    def return_(self, step: Return) -> list[Step]:
        program = self.found.program
        assert program is not None
        if program.firing is not None:
            return [replace(step, value=None)]
        if self.result is not None:
            if step.value is None:
                return [step]
            return [replace(step, value=self.fitted(step.value, self.known(self.result)))]
        if program.rows is not None:  # the rows of the table are the answer
            names = [s for s in program.body.body if isinstance(s, Temporary)]
            if names and names[0].columns:
                answer = ReturnQuery(step.at, step.notes, Fragment(f"SELECT * FROM {names[0].name}", step.at))
                return [self.return_query(answer), Return(step.at)]
            return [replace(step, value=None)]
        if step.value is None or re.fullmatch(r"\s*\(?\s*0\s*\)?\s*", step.value.text):
            return [replace(step, value=None)]
        if not self.by_cursors and max((self.gives(s) for s in every(program.body.body)), default=0):
            self.ctx.say("SC5087", step.at, clause=f"RETURN {step.value.text} is left out")
            return [replace(step, value=None)]
        if not self.code:
            self.ctx.say("SC5087", step.at, clause="it is the parameter return_code")
        self.code = True
        value = self.fitted(step.value, Known(Type("integer")))
        given = Assign(step.at, step.notes, Fragment("", step.at, "return_code"), value)
        return [given, Return(step.at)]


def answers(step: Step) -> bool:
    """Whether a statement gives rows to the caller."""
    return isinstance(step, ReturnQuery) or (isinstance(step, Sql) and bool(step.output) and step.output_into is None)


def _odd(output: Output) -> bool:
    """Whether a variable may have another type on the target than a column of its type."""
    mark = output.name[:1] == "%" and re.fullmatch(r"%(?:V\d+|IDENTITY|ROWCOUNT)", output.name) is None
    return mark or (output.name[:1] == "%" and output.known.type.kind in ("smallint", "tinyint", "utinyint"))


def _base(spelled: str) -> str:
    """A type without its length or precision, as a function's columns have it."""
    return re.sub(r"\([^)]*\)", "", spelled).strip()
