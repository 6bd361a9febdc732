"""The shape of a routine where there are variables, WHILE, cursors and handlers, and nothing else: no records, no FOR,
no attributes of cursors, no RETURN in a procedure. The author's texts stay in the source's language.

Source: MySQL 8.0 Reference Manual, "Compound Statement Syntax".
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..ir.clause import NO_NOTES
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..ir.routine import (
    Assign,
    Block,
    Body,
    Call,
    Case,
    Close,
    Declaration,
    Dynamic,
    Fetch,
    ForQuery,
    ForRange,
    Handler,
    If,
    Leave,
    Loop,
    Open,
    Print,
    Program,
    Raise,
    Return,
    SelectInto,
    Sql,
    Step,
    Variable,
)  # fmt: skip
from . import psm_returning, row_counts
from .psm_loops import Loops
from .psm_names import parts
from .psm_records import FLAG, INT, Jump

_ELEMENT: Final = re.compile(r"[A-Za-z][\w$#]*\s*\(.*\)", re.S)
_SET_ROW: Final = re.compile(
    r"(?i)\s*UPDATE\s+(?:(\w+)\s*\.\s*)?(\w+)(?:\s+\w+)?\s+SET\s+(?=ROW\s*=\s*([A-Z][\w$#]*))(ROW\s*=\s*[\w$#]+)"
)
_WHOLE: Final = re.compile(r"(?i)\bVALUES\s+([A-Z][\w$#]*)\s*$")


class Shaper(Loops):
    """One routine."""

    def program(self, program: Program) -> Program:
        opened = {n.cursor.text.strip().upper() for n in parts(program.body) if isinstance(n, Open) and n.query}
        for p in program.parameters:
            if p.mode != "in" and p.name.text in opened and program.returns is None and program.firing is None:
                self.results.add(p.name.text)
                self.ctx.say("SC5083", p.at, clause=str(p.name))
        parameters = tuple(self.parameter(p) for p in program.parameters if p.name.text not in self.results)
        self.counted = row_counts.counted(program.body)
        self.jumps.append(self.whole)
        body = self.block(program.body, True)
        if self.whole.label is not None:
            body = replace(body, label=self.whole.label)
        if self.names.whole:
            at = self.names.whole[0]
            self.refuse("SC5071", at.at, clause=at.text.strip())
        firing = program.firing
        firing = replace(firing, old=Name("OLD"), new=Name("NEW")) if firing is not None else None
        return replace(program, parameters=parameters, body=body, firing=firing)

    def block(self, block: Block, whole: bool = False) -> Block:
        before = dict(self.names.records), dict(self.fields), dict(self.cursors)
        declared: list[Declaration] = []
        for d in block.declarations:
            declared += self.declaration(d)
        body = self.steps(block.body)
        handlers, jumps = [], []
        for h in block.handlers:
            made, found = self.handler(h, whole)
            handlers.append(made)
            jumps += found
        for (cursor, what), name in self.names.states.items():
            if cursor in self.cursors and cursor not in before[2]:
                start = Fragment("0", block.at) if what == "ROWS" else None
                start = Fragment("FALSE", block.at, "FALSE") if what == "OPEN" else start
                declared.append(Variable(Name(name), INT if what == "ROWS" else FLAG, start, at=block.at))
        self.names.states = {k: v for k, v in self.names.states.items() if k[0] in before[2]}
        self.names.records, self.fields, self.cursors = before
        self.names.cursors = set(self.cursors)
        done = replace(block, declarations=tuple(declared), body=body, handlers=tuple(handlers))
        return self.with_jumps(done, jumps)

    def steps(self, body: Body) -> Body:
        return tuple(made for step in body for made in self.step(step))

    def step(self, step: Step) -> list[Step]:
        match step:
            case Block():
                return [self.block(step)]
            case Assign():
                return self.assign(step)
            case If():
                branches = tuple((self.text(c), self.steps(b)) for c, b in step.branches)
                otherwise = self.steps(step.otherwise) if step.otherwise is not None else None
                return [replace(step, branches=branches, otherwise=otherwise)]
            case Case():
                branches = tuple((self.text(c), self.steps(b)) for c, b in step.branches)
                otherwise = self.steps(step.otherwise) if step.otherwise is not None else None
                operand = self.text(step.operand) if step.operand is not None else None
                return [replace(step, operand=operand, branches=branches, otherwise=otherwise)]
            case Loop():
                jump = Jump(step.label, "LOOP_1")
                body = self.inside(jump, step.body)
                condition = self.text(step.condition) if step.condition is not None else None
                return [replace(step, label=jump.label, condition=condition, body=body)]
            case ForRange():
                return [self.for_range(step)]
            case ForQuery():
                return [self.for_query(step)]
            case Leave():
                return self.leave(step)
            case Return():
                return self.returned(step)
            case Call():
                arguments = tuple((n, self.text(a)) for n, a in step.arguments)
                return [replace(step, arguments=arguments, text=self.text(step.text))]
            case Sql():
                return self.sql(step)
            case SelectInto():
                return [replace(step, query=self.names.query(step.query), into=self.targets(step.into))]
            case Open():
                return self.open(step)
            case Fetch():
                return self.fetch(step)
            case Close():
                return self.close(step)
            case Dynamic():
                using = tuple(self.text(u) for u in step.using)
                return [replace(step, text=self.text(step.text), into=self.targets(step.into), using=using)]
            case Raise():
                return [replace(step, message=self.text(step.message) if step.message is not None else None)]
            case Print():
                return [replace(step, text=self.text(step.text))]
            case _:
                return [step]

    def assign(self, step: Assign) -> list[Step]:
        target, value = step.target.text.strip().upper(), step.value.text.strip().upper()
        if target in self.fields and value in self.fields and len(self.fields[target]) == len(self.fields[value]):
            pairs = zip(self.fields[target], self.fields[value], strict=True)
            return [
                Assign(step.at, target=Fragment(a.text, step.at), value=Fragment(b.text, step.at)) for a, b in pairs
            ]
        if (parts := self.element_parts(step)) is not None:
            return parts
        return [replace(step, target=self.text(step.target), value=self.text(step.value))]

    def sql(self, step: Sql) -> list[Step]:
        if step.into:
            made = psm_returning.steps(step, step.into, self.ctx)
            if made is None:
                given = ", ".join([t.text.strip() for t in step.into])
                self.refuse("SC5021", step.at, title="RETURNING", clause=f"INTO {given}")
                return []
            return [one for part in made for one in self.step(part)]
        return [replace(step, statement=self.names.query(self.whole_record(step.statement)))]

    def element_parts(self, step: Assign) -> list[Step] | None:
        """``a(i) := r`` and ``r := a(i)``, where ``r`` is a record: field by field."""
        target, value = step.target.text.strip(), step.value.text.strip()
        at = step.at
        if value.upper() in self.fields and _ELEMENT.fullmatch(target):
            place, known = self.text(step.target).text.strip(), self.names.records[value.upper()] or {}
            return [Assign(at, target=Fragment(f"{place}.{f}", at), value=Fragment(v, at)) for f, v in known.items()]
        if target.upper() in self.fields and _ELEMENT.fullmatch(value) and self.collected(value):
            place, known = self.text(step.value).text.strip(), self.names.records[target.upper()] or {}
            return [Assign(at, target=Fragment(v, at), value=Fragment(f"{place}.{f}", at)) for f, v in known.items()]
        return None

    def collected(self, text: str) -> bool:
        """Whether a call or an element is one of a variable."""
        return text.partition("(")[0].strip().upper() in self.names.used

    def whole_record(self, statement: Fragment) -> Fragment:
        """``INSERT INTO t VALUES r`` and ``SET ROW = r`` with the fields of the record."""
        row = _SET_ROW.match(statement.text)
        record = self.names.records.get(row[3].upper()) if row is not None else None
        if row is not None and record:
            table = self.ctx.run.table(QName(Name(row[1].upper()) if row[1] else None, Name(row[2].upper())))
            columns = [k.name.text for k in table[1].columns] if table is not None else []
            if len(columns) == len(record):
                pairs = ", ".join(f"{c} = {row[3]}.{f}" for c, f in zip(columns, record, strict=True))
                return replace(statement, text=statement.text[: row.start(4)] + pairs + statement.text[row.end(4) :])
        m = _WHOLE.search(statement.text)
        fields = self.names.records.get(m[1].upper()) if m is not None else None
        if m is None or not fields:
            return statement
        listed = ", ".join(f"{m[1]}.{f}" for f in fields)
        return replace(statement, text=f"{statement.text[: m.start(1)]}({listed})")

    def handler(self, found: Handler, whole: bool) -> tuple[Handler, list[tuple[Name, Jump | None, bool]]]:
        outer, self.pending = self.pending, []
        before, self.out = self.out, Jump(None, "HANDLED", depth=self.depth + 1)
        self.depth += 1
        self.last = whole and self.depth == 1
        body = self.steps(found.body)
        self.last = False
        self.depth -= 1
        out, self.out = self.out, before
        jumps, self.pending = self.pending, outer
        if body and isinstance(body[-1], Leave) and body[-1].label == out.label and out.label is not None:
            body = body[:-1]
            if not any(isinstance(n, Leave) and n.label == out.label for n in parts(body)):
                out.label = None
        if out.label is not None:
            body = (Block(found.at, label=out.label, body=body),)
        return replace(found, body=body), jumps

    def with_jumps(self, block: Block, jumps: list[tuple[Name, Jump | None, bool]]) -> Block:
        """A block, and behind it the jumps that its handlers ask for."""
        if not jumps:
            return block
        flags = tuple(
            Variable(flag, FLAG, Fragment("FALSE", block.at, "FALSE"), at=block.at) for flag, _, _ in jumps
        )
        behind: list[Step] = []
        for flag, jump, again in jumps:
            assert jump is not None
            leave = Leave(block.at, label=self.label(jump), again=again, when=Fragment(flag.text, block.at))
            behind += self.jump(leave, jump)
        return Block(block.at, block.notes, declarations=flags, body=(replace(block, notes=NO_NOTES), *behind))
