"""Statements of Transact-SQL that mean something else than those of PL/pgSQL.

Source: Transact-SQL reference, "RAISERROR", "THROW", "EXECUTE", "FETCH".
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..ir.catalog import Notes, Routine
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..ir.routine import (
    Assign,
    Block,
    Body,
    Call,
    Close,
    Count,
    Dynamic,
    Fetch,
    If,
    Leave,
    Loop,
    Nothing,
    Opaque,
    Open,
    Passed,
    Print,
    Raise,
    Ready,
    Return,
    ReturnQuery,
    SelectInto,
    Several,
    Sql,
    Step,
    Taken,
    Temporary,
    Transaction,
)  # fmt: skip
from .tsql_plain import every
from .tsql_results import TsqlResults, answers

_PLACEHOLDER: Final = re.compile(r"%(?:[-+0 #]*)(?:\d+|\*)?(?:\.\d+)?(?:[hl]|I64)?([disuoxX%])")


_WAIT: Final = re.compile(r"(?is)\s*WAITFOR\s+DELAY\s+('[\d:.]+'|@\w+)\s*;?\s*")


class TsqlSteps(TsqlResults):
    """Adds statements; heads are the subclass's."""

    # -- bodies --------------------------------------------------------------------------------------------------------

    def steps(self, body: Body) -> Body:
        made: list[Step] = []
        above: tuple[str, ...] = ()  # comments of statements that are not there any more
        for i, step in enumerate(body):
            if isinstance(step, Raise) and not self.guarded and _goes_on(step):
                self.behind_error(body[i + 1 :])
            done = [] if isinstance(step, Nothing) else self.batch_steps(step)
            above += step.notes.before
            if done:
                done[0] = replace(done[0], notes=replace(done[0].notes, before=above))
                above = ()
            counts: list[Step] = []
            if step.at in self.counted and isinstance(step, (Sql, ReturnQuery, Temporary, Taken)):
                counts = [Count(step.at, variable=Name("sql_rowcount"))]
            elif step.at in self.counted and isinstance(step, Assign):
                here = Fragment("", step.at, "sql_rowcount")
                counts = [Assign(step.at, target=here, value=Fragment("", step.at, "1"))]
            first = 1 if isinstance(step, Sql) else len(done)
            made += [*done[:first], *counts, *done[first:]]
            if isinstance(step, Fetch):
                self.last = step.cursor.text.strip().upper()
            elif not isinstance(step, (Assign, Leave, Nothing, Print)):
                self.last = ""
        if above:
            made.append(Nothing(body[-1].at, Notes(above)))
        return tuple(made)

    def behind_error(self, behind: Body) -> None:
        if any(not isinstance(s, (Return, Transaction, Nothing, Raise)) for s in behind):
            self.ctx.say("SC5089", behind[0].at)

    def batch_steps(self, step: Step) -> list[Step]:
        """What a statement becomes: none, one or more."""
        match step:
            case Passed():
                self.ctx.say_construct(step.construct, step.at, step.text.text)
                return []
            case Transaction():
                return []
            case Temporary():
                return self.temporary_table(step)
            case SelectInto():
                return self.chosen(step)
            case Return():
                return self.return_(step)
            case Sql():
                changed = self.sql(step)
                return list(changed.body) if isinstance(changed, Several) else [changed]
            case Call():
                done = self.step(step)
                if isinstance(done, Several):
                    return list(done.body)
                if not isinstance(done, Call) or done.returned is None or self.stub:
                    return [done]
                nothing = Fragment("0", step.at, "0")  # its return code, which it never sets
                return [done, Assign(step.at, target=self.text(done.returned), value=nothing)]
            case _:
                return [self.step(step)]

    def step(self, step: Step) -> Step:
        match step:
            case Assign():
                return self.assign(step)
            case ReturnQuery():
                return self.return_query(step)
            case Raise():
                return self.error(step)
            case If() if self.found.what == "function":
                return super().step(step)
            case Loop():
                for inner in every(step.body):  # what the body assigns may have a value when it begins again
                    self.note(inner)
                    if isinstance(inner, Temporary) and inner.name.text[:1] == "@":  # made once, not again and again
                        self.refuse("SC5021", inner.at, title="a table variable in a loop", clause=inner.name.text)
                return super().step(step)
            case Open() | Fetch() | Close():
                return self.cursor_step(step)
            case Block() if step.handlers:
                return super().step(step)
            case Call():
                return self.call(step)
            case Opaque() if (seconds := _WAIT.fullmatch(step.text.text)) is not None:
                return self.waited(step, seconds[1])
            case Opaque():
                self.ctx.say_construct(step.construct, step.at, step.text.text or step.why)
                self.stub = self.stub or "SC5021"
                return step
            case _:
                return super().step(step)

    def waited(self, step: Opaque, delay: str) -> Step:
        """WAITFOR DELAY: a text of hours, minutes and seconds, or a variable that holds one."""
        literal = re.fullmatch(r"'(\d+):(\d+)(?::(\d+(?:\.\d+)?))?'", delay)
        if literal is not None:
            number = int(literal[1]) * 3600 + int(literal[2]) * 60 + float(literal[3] or 0)
            seconds = f"{number:.3f}".rstrip("0").rstrip(".")
        else:
            seconds = f"extract(epoch FROM ({self.text(replace(step.text, text=delay)).output})::text::interval)"
        return Ready(step.at, step.notes, f"PERFORM pg_sleep({seconds})")

    def note(self, step: Step) -> None:
        match step:
            case Assign():
                self.assigned.add(step.target.text.strip().upper())
            case SelectInto() | Fetch():
                self.assigned.update(t.text.strip().upper() for t in step.into)
            case Call():
                self.assigned.update(a.text.strip().upper() for _, a in step.arguments)
            case _:
                pass

    def cursor_step(self, step: Open | Fetch | Close) -> Step:
        self.note(step)
        name = Name(step.cursor.text.strip().upper().strip("[]"))
        mark = self.marks.of(name.text)
        if not mark:
            self.refuse("SC5022", step.at, clause=step.cursor.text)
            return step
        cursor = replace(step.cursor, target=self.texts[mark])
        if not isinstance(step, Fetch):
            return replace(step, cursor=cursor)
        return replace(step, cursor=cursor, into=tuple(self.text(t) for t in step.into))

    # -- errors --------------------------------------------------------------------------------------------------------

    def error(self, step: Raise) -> Step:
        if step.name is None or step.message is None:
            return step
        own = step.name.text
        number = Fragment("", step.at, "'UE000'")
        if own == "THROW":
            return replace(step, name=None, number=number, message=self.text(step.message))
        severity = step.number.text.strip() if step.number is not None else "16"
        if severity.isdecimal() and int(severity) <= 10:
            return Print(step.at, step.notes, self.formatted(step))
        return replace(step, name=None, number=number, message=self.formatted(step), arguments=())

    def formatted(self, step: Raise) -> Fragment:
        """The message of RAISERROR with its arguments in place."""
        message = step.message
        assert message is not None
        literal = re.fullmatch(r"(?is)\s*N?'((?:[^']|'')*)'\s*", message.text)
        if message.text.strip().isdecimal():
            self.refuse("SC5013", step.at, clause=message.text)
            return message
        if literal is None:
            if step.arguments:
                self.refuse("SC5021", step.at, title="a message that is put together", clause=message.text)
            return self.text(message)
        pieces: list[str | Fragment] = []
        rest = list(step.arguments)
        last = 0
        for m in _PLACEHOLDER.finditer(literal[1]):
            pieces.append(literal[1][last : m.start()] + ("%" if m[1] == "%" else ""))
            if m[1] != "%":
                if not rest or (m[0] not in ("%s", "%d", "%i", "%u", "%I64d", "%ld")):
                    self.refuse("SC5021", step.at, title="a placeholder of a message", clause=m[0])
                    return message
                pieces.append(rest.pop(0))
            last = m.end()
        pieces.append(literal[1][last:])
        if not any(isinstance(p, Fragment) for p in pieces):
            return replace(message, target="'" + "".join(str(p) for p in pieces) + "'")
        return self.composed(message, pieces)

    def composed(self, message: Fragment, pieces: list[str | Fragment]) -> Fragment:
        """A text of literal pieces and values."""
        text = "".join("%s" if isinstance(p, Fragment) else p.replace("%", "%%") for p in pieces)
        given = [f"coalesce(({self.text(p).output})::text, '(null)')" for p in pieces if isinstance(p, Fragment)]
        return replace(message, target=f"format('{text}', {', '.join(given)})")

    # -- calls ---------------------------------------------------------------------------------------------------------

    def procedure_called(self, step: Call) -> Routine | None:
        """The procedure of the script that is called; ``None``, refused, where the output does not have it."""
        name = name_called(step)
        own = self.found if self.found.name.name == name.name else self.ctx.find(name)
        if isinstance(own, Routine) and own.what == "procedure" and own.program is not None:
            if own is self.found or self.ctx.exists(name):
                return own
        self.refuse("SC5031", step.at, clause=".".join(n.text for n in step.name))
        return None

    rows_wanted = False  # whether what the procedure answers is taken care of

    def call(self, step: Call) -> Step:
        self.note(step)
        words = ".".join(n.text for n in step.name)
        own = self.procedure_called(step)
        if own is None:
            return step
        assert own.program is not None
        arguments = []
        names = self.parameter_names(own)
        for n, a in step.arguments:
            if a.text.strip().upper() == "DEFAULT":
                self.refuse("SC5021", step.at, title="DEFAULT as an argument", clause=words)
                return step
            if n is not None and n.text.upper() not in names:
                self.refuse("SC5031", step.at, clause=f"{words} {n}")
                return step
            arguments.append((Name(names[n.text.upper()]) if n is not None else None, self.text(a)))
        target = self.ctx.run.qualified(self.names.relation(name_called(step)))
        theirs = {plain_name(t) for t in tables_of(own)}
        if not theirs.isdisjoint(plain_name(t) for t in tables_of(self.found)):  # the callee would make it anew
            self.refuse("SC5021", step.at, title="a temporary table of caller and called", clause=words)
        if not self.rows_wanted and any(answers(s) for s in every(own.program.body.body)):
            self.refuse("SC5091", step.at, clause=f"the result of {words}")
            return step
        gives_code = any(
            isinstance(s, Return) and s.value is not None and s.value.text.strip(" ()") != "0"
            for s in every(own.program.body.body)
        )
        if step.returned is not None:
            self.assigned.add(step.returned.text.upper())
            if gives_code:
                arguments.append((Name("return_code"), self.text(step.returned)))
                step = replace(step, returned=None)
        by_name = {p.name.text.upper(): p for p in own.program.parameters}
        for i, (n, a) in enumerate(step.arguments):
            p = by_name[n.text.upper()] if n is not None else own.program.parameters[i] if i < len(by_name) else None
            if p is None or (p.mode != "in") != (i in step.outputs):
                self.refuse("SC5021", step.at, title="an argument that is OUTPUT on one side only", clause=a.text)
                return step
        outs = [p for p in own.program.parameters if p.mode != "in"]
        if outs and len(step.arguments) < len(own.program.parameters):
            given = {n.text.upper() for n, _ in step.arguments if n is not None}
            place = len([1 for n, _ in step.arguments if n is None])
            for i, p in enumerate(own.program.parameters):
                if p.mode != "in" and i >= place and p.name.text.upper() not in given:
                    self.refuse("SC5021", step.at, title="an OUTPUT parameter without an argument", clause=words)
        return replace(step, name=(Name(target),), arguments=tuple(arguments))

    def parameter_names(self, own: Routine) -> dict[str, str]:
        """The names that a procedure's parameters have on the target."""
        from .tsql import Batch

        assert own.program is not None
        if own is self.found:
            return {p.name.text.upper(): self.own(p.name).text for p in own.program.parameters}
        other = Batch(own, self.ctx)
        return {p.name.text.upper(): other.marks.spelled[other.mark(p.name, "p_")] for p in own.program.parameters}

    def dynamic(self, step: Dynamic) -> Step:
        self.refuse("SC5033", step.at, clause="EXECUTE of a text")
        return step


def name_called(step: Call) -> QName:
    """The procedure that a call names, with its schema."""
    return QName(step.name[-2] if len(step.name) > 1 else None, step.name[-1])


def tables_of(routine: Routine) -> list[str]:
    """The temporary tables that a routine makes."""
    body = routine.program.body.body if routine.program is not None else ()
    return [s.name.text for s in every(body) if isinstance(s, Temporary)]


def plain_name(name: str) -> str:
    return name.lstrip("@#").upper()


def _goes_on(step: Raise) -> bool:
    """Whether the source goes on behind the error, where the target does not."""
    severity = step.number.text.strip() if step.number is not None else "16"
    message = severity.isdecimal() and int(severity) <= 10
    return step.name is not None and step.name.text == "RAISERROR" and not message
