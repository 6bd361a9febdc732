"""Routines of Transact-SQL as stored programs of SQL/PSM: heads, states, results.

Source: Transact-SQL reference, "CREATE PROCEDURE", "CREATE FUNCTION"; MySQL 8.0 Reference Manual, "CREATE PROCEDURE and
CREATE FUNCTION Statements".
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ..ir.catalog import Object, Routine
from ..ir.fragment import Fragment, Known
from ..ir.names import Name
from ..ir.routine import (
    Assign,
    Block,
    Body,
    Call,
    CursorVariable,
    Firing,
    Handler,
    If,
    Leave,
    Parameter,
    Program,
    Raise,
    Return,
    SelectInto,
    Sql,
    Step,
    Transaction,
    Typed,
    Variable,
)  # fmt: skip
from ..ir.types import Type
from ..source import Span
from . import collation
from .psm_bodies import fragments
from .psm_tsql_calls import gives_code, says_more
from .psm_tsql_steps import Place
from .psm_tsql_triggers import PsmTsqlTriggers, deletes_itself, per_event
from .routine_walk import mapped
from .tsql_jumps import structured
from .tsql_plain import every, named_whole, never_set, without_checks

if TYPE_CHECKING:
    from .context import Context

_MADE_TEXT: Final = re.compile(
    r"(?i)\bAS\s+char\b|\b(?:DATE_FORMAT|TIME_FORMAT|FORMAT|CHAR|CONVERT|UUID|USER|JSON_TABLE)\("
)

def finish(found: Routine, ctx: Context) -> Object:
    """A routine with target text in every fragment; ``ctx.stub`` where that cannot be."""
    assert found.program is not None
    program = found.program
    table = ctx.run.names.relation(found.table) if found.table is not None else None
    name = ctx.run.packages.name_of(found)
    if program.firing is None:
        done = _one(found, program, ctx)
        return found if ctx.stub else replace(found, name=name, program=done)
    assert found.table is not None
    program = deletes_itself(program, ctx.find(found.table))
    made = [_one(replace(found, program=p), p, ctx) for p in per_event(program)]
    if ctx.stub:
        return found
    ctx.run.once.add(("routine", "trigger"))
    each = tuple((_name_of(name.name, p, len(made)), p) for p in made)
    return replace(found, name=name, table=table, program=replace(made[0], each=each))


def _one(found: Routine, program: Program, ctx: Context) -> Program:
    coder = PsmBatch(found, ctx)
    try:
        done = coder.program(program)
    finally:
        ctx.run.translator.frame = None
        ctx.run.lookup.local = {}
    ctx.stub = ctx.stub or coder.stub
    if not coder.stub:
        coder.compare_so(done)
    return done


def _name_of(name: Name, program: Program, count: int) -> Name:
    """A trigger for each event, named after it where there are several."""
    assert program.firing is not None
    return name if count == 1 else Name(f"{name.text[:57]}_{program.firing.events[0]}")


class PsmBatch(PsmTsqlTriggers):
    """One routine."""

    def program(self, program: Program) -> Program:
        if program.rows is not None:
            self.refuse("SC5194", self.found.at, clause=str(self.found.name))
            return program
        self.variables["%TRANCOUNT"] = Known(Type("integer"), True)
        self.variables["%FETCH_STATUS"] = Known(Type("integer"), True)
        self.compared = self.compared_in()
        self.places = [Place("whole")]
        self.gives_rows = max((self.gives(s) for s in every(program.body.body)), default=0) > 0
        if self.found.what != "function":
            program = replace(program, body=replace(program.body, body=without_tail(program.body.body)))
        done = super().program(program)
        if done is program:
            return done
        body = done.body
        if self.code:
            last = done.parameters[-1]
            done = replace(done, parameters=(*done.parameters[:-1], replace(last, mode="out", default=None)))
        if self.places[0].label is not None:
            body = replace(body, label=self.places[0].label)
        access = self.access(body) if done.returns is not None else ""
        if done.returns is not None or done.firing is not None:
            self.once("SC5080", "function")
        if done.returns is not None:
            done = replace(done, returns=self.collated(done.returns))
        return replace(done, body=body, access=access, deterministic=False)

    def compare_so(self, program: Program) -> None:
        """Text that is made of other values has the collation of the connection that makes the routine, and does not
        compare with a column of another ("Collation Coercibility in Expressions")."""
        wanted = collation.of_variable(self.ctx)
        if wanted and any(_MADE_TEXT.search(f.output) for f in fragments(program)):
            self.ctx.run.prelude.setdefault(f"SET collation_connection = {wanted}")

    def once(self, code: str, key: str) -> None:
        """Said of the first routine only."""
        if (code, key) not in self.ctx.run.once:
            self.ctx.run.once.add((code, key))
            self.ctx.say(code, self.found.at)

    def access(self, body: Block) -> str:
        """What a function does to tables: MySQL wants to hear it."""
        steps = every((body,))
        if any(isinstance(s, (Sql, Call)) for s in steps):
            return "MODIFIES SQL DATA"
        reads = any(isinstance(s, SelectInto) for s in steps) or bool(body.declarations and any(
            isinstance(d, CursorVariable) for d in body.declarations))  # fmt: skip
        reads = reads or any(re.search(r"\bFROM\b", f.output) for f in fragments(body))
        words = set().union(*(self.ctx.run.words(f.text) for f in fragments(self.found.program)), set())
        known = self.ctx.run.relations()
        calls = any(isinstance(self.ctx.run.catalog.objects[s], Routine) for w in words for s in known.get(w, ())
                    if w != self.found.name.name.text)  # fmt: skip
        return "READS SQL DATA" if reads or calls else "NO SQL"

    # -- what it is without --------------------------------------------------------------------------------------------

    def plain(self, program: Program) -> Program:
        """The program without checks that nothing can fail; an error undoes the transaction of a procedure."""
        if self.found.what != "procedure":
            return super().plain(program)
        said: set[str] = set()

        def say(code: str, at: Span) -> None:
            if code not in said:
                said.add(code)
                self.ctx.say(code, at, clause="nothing stands behind it")

        whole = named_whole(program.body.body)
        body = structured(without_checks(whole, say, never_set(whole)))
        found = [s for s in every(body) if isinstance(s, Transaction)]
        begins = [s for s in found if s.verb == "BEGIN"]
        if begins:
            self.ctx.say("SC5030", begins[0].at, clause="START TRANSACTION")
        words = self.found.text.text.upper()
        self.asks_transaction = any(w in words for w in ("@@TRANCOUNT", "XACT_STATE"))
        program = replace(program, body=replace(program.body, body=body))
        if any(s.verb == "BEGIN" for s in _unguarded(body)):
            undo: Body = (Transaction(begins[0].at, verb="ROLLBACK"), Raise(begins[0].at))
            program = replace(program, body=replace(program.body, handlers=(Handler((), undo, begins[0].at),)))
        return program

    def with_defaults(self, given: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        """There are no defaults: calls give every argument."""
        if any(p.default is not None for p in given):
            self.ctx.say("SC5076", self.found.at)
        return tuple(replace(p, default=None) for p in given)

    def array(self, p: Parameter, mark: str) -> bool:
        if self.table_type(p.type) is not None:
            self.refuse("SC5196", p.at, clause=str(p.name))
        return False

    def without_own_row(self, program: Program) -> Program:
        return program

    def row_ended(self, block: Block, firing: Firing) -> Block:
        return block

    def result_parameters(self) -> tuple[Parameter, ...]:
        return ()

    def answer(self, program: Program) -> tuple[Parameter, ...] | None:
        """A procedure gives its rows to the caller by itself."""
        return None

    def return_(self, step: Return) -> list[Step]:
        if self.result is not None:
            if step.value is None:
                return [step]
            return [replace(step, value=self.fitted(step.value, self.known(self.result)))]
        ends = self.jump("whole", Leave(step.at, step.notes))
        if not says_more(step) and not gives_code(self.found):
            return ends
        if not self.code:
            self.ctx.say("SC5087", step.at, clause="it is the parameter return_code")
        self.code = True
        value = self.fitted(step.value or Fragment("0", step.at), Known(Type("integer")))
        given = Assign(step.at, step.notes, Fragment("", step.at, "return_code"), value)
        return [given, *(replace(s, notes=replace(s.notes, before=())) for s in ends)]

    def with_states(self, block: Block, program: Program) -> Block:
        """The block with the variables that the target's statements keep."""
        at = self.found.at
        more: list[Variable] = [*self.flags, *self.helpers.values()]
        whole = Typed(Type("integer"), raw="int")
        if self.counted or "@@ROWCOUNT" in self.found.text.text.upper():
            first = "1" if program.firing is not None else "0"
            more.append(Variable(Name("sql_rowcount"), whole, Fragment(first, at, first), at=at))
        if self.identity:
            plain = mapped(block.body, _without_identity)
            if any("sql_identity" in f.output for f in fragments((plain, block.handlers))):
                more.append(Variable(Name("sql_identity"), Typed(Type("bigint"), raw="bigint"), at=at))
            else:
                block = replace(block, body=plain)
        if self.fetches:
            more.append(Variable(Name("fetch_status"), whole, Fragment("0", at, "0"), at=at))
        if any("sql_trancount" in f.output for f in fragments(block)):
            more.append(Variable(Name("sql_trancount"), whole, Fragment("0", at, "0"), at=at))
        if self.puts_message:
            more.append(Variable(Name("error_text"), Typed(Type("varchar", 128), raw="varchar(128)"), at=at))
        return replace(block, declarations=(*block.declarations, *more)) if more else block


def _without_identity(step: Step) -> Body:
    kept = isinstance(step, Assign) and step.target.output == "sql_identity"
    return () if kept else (step,)


def _unguarded(body: Body) -> list[Transaction]:
    """The transaction statements that stand in no TRY."""
    found: list[Transaction] = []
    for step in body:
        match step:
            case Transaction():
                found.append(step)
            case Block() if not step.handlers:
                found += _unguarded(step.body)
            case If():
                for _, inner in step.branches:
                    found += _unguarded(inner)
                found += _unguarded(step.otherwise or ())
            case _:
                pass
    return found


def without_tail(body: Body) -> Body:
    """``body`` without a RETURN at its end that says nothing."""
    if not body:
        return body
    last = body[-1]
    match last:
        case Return() if last.value is None or last.value.text.strip(" ()") == "0":
            return body[:-1] if not last.notes.before else body
        case If():
            branches = tuple((c, without_tail(b)) for c, b in last.branches)
            otherwise = without_tail(last.otherwise) if last.otherwise is not None else None
            return (*body[:-1], replace(last, branches=branches, otherwise=otherwise or None))
        case Block():
            handlers = tuple(replace(h, body=without_tail(h.body)) for h in last.handlers)
            return (*body[:-1], replace(last, body=without_tail(last.body), handlers=handlers))
        case _:
            return body
