"""MySQL's stored programs: https://dev.mysql.com/doc/refman/8.0/en/sql-compound-statements.html"""

from __future__ import annotations

from typing import Final

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
    Diagnose,
    Handler,
    If,
    Leave,
    Loop,
    Nothing,
    Open,
    Parameter,
    Print,
    Program,
    Raise,
    Ready,
    Return,
    ReturnQuery,
    SelectInto,
    Sql,
    Step,
    Variable,
)  # fmt: skip
from .blocks import MODES, Blocks, into_list
from .printer import INDENT

#: In a block, variables and conditions come first, then cursors, then handlers ("DECLARE Statement").
_ORDER: Final = (Variable, Condition, CursorVariable)


class MySqlPsm(Blocks):
    """Prints routines and triggers; the DDL printer of the family takes it in."""

    elsif = "ELSEIF"

    def routine(self, found: Routine) -> str:
        """One statement a routine, with a delimiter of its own for the client."""
        program = found.program
        if program is None:
            raise self.wrong(f"{found.kind} {found.name} was not read")
        if program.firing is not None:
            assert found.table is not None
            made = [self.trigger(found, name, own) for name, own in program.each]
        else:
            made = [self.program(found, program)]
            if program.expression is not None:
                return made[0]
        mark = next(m for m in ("$$", "//", ";;", "$end$") if not any(m in text for text in made))
        inner = f"\n{mark}\n\n".join(made)
        return f"DELIMITER {mark}\n{inner}\n{mark}\nDELIMITER "  # the semicolon is on its way

    def program(self, found: Routine, program: Program) -> str:
        returns = program.returns
        what = "PROCEDURE" if returns is None else "FUNCTION"
        modes = returns is None
        head = self.listed(
            f"CREATE {what} {self.qname(found.name)}", [self.parameter(p, modes) for p in program.parameters], "", ""
        )
        if returns is not None:
            head += f" RETURNS {returns.raw}"
            head += f"\n{INDENT}{'DETERMINISTIC ' if program.deterministic else ''}{program.access}"
        if program.invoker:
            head += f"\n{INDENT}SQL SECURITY INVOKER"
        if program.expression is not None:
            return f"{head}\n{INDENT}RETURN {self.sql(program.expression)}"
        return "\n".join([head, *self.block(program.body, "", "END")])

    def trigger(self, found: Routine, name: Name, program: Program) -> str:
        firing = program.firing
        assert firing is not None and found.table is not None
        schema = f"{self.name(found.name.schema)}." if found.name.schema is not None else ""
        head = (
            f"CREATE TRIGGER {schema}{self.name(name)} {firing.timing.upper()} {firing.events[0].upper()}"
            f" ON {self.qname(found.table)}\n{INDENT}FOR EACH ROW"
        )
        return "\n".join([head, *self.block(program.body, "", "END")])

    def parameter(self, p: Parameter, modes: bool) -> str:
        return f"{MODES[p.mode] if modes else ''}{self.name(p.name)} {p.type.raw}"

    # -- blocks --------------------------------------------------------------------------------------------------------

    def block(self, block: Block, pad: str, end: str) -> list[str]:
        inner = pad + INDENT
        label = f"{self.name(block.label)}: " if block.label is not None else ""
        lines = [f"{pad}{label}BEGIN"]
        for kind in _ORDER:
            for d in block.declarations:
                if isinstance(d, kind):
                    lines += self.declaration(d, inner)
        for handler in block.handlers:
            lines += self.handler(handler, inner)
        lines += self.steps(block.body, inner)
        lines += self.above(block.closing, inner)
        return [*lines, f"{pad}{end}"]

    def declaration(self, found: Declaration, pad: str) -> list[str]:
        lines = self.above(found.notes.before, pad)
        match found:
            case Variable():
                default = f" DEFAULT {self.sql(found.default)}" if found.default is not None else ""
                text = f"DECLARE {self.name(found.name)} {found.type.raw}{default};"
            case CursorVariable():
                lines.append(f"{pad}DECLARE {self.name(found.name)} CURSOR FOR")
                return lines + self.indented(f"{self.sql(found.query)};", pad + INDENT, found.notes)
            case Condition():
                text = f"DECLARE {self.name(found.name)} CONDITION FOR SQLSTATE '{found.state}';"
            case _:
                raise self.wrong(f"declaration {found.name}")
        return [*lines, *self.indented(text, pad, found.notes)]

    def handler(self, found: Handler, pad: str) -> list[str]:
        lines = self.above(found.notes.before, pad)
        kind = "CONTINUE" if found.resume else "EXIT"
        head = f"{pad}DECLARE {kind} HANDLER FOR {', '.join([n.text for n in found.conditions])}"
        body = tuple(s for s in found.body if not isinstance(s, Nothing) or s.notes.before)
        if len(body) == 1 and not body[0].notes.before and not isinstance(body[0], Block):
            only = self.step(body[0], "")
            if len(only) == 1:
                return [*lines, f"{head} {only[0]}"]
        if not body:
            return [*lines, f"{head} BEGIN END;"]
        lines.append(head)
        if len(body) == 1 and isinstance(body[0], Block):
            return lines + self.block(body[0], pad, "END;")
        return [*lines, f"{pad}BEGIN", *self.steps(body, pad + INDENT), f"{pad}END;"]

    # -- statements ----------------------------------------------------------------------------------------------------

    def step(self, step: Step, pad: str) -> list[str]:
        match step:
            case Block():
                return self.block(step, pad, "END;")
            case If():
                return self.if_(step, pad)
            case Case():
                return self.case(step, pad)
            case Loop():
                return self.loop(step, pad)
            case Nothing():
                return []
            case ReturnQuery():
                return self.indented(f"{self.sql(step.query)};", pad, step.notes)
            case SelectInto():
                query = into_list(self.sql(step.query), f"INTO {self.targets(step.into)}")
                return self.indented(f"{query};", pad, step.notes)
            case _:
                return self.indented(f"{self.simple(step)};", pad, step.notes)

    def simple(self, step: Step) -> str:
        """A statement of one part."""
        match step:
            case Assign():
                return f"SET {self.sql(step.target)} = {self.sql(step.value)}"
            case Leave():
                assert step.label is not None
                leave = f"{'ITERATE' if step.again else 'LEAVE'} {self.name(step.label)}"
                return f"IF {self.bare(step.when)} THEN {leave}; END IF" if step.when is not None else leave
            case Call():
                return f"CALL {step.name[0].text}({', '.join([self.sql(a) for _, a in step.arguments])})"
            case Sql():
                return self.sql(step.statement)
            case Ready():
                return step.text
            case Return() if step.value is not None:
                return f"RETURN {self.sql(step.value)}"
            case Open():
                return f"OPEN {self.sql(step.cursor)}"
            case Raise() if step.number is not None and step.message is not None:
                return f"SIGNAL {step.number.output} SET {step.message.output}"
            case Raise():
                return "RESIGNAL"
            case Ready():
                return step.text
            case Print():
                return f"SELECT {self.sql(step.text)} AS output"
            case Count():
                return f"SET {self.name(step.variable)} = ROW_COUNT()"
            case Diagnose():
                return (
                    f"GET STACKED DIAGNOSTICS CONDITION 1 {self.name(step.number)} = MYSQL_ERRNO, "
                    f"{self.name(step.message)} = MESSAGE_TEXT"
                )
            case _:
                return self.plain(step)

    def inside(self, body: Body, pad: str) -> list[str]:
        """The statements of a branch, which must not be empty."""
        return self.steps(body, pad) if any(not isinstance(s, Nothing) for s in body) else [
            *self.steps(body, pad), f"{pad}BEGIN END;"
        ]  # fmt: skip

    def loop(self, step: Loop, pad: str) -> list[str]:
        label = f"{self.name(step.label)}: " if step.label is not None else ""
        end = f" {self.name(step.label)}" if step.label is not None else ""
        head, last = ("LOOP", "LOOP")
        if step.condition is not None:
            head, last = f"WHILE {self.bare(step.condition)} DO", "WHILE"
        lines = self.indented(f"{label}{head}", pad, Notes())
        return [*lines, *self.inside(step.body, pad + INDENT), f"{pad}END {last}{end};"]
