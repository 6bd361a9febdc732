"""Routines of Transact-SQL on their way to a target: names, states, transactions and heads.

Source: Transact-SQL reference, "CREATE PROCEDURE", "CREATE FUNCTION", "CREATE TRIGGER", "Variables".
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ..ir.catalog import Routine, Table
from ..ir.fragment import Fragment, Known
from ..ir.names import Name
from ..ir.routine import (
    Assign,
    Block,
    CursorVariable,
    Handler,
    Parameter,
    Program,
    Step,
    Temporary,
    Typed,
    Variable,
)  # fmt: skip
from ..ir.types import Type
from ..report.model import Renamed
from ..source import Span
from . import row_counts
from .routines import Coder
from .tsql_jumps import structured
from .tsql_marks import Marks, bare_words
from .tsql_plain import Transactions, every, named_whole, never_set, ways, without_checks
from .tsql_states import asks_identity
from .tsql_triggers import Triggers
from .tsql_undo import WHICH, Undo, of_trigger

if TYPE_CHECKING:
    from .context import Context


class Batch(Triggers, Coder):
    """One routine: its variables live from their DECLARE to the end of the routine."""

    def __init__(self, found: Routine, ctx: Context) -> None:
        super().__init__(found, ctx)
        taken = self.words_of_rules("taken").get(ctx.profile.engine.family, ())
        self.marks = Marks(*self.words_of(found), [str(t) for t in taken] if isinstance(taken, list) else [])
        self.variables["%IDENTITY"] = Known(Type("bigint"))

    def words_of(self, found: Routine) -> tuple[set[str], set[str]]:
        """The names that a column may have in the routine: those that it writes, and all of the tables it names."""
        words = bare_words(found.text.text)
        columns: set[str] = set()
        for name in list(words):
            for subject in self.ctx.run.tables.get(name, ()):
                table = self.ctx.run.catalog.objects[subject]
                assert isinstance(table, Table)
                columns |= {k.name.text for k in table.columns}
                self.aliased |= {k.name.text for k in table.columns if k.type.kind == "user"}
        return words, columns

    # -- heads ---------------------------------------------------------------------------------------------------------

    def program(self, program: Program) -> Program:
        self.ctx.run.lookup.local = {}
        self.code = False  # whether return codes are given
        program = self.with_tables(self.without_own_row(self.plain(program)))
        self.name_all(program)
        rows = self.answer(program)
        firing = program.firing
        if self.stub:
            return program
        parameters = tuple(self.parameter(p) for p in program.parameters)
        parameters = self.with_defaults(parameters)
        returns = self.typed(program.returns, self.found.at) if program.returns is not None else None
        self.result = program.returns
        if firing is not None:
            firing = self.firing(firing)
        if self.stub:
            return program
        self.counted = row_counts.counted(program.body)
        self.identity = asks_identity(self.found.text.text)
        block = self.block(program.body)
        if firing is not None:
            block = self.row_ended(block, firing)
        parameters += self.result_parameters()
        made = Program(parameters, returns, firing=firing, body=self.with_states(block, program), rows=rows)
        if self.rows is not None and rows is not None:
            made = replace(made, rows=self.rows)
        if self.code and made.rows is None:
            nothing = Fragment("0", self.found.at, "0")
            code = Parameter(Name("return_code"), Typed(Type("integer"), raw="integer"), "inout", nothing)
            none = Assign(self.found.at, target=Fragment("", self.found.at, "return_code"), value=nothing)
            body = replace(made.body, body=(none, *made.body.body))
            made = replace(made, parameters=(*made.parameters, code), body=body)
        if made.rows is not None and any(p.name.text.upper() in self.marks.words for p in made.rows):
            made = replace(made, conflict=True)
        self.say_names()
        return made

    def plain(self, program: Program) -> Program:
        """The program without what the target does by itself."""
        said: set[str] = set()

        def say(code: str, at: Span) -> None:
            if code not in said:
                said.add(code)
                self.ctx.say(code, at, clause="nothing stands behind it")

        whole = named_whole(program.body.body)
        body = structured(without_checks(whole, say, never_set(whole)))
        if program.firing is not None:
            body = of_trigger(body)
        undo = Undo()
        body = undo.body(body)
        if undo.several:
            which = Variable(Name(WHICH), Typed(Type("integer"), raw="int"), at=self.found.at)
            program = replace(program, body=replace(program.body, declarations=(*program.body.declarations, which)))
        settled = Transactions()
        body = settled.body(body)
        for step in settled.refused:
            self.refuse("SC5029", step.at, clause=step.verb)
        if settled.taken and not settled.refused:
            self.ctx.say("SC5086", settled.taken[0].at)
        return replace(program, body=replace(program.body, body=body))

    def name_all(self, program: Program) -> None:
        """Give every variable, cursor and temporary table its mark and its name."""
        for p in program.parameters:
            mark = self.mark(p.name, "p_")
            if not self.array(p, mark):
                self.variables[f"%{mark}"] = self.known(p.type)
        for d in program.body.declarations:
            match d:
                case Variable():
                    self.variables[f"%{self.mark(d.name, 'v_')}"] = self.known(d.type)
                case CursorVariable():
                    self.mark(d.name, "c_")
                case _:
                    pass
        for step in every(program.body.body):
            if isinstance(step, Temporary):
                home = f"{self.found.name.name.text}_" if program.rows else ""  # a query may call the function
                mark = self.mark(step.name, "t_", home)
                columns = {k.name.text: replace(self.known(k.type), not_null=k.not_null) for k in step.columns}
                self.ctx.run.lookup.local[f"%{mark}"] = columns if step.query is None else None
                self.tables[f"%{mark}"] = step
        self.texts = {**self.texts, **{m: self.ctx.profile.quoted(t) for m, t in self.marks.spelled.items()}}

    def mark(self, name: Name, prefix: str, home: str = "") -> str:
        plain = home + name.text.lstrip("@#")
        spelled = self.names.plain(Name(plain, name.folded)) if plain else ""
        return self.marks.add(name.text, prefix, spelled)

    def own(self, name: Name) -> Name:
        mark = self.marks.of(name.text)
        return Name(self.marks.spelled[mark]) if mark else super().own(name)

    def say_names(self) -> None:
        if self.marks.renamed and not self.stub:
            shown = ", ".join(f"{old} is {new}" for old, new in self.marks.renamed)
            self.ctx.say("SC5099", self.found.at, clause=shown)
            home = self.names.relation(self.found.name)
            for old, new in self.marks.renamed:
                self.names.renamed.append(Renamed("variable", f"{self.found.name} {old}", f"{home} {new}"))

    def parameter(self, p: Parameter) -> Parameter:
        if p.default is None:
            return super().parameter(p)
        text = p.default.text.strip()
        if re.fullmatch(r"(?!(?i:NULL)$)[A-Za-z_]\w*", text):  # a text may stand without quotes there
            self.refuse("SC5021", p.at, title="a default without quotes", clause=text)
            return p
        self.frame()
        default = self.fitted(p.default, self.known(p.type))
        return replace(super().parameter(replace(p, default=None)), default=default)

    def with_defaults(self, given: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        """PostgreSQL takes no parameter without a default behind one that has it."""
        made: list[Parameter] = []
        seen = False
        for p in given:
            if seen and p.default is None:
                self.ctx.say("SC5092", p.at, clause=str(p.name))
                p = replace(p, default=Fragment("NULL", p.at, "NULL"))
            seen = seen or p.default is not None
            made.append(p)
        return tuple(made)

    def handler(self, found: Handler) -> Handler:
        caught = not found.conditions  # a ROLLBACK is no error
        self.handling += caught
        made = super().handler(found)
        self.handling -= caught
        return made

    def condition(self, name: Name, at: Span) -> list[str]:
        return [name.text] if name.text.startswith("SQLSTATE ") else super().condition(name, at)

    def with_states(self, block: Block, program: Program) -> Block:
        """The block with the variables that the target's statements keep."""
        more: list[Variable] = []
        at = self.found.at
        first: list[Step] = []
        whole = Typed(Type("integer"), raw="integer")
        if self.counted or "@@ROWCOUNT" in self.found.text.text.upper():
            more.append(Variable(Name("sql_rowcount"), whole, at=at))
            if program.firing is not None and row_counts.asked_first(program.body):
                row = "inserted" if program.firing.events != ("delete",) else "deleted"
                self.transitions.add(row)
                count = Fragment("", at, f"(SELECT count(*) FROM {row})")
                first.append(Assign(at, target=Fragment("", at, "sql_rowcount"), value=count))
        if self.identity:
            more.append(Variable(Name("sql_identity"), Typed(Type("bigint"), raw="bigint"), at=at))
        if self.looped:
            more.append(Variable(Name("sql_row"), Typed(raw="record"), at=at))
        more += [Variable(Name(n), Typed(raw=t), at=at) for n, t in self.row_lists.items()]
        if not more and not first:
            return block
        cursors = [d for d in block.declarations if isinstance(d, CursorVariable)]
        others = [d for d in block.declarations if not isinstance(d, CursorVariable)]
        return replace(block, declarations=(*others, *more, *cursors), body=(*first, *block.body))

    # -- what it answers -----------------------------------------------------------------------------------------------

    def answer(self, program: Program) -> tuple[Parameter, ...] | None:
        """The rows that the routine gives, if it gives any; their columns come when its queries are translated."""
        if program.rows is not None:
            if program.rows:
                self.rows = tuple(self.column(p) for p in program.rows)
            return program.rows
        most = max(n for n, _ in ways(program.body.body, self.gives))
        if most == 0:
            return None
        what = self.found.what
        if what == "procedure" and self.by_cursors:
            self.number_results(program)
            return None
        if what != "procedure":
            self.refuse("SC5091", self.found.at, clause=f"the result of a query from a {what}")
        elif most > 1:
            self.refuse("SC5091", self.found.at, clause="more than one result")
        elif any(p.mode != "in" for p in program.parameters):
            self.refuse("SC5091", self.found.at, clause="OUTPUT parameters beside a result")
        else:
            self.ctx.say("SC5094", self.found.at, clause=str(self.names.relation(self.found.name)))
        return ()

    def column(self, p: Parameter) -> Parameter:
        return replace(p, name=Name(self.names.plain(p.name)), type=self.typed(p.type, p.at), mode="in")

    # -- types ---------------------------------------------------------------------------------------------------------

    def known(self, typed: Typed) -> Known:
        alias = self.ctx.run.alias(typed.type)
        found = alias.of if alias is not None else typed.type
        if found.kind == "bit" and self.ctx.profile.traits.get("boolean_type"):
            from .types import speller

            if speller(self.ctx.profile.engine, self.ctx.options).spell(found).text == "boolean":
                found = Type("boolean", raw=found.raw)
        return Known(found)

    def typed(self, typed: Typed, at: Span) -> Typed:
        if typed.form == "cursor":
            self.refuse("SC5023", at, clause=typed.raw)
            return typed
        alias = self.ctx.run.alias(typed.type)
        return super().typed(typed if alias is None else replace(typed, type=alias.of), at)
