"""Stored code on its way to a target: every fragment translated with the routine's own names, every statement legal.

What one statement cannot be makes the routine a stub: a routine that runs half its code is worse than none. All
reasons are said, not only the first.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ..ir.catalog import Routine
from ..ir.fragment import Fragment
from ..ir.names import Name
from ..ir.routine import (
    Assign,
    Block,
    Body,
    Call,
    Parameter,
    Program,
    Step,
    Transaction,
    Typed,
    Variable,
)  # fmt: skip
from ..source import Span
from . import routine_density, routine_fetch, routine_forall, routine_order, routine_transactions, row_counts
from .reach import named
from .routine_bulk import Noted
from .routine_declarations import Declarations
from .routine_types import nullable
from .routine_walk import catches_missing, every, mapped, raises, undoes

if TYPE_CHECKING:
    from .context import Context

def finish(found: Routine, ctx: Context) -> Routine:
    """A routine with target text in every fragment; ``ctx.stub`` where that cannot be."""
    assert found.program is not None
    packages, lookup = ctx.run.packages, ctx.run.lookup
    lookup.stateful = False
    coder = Coder(found, ctx)
    if coder.words_of_rules("language").get("variables") == "marked":
        from .marked import marked

        return marked(found, ctx)
    own = packages.with_defaults(found, found.program) if found.package is not None else found.program
    try:
        program = coder.program(routine_transactions.settled(routine_forall.caught(own), found, coder))
        if found.package is not None:
            program = coder.started(program)
    finally:
        ctx.run.translator.frame = None
    if lookup.stateful:
        program = replace(program, deterministic=False)
    if not coder.stub:
        coder.unlike_others(program)
    if coder.stub:
        ctx.stub = coder.stub
        return found
    if found.kind == "script":
        return replace(found, program=replace(program, late=routine_order.late(found, ctx)))
    if found.package is not None:
        found = replace(found, notes=packages.notes_of(found))
    return named(found, ctx, program)


class Coder(Declarations):
    """One routine. Names of outer blocks stay known inside."""

    def __init__(self, found: Routine, ctx: Context) -> None:
        super().__init__(found, ctx)
        self.prologue: list[Step] = []  # what a block does before its first statement

    # -- heads ---------------------------------------------------------------------------------------------------------

    def program(self, program: Program) -> Program:
        self.types_of_package()
        parameters = tuple(self.parameter(p) for p in program.parameters)
        program, parameters = self.defaults_first(program, parameters)
        returns = self.typed(program.returns, self.found.at) if program.returns is not None else None
        if returns is not None and program.pipelined:
            returns = self.piped_rows(program, returns)
        if returns is not None and any(p.mode != "in" for p in program.parameters):
            self.refuse("SC5025", self.found.at)
        firing = program.firing
        aliases: tuple[Variable, ...] = ()
        if firing is not None:
            columns = self.ctx.run.lookup.columns_of(
                self.found.table.schema.text if self.found.table and self.found.table.schema else "",
                self.found.table.name.text if self.found.table else "",
            )
            self.records[firing.old.text] = self.records[firing.new.text] = nullable(columns)
            aliases = self.rows_renamed(firing.old, firing.new)
            if firing.condition is not None:
                self.frame()
                done = self.text(firing.condition)
                text = done.output
                for name, row in ((firing.old, "OLD"), (firing.new, "NEW")):
                    text = re.sub(rf"(?<![\w.\"'])\"?{re.escape(self.own(name).text)}\"?\.", f"{row}.", text)
                firing = replace(firing, condition=replace(done, target=text))
            if self.found.table is not None:
                own = self.found.table
                firing = replace(firing, of=tuple(self.names.column(own, n) for n in firing.of))
                if not self.ctx.exists(own):
                    self.ctx.say("SC3142", None, needed=str(own))
                    self.ctx.held = "SC3142"
        program = self.committed(program)
        self.counted = self.counted_in(program.body)
        blocks = [b for b in every((program.body,)) if isinstance(b, Block)]
        self.used = frozenset(
            (*(d.name.text for b in blocks for d in b.declarations if d.name is not None),
             *(p.name.text for p in program.parameters))
        )  # fmt: skip
        if self.ctx.trait("routine_language") != "psm":  # MySQL leaves them as they are, too
            self.read_later = routine_fetch.read_behind(program.body)
        self.texts_of_statements = self.statement_variables(program.body)
        self.binds = self.binds_of(program.body)
        self.puts = any(isinstance(s, Call) and s.name[-1].text == "PUT" for s in every((program.body,)))
        self.sparse |= self.gaps(program.body)
        body = self.block(program.body)
        body = replace(body, body=mapped(body.body, self.asked_only))
        if self.names_itself(program):
            body = replace(body, label=self.own(self.found.name.name))
        if self.counted or "forall_rows" in self.helpers:
            self.helper("sql_rowcount", "integer")
        more = (*self.helpers.values(), *self.shared, *self.scratch.values())
        if more or aliases:
            body = replace(body, declarations=(*aliases, *body.declarations, *more))
        return replace(
            program, parameters=parameters, returns=returns, firing=firing, body=body, types=tuple(self.made),
            conflict=self.conflict,
        )  # fmt: skip

    def counted_in(self, block: Block) -> frozenset[Span]:
        """The statements whose number of rows is asked for."""
        return row_counts.counted(block)

    def gaps(self, block: Block) -> frozenset[str]:
        """The types of associative arrays that may have gaps."""
        return routine_density.sparse(block)

    def committed(self, program: Program) -> Program:
        """A block of a script without the COMMIT at its end: a script commits each statement."""
        last = program.body.body[-1] if program.body.body else None
        if self.found.kind != "script" or not isinstance(last, Transaction) or last.verb != "COMMIT":
            return program
        self.ctx.say("SC5053", last.at, clause="COMMIT")
        return replace(program, body=replace(program.body, body=program.body.body[:-1]))

    def asked_only(self, step: Step) -> Body:
        """States of cursors are kept where somebody asks for them."""
        return () if isinstance(step, Noted) and (step.cursor, step.what) not in self.asked else (step,)

    def names_itself(self, program: Program) -> bool:
        """Whether a variable stands behind the routine's name, which PL/pgSQL has for parameters only."""
        names = "|".join(re.escape(d.name.text) for d in program.body.declarations if d.name is not None)
        own = re.escape(self.found.name.name.text)
        asked = rf'(?i)(?<![\w$#])"?{own}"?\s*\.\s*"?(?:{names})(?![\w$#])'
        return bool(names) and program.firing is None and re.search(asked, self.found.text.text) is not None

    def started(self, program: Program) -> Program:
        """A subprogram of a package that has something to be done first."""
        run = self.ctx.run
        assert self.found.package is not None
        key = run.packages.canonical(self.found.package)
        if key not in run.packages.starting or not run.packages.is_public(self.found):
            return program
        run.lookup.stateful = True
        run.called.setdefault(self.ctx.subject, set()).add(run.packages.starting[key])
        name = Name(run.qualified(run.packages.target(key, run.packages.free(key, "initialize"))))
        first = Call(self.found.at, name=(name,))
        if program.body.handlers:  # what fails while the package starts is none of theirs
            return replace(program, body=Block(program.body.at, body=(first, program.body)))
        return replace(program, body=replace(program.body, body=(first, *program.body.body)))

    def unlike_others(self, program: Program) -> None:
        """Two routines of one name must differ in the types of what they take ("Function Overloading")."""
        if program.firing is not None:
            return
        name = self.ctx.run.packages.name_of(self.found)
        given = [p.type.raw.partition("(")[0] for p in program.parameters if p.mode != "out"]
        signature = (*name.key, *given)
        first = self.ctx.run.packages.signatures.setdefault(signature, self.ctx.subject)
        other = self.ctx.run.catalog.objects[first]
        inside = self.found.package is not None or (isinstance(other, Routine) and other.package is not None)
        if first != self.ctx.subject and inside:
            self.refuse("SC5041", self.found.at, clause=", ".join(given))

    def defaults_first(self, program: Program, given: tuple[Parameter, ...]) -> tuple[Program, tuple[Parameter, ...]]:
        """PostgreSQL takes no parameter without a default behind one that has it: an OUT there gets NULL."""
        made: list[Parameter] = []
        cleared: list[Step] = []
        seen = False
        for own, p in zip(program.parameters, given, strict=True):
            seen = seen or p.default is not None
            if seen and p.default is None and p.mode == "out":
                p = replace(p, mode="inout", default=Fragment("NULL", p.at))
                cleared.append(Assign(p.at, target=Fragment(own.name.text, p.at), value=Fragment("NULL", p.at)))
            elif seen and p.default is None:
                self.ctx.say("SC5035", p.at, clause=str(own.name))
                p = replace(p, default=Fragment("NULL", p.at, target="NULL"))
            made.append(p)
        body = replace(program.body, body=(*cleared, *program.body.body)) if cleared else program.body
        return replace(program, body=body), tuple(made)

    # -- blocks --------------------------------------------------------------------------------------------------------

    def block(self, block: Block) -> Block:
        if block.label is not None:
            self.labels.add(block.label.text)
        outer = (dict(self.variables), dict(self.records), dict(self.cursors), dict(self.declared),
                 dict(self.collections))  # fmt: skip
        waiting, self.prologue = self.prologue, []
        declarations = tuple(d for k in block.declarations if (d := self.declaration(k)) is not None)
        if block.label is not None:
            self.records[block.label.text] = dict(self.variables)
        self.frame()
        outer_loops, self.loops, outer_over, self.loops_over = self.loops, [], self.loops_over, []
        self.guarded += bool(block.handlers)
        catching = any(catches_missing(h) for h in block.handlers)
        self.catching += catching
        prologue, self.prologue = tuple(self.prologue), waiting
        body = self.steps((*prologue, *block.body))
        self.catching -= catching
        self.guarded -= bool(block.handlers)
        handlers = tuple(self.handler(h) for h in block.handlers)
        if undoes(block.body) and any(not raises(h.body) and not h.undone for h in block.handlers):
            self.ctx.say("SC5027", block.handlers[0].at)
        known = {d.name for d in declarations if d.name is not None}
        rows = [n for n in dict.fromkeys(self.loops) if n not in known]
        declarations += tuple(Variable(n, Typed(raw="record"), at=block.at) for n in rows)
        declarations += tuple({v.name: v for v in self.loops_over if v.name not in known}.values())
        self.loops, self.loops_over = outer_loops, outer_over
        label = self.own(block.label) if block.label is not None else None
        self.variables, self.records, self.cursors, self.declared, self.collections = outer
        self.frame()
        return replace(block, label=label, declarations=declarations, body=body, handlers=handlers)
