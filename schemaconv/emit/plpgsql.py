"""PL/pgSQL: https://www.postgresql.org/docs/15/plpgsql.html"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final, assert_never

from ..ir.catalog import Notes, Routine
from ..ir.names import Name
from ..ir.routine import (
    Assign,
    Block,
    Body,
    Call,
    Case,
    Condition,
    Count,
    CursorVariable,
    Declaration,
    Firing,
    ForQuery,
    ForRange,
    Handler,
    If,
    Leave,
    Loop,
    NamedType,
    Nothing,
    Open,
    OtherDeclaration,
    Parameter,
    Print,
    Program,
    Raise,
    Ready,
    RecordType,
    Return,
    ReturnQuery,
    SelectInto,
    Sql,
    Step,
    Variable,
)  # fmt: skip
from .blocks import MODES, Blocks, into_list
from .printer import INDENT, WIDTH

_ROWS: Final = {"inserted": "NEW", "deleted": "OLD"}


class PlPgSql(Blocks):
    """Prints routines and triggers; the DDL printer of the family takes it in."""

    def routine(self, found: Routine) -> str:
        program = found.program
        if program is None:
            raise self.wrong(f"{found.kind} {found.name} was not read")
        if found.kind == "script":
            return self.script(program)
        name = self.qname(found.name)
        types = self.record_types(program)
        if program.firing is not None:
            return types + self.trigger(found, program, program.firing)
        what = "PROCEDURE" if program.returns is None and program.rows is None else "FUNCTION"
        head = self.listed(f"CREATE {what} {name}", [self.parameter(p) for p in program.parameters], "", "")
        if program.returns is not None:
            head += f" RETURNS {program.returns.raw}"
        if program.rows is not None:
            head += self.listed(" RETURNS TABLE ", [self.parameter(p) for p in program.rows], "", "")
        flags = " IMMUTABLE" if program.deterministic else " STABLE" if program.stable else ""
        if program.expression is not None:
            return f"{head} LANGUAGE sql{flags}\nAS $$ SELECT {self.sql(program.expression)} $$"
        return f"{types}{head} LANGUAGE plpgsql{flags}\n{self.quoted(self.body(program))}"

    def script(self, program: Program) -> str:
        """A block that runs once."""
        types = self.record_types(program)
        body = program.body
        if not body.declarations and not body.handlers and len(body.body) == 1 and isinstance(body.body[0], Call):
            return types + self.simple(body.body[0])
        gone = "".join(f";\n\nDROP TYPE {t.name.text}" for t in reversed(program.types))
        return f"{types}DO {self.quoted(self.body(program)).removeprefix('AS ')}{gone}"

    def record_types(self, program: Program) -> str:
        """The types that must be made before a routine, each with its end."""
        return "".join([f"{self.record_type(t)};\n\n" for t in program.types])

    def record_type(self, found: RecordType) -> str:
        """A type of a routine's own."""
        fields = ",\n".join([f"{INDENT}{self.name(f.name)} {f.type.raw}" for f in found.fields])
        return f"CREATE TYPE {found.name.text} AS (\n{fields}\n)"

    def trigger(self, found: Routine, program: Program, firing: Firing) -> str:
        """The function that a trigger calls, under the trigger's name, and the trigger."""
        name = self.qname(found.name)
        assert found.table is not None
        events = [f"UPDATE OF {', '.join(self.names(firing.of))}" if e == "update" and firing.of else e.upper()
                  for e in firing.events]  # fmt: skip
        when = f"\n{INDENT}WHEN ({self.bare(firing.condition)})" if firing.condition is not None else ""
        off = f";\n\nALTER TABLE {self.qname(found.table)} DISABLE TRIGGER {self.name(found.name.name)}"
        off = off if program.disabled else ""
        each = "ROW" if firing.rows else "STATEMENT"
        tables = "".join([f" {_ROWS[t]} TABLE AS {t}" for t in firing.transitions])
        seen = f"\n{INDENT}REFERENCING{tables}" if tables else ""
        return (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql\n{self.quoted(self.body(program))};\n\n"
            f"CREATE TRIGGER {self.name(found.name.name)} {firing.timing.upper()} {' OR '.join(events)}"
            f" ON {self.qname(found.table)}{seen}\n{INDENT}FOR EACH {each}{when} EXECUTE FUNCTION {name}(){off}"
        )

    def parameter(self, p: Parameter) -> str:
        default = f" DEFAULT {self.sql(p.default)}" if p.default is not None else ""
        return f"{MODES[p.mode]}{self.profile.quoted(p.name.text, parameter=True)} {p.type.raw}{default}"

    def quoted(self, body: str) -> str:
        mark = "$$" if "$$" not in body else "$body$"
        return f"AS {mark}\n{body}\n{mark}"

    # -- blocks --------------------------------------------------------------------------------------------------------

    def body(self, program: Program) -> str:
        self.firing = program.firing
        lines = ["#variable_conflict use_column"] if program.conflict else []
        body = program.body
        if self.firing is not None and not (body.body and isinstance(body.body[-1], (Return, Raise))):
            body = replace(body, body=(*body.body, Return(body.at)))
        lines += self.block(body, "", "END")
        return "\n".join(lines)

    firing: Firing | None = None

    def block(self, block: Block, pad: str, end: str) -> list[str]:
        inner = pad + INDENT
        lines = [f"{pad}<<{self.name(block.label)}>>"] if block.label is not None else []
        if block.declarations:
            lines.append(f"{pad}DECLARE")
            for d in block.declarations:
                lines += self.declaration(d, inner)
        lines.append(f"{pad}BEGIN")
        lines += self.inside(block.body, inner)
        lines += self.above(block.closing, inner)
        if block.handlers:
            lines.append(f"{pad}EXCEPTION")
            for handler in block.handlers:
                lines += self.handler(handler, inner)
        return [*lines, f"{pad}{end}"]

    def declaration(self, found: Declaration, pad: str) -> list[str]:
        lines = self.above(found.notes.before, pad)
        match found:
            case Variable():
                constant = "CONSTANT " if found.constant else ""
                needed = " NOT NULL" if found.not_null else ""
                default = f" := {self.sql(found.default)}" if found.default is not None else ""
                text = f"{self.name(found.name)} {constant}{found.type.raw}{needed}{default};"
            case CursorVariable():
                given = ", ".join([f"{self.name(p.name)} {p.type.raw}" for p in found.parameters])
                given = f" ({given})" if given else ""
                lines.append(f"{pad}{self.name(found.name)} CURSOR{given} FOR")
                return lines + self.indented(f"{self.sql(found.query)};", pad + INDENT, found.notes)
            case Condition() | RecordType() | NamedType() | OtherDeclaration():
                raise self.wrong(f"declaration {found.name}")
            case _:
                assert_never(found)
        return [*lines, *self.indented(text, pad, found.notes)]

    def handler(self, found: Handler, pad: str) -> list[str]:
        lines = self.above(found.notes.before, pad)
        names = " OR ".join([n.text for n in found.conditions]) or "OTHERS"
        return [*lines, f"{pad}WHEN {names} THEN", *self.inside(found.body, pad + INDENT)]

    # -- statements ----------------------------------------------------------------------------------------------------

    def inside(self, body: Body, pad: str) -> list[str]:
        return self.steps(body, pad) or [f"{pad}NULL;"]

    def step(self, step: Step, pad: str) -> list[str]:
        match step:
            case Block():
                return self.block(step, pad, "END;")
            case If():
                return self.if_(step, pad)
            case Case():
                return self.case(step, pad)
            case Loop():
                head = f"WHILE {self.bare(step.condition)} LOOP" if step.condition is not None else "LOOP"
                return self.loop(head, step.label, step.body, pad)
            case ForRange() if step.each is not None:
                head = f"FOREACH {self.name(step.variable)} IN ARRAY {self.sql(step.each)} LOOP"
                return self.loop(head, step.label, step.body, pad)
            case ForRange():
                low, high = self.sql(step.low), self.sql(step.high)
                span = f"REVERSE {high}..{low}" if step.reverse else f"{low}..{high}"
                return self.loop(f"FOR {self.name(step.variable)} IN {span} LOOP", step.label, step.body, pad)
            case ForQuery() if step.query is not None:
                query = self.sql(step.query)
                head = f"FOR {self.name(step.variable)} IN {query} LOOP"
                if "\n" in query or len(pad) + len(head) > WIDTH:
                    shown = "\n".join(self.indented(query, INDENT, Notes()))
                    head = f"FOR {self.name(step.variable)} IN\n{shown}\nLOOP"
                return self.loop(head, step.label, step.body, pad)
            case ForQuery():
                assert step.cursor is not None
                given = f"({', '.join([self.sql(a) for a in step.arguments])})" if step.arguments else ""
                head = f"FOR {self.name(step.variable)} IN {self.name(step.cursor)}{given} LOOP"
                return self.loop(head, step.label, step.body, pad)
            case SelectInto():
                return self.indented(self.into(step) + ";", pad, step.notes)
            case Return():
                return self.indented(self.returned(step), pad, step.notes)
            case ReturnQuery():
                query = self.sql(step.query)
                return self.indented(f"RETURN QUERY{chr(10) if chr(10) in query else ' '}{query};", pad, step.notes)
            case _:
                return self.indented(f"{self.simple(step)};", pad, step.notes)

    def simple(self, step: Step) -> str:
        """A statement of one part."""
        match step:
            case Assign():
                return f"{self.sql(step.target)} := {self.sql(step.value)}"
            case Leave():
                label = f" {self.name(step.label)}" if step.label is not None else ""
                when = f" WHEN {self.bare(step.when)}" if step.when is not None else ""
                return f"{'CONTINUE' if step.again else 'EXIT'}{label}{when}"
            case Call():
                given = [(f"{self.name(n)} => " if n is not None else "") + self.sql(a) for n, a in step.arguments]
                return f"CALL {step.name[0].text}({', '.join(given)})"
            case Sql():
                into = f" INTO {self.targets(step.into)}" if step.into else ""
                return self.sql(step.statement) + into
            case Open() if step.query is not None:
                return f"OPEN {self.sql(step.cursor)} FOR {self.sql(step.query)}"
            case Open():
                given_ = f"({', '.join([self.sql(a) for a in step.arguments])})" if step.arguments else ""
                return f"OPEN {self.sql(step.cursor)}{given_}"
            case Raise():
                return self.raised(step)
            case Print():
                return f"RAISE NOTICE '%', {self.sql(step.text)}"
            case Count():
                return f"GET DIAGNOSTICS {self.name(step.variable)} = ROW_COUNT"
            case Nothing():
                return "NULL"
            case Ready():
                return step.text
            case _:
                return self.plain(step)

    def raised(self, step: Raise) -> str:
        if step.message is not None and step.number is not None:
            text = self.sql(step.message)
            plain = re.fullmatch(r"'(?:[^'%]|'')*'", text) is not None
            given = text if plain else f"'%', {text}"
            return f"RAISE EXCEPTION {given} USING ERRCODE = {self.sql(step.number)}"
        if step.name is None:
            return "RAISE"
        return f"RAISE {step.name.text}"

    def returned(self, step: Return) -> str:
        if self.firing is None:
            return f"RETURN {self.sql(step.value)};" if step.value is not None else "RETURN;"
        if step.value is not None:
            return f"RETURN {self.sql(step.value)};"
        if not self.firing.rows or self.firing.timing == "after":
            return "RETURN NULL;"
        match self.firing.events:
            case ("delete",):
                return "RETURN OLD;"
            case events if "delete" in events:
                return "RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;"
            case _:
                return "RETURN NEW;"

    def into(self, step: SelectInto) -> str:
        """INTO behind the select list, where the manual has it."""
        given = f"INTO {'STRICT ' if step.strict else ''}{self.targets(step.into)}"
        return into_list(self.sql(step.query), given)

    def loop(self, head: str, label: Name | None, body: Body, pad: str) -> list[str]:
        lines = [f"{pad}<<{self.name(label)}>>"] if label is not None else []
        lines += self.indented(head, pad, Notes())
        end = f"{pad}END LOOP {self.name(label)};" if label is not None else f"{pad}END LOOP;"
        return [*lines, *self.inside(body, pad + INDENT), end]
