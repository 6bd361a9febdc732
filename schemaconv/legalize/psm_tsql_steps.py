"""Statements of Transact-SQL in SQL/PSM: loops with labels, TRY with its handler, errors, calls, transactions.

Source: Transact-SQL reference, "TRY...CATCH", "RAISERROR", "EXECUTE", "RETURN"; MySQL 8.0 Reference Manual, "DECLARE
... HANDLER Statement", "SIGNAL Statement", "Statement Labels".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ..ir.catalog import Notes, Routine
from ..ir.fragment import Fragment
from ..ir.names import Name
from ..ir.routine import (
    Assign,
    Block,
    Body,
    Call,
    Diagnose,
    Fetch,
    Handler,
    If,
    Leave,
    Loop,
    Nothing,
    Opaque,
    Print,
    Raise,
    Ready,
    ReturnQuery,
    Step,
    Taken,
    Transaction,
    Typed,
    Variable,
)  # fmt: skip
from ..source import Span
from .psm_bodies import fragments
from .psm_tsql_data import PsmTsqlData
from .tsql_plain import every

if TYPE_CHECKING:
    from .context import Context

_LITERAL: Final = re.compile(r"'(?:[^'\\]|''){0,128}'")
_ERROR: Final = re.compile(r"\bsql_(?:code|errm)\b")
_WAITS: Final = re.compile(r"(?i)\s*WAITFOR\s+DELAY\s+N?'(\d+):(\d+)(?::(\d+(?:\.\d+)?))?'\s*;?\s*")
_MOST: Final = 65535  # MYSQL_ERRNO


@dataclass
class Place:
    """A loop, a handler or the whole routine that something may leave; ``label`` once something does."""

    kind: str
    label: Name | None = None


class PsmTsqlSteps(PsmTsqlData):
    """Adds statements."""

    def __init__(self, found: Routine, ctx: Context) -> None:
        super().__init__(found, ctx)
        self.places: list[Place] = []
        self.flags: list[Variable] = []  # what a handler wants done behind its block
        self.numbered = 0
        self.puts_message = False

    # -- bodies --------------------------------------------------------------------------------------------------------

    def steps(self, body: Body) -> Body:
        made: list[Step] = []
        above: tuple[str, ...] = ()
        for i, step in enumerate(body):
            if isinstance(step, Raise) and not self.guarded and self.goes_on(step):
                self.behind_error(body[i + 1 :])
            if isinstance(step, (Loop, Block)):
                self.key_is("sql_identity")
            done = [] if isinstance(step, Nothing) else self.batch_steps(step)
            above += step.notes.before
            if done:
                done[0] = replace(done[0], notes=replace(done[0].notes, before=above))
                above = ()
            made += done
            made += self.counts(step)
            made += self.key_told(step)
        if above:
            made.append(Nothing(body[-1].at, Notes(above)))
        return tuple(made)

    def goes_on(self, step: Raise) -> bool:
        severity = step.number.text.strip() if step.number is not None else "16"
        message = severity.isdecimal() and int(severity) <= 10
        return step.name is not None and step.name.text == "RAISERROR" and not message

    def batch_steps(self, step: Step) -> list[Step]:
        match step:
            case Transaction():
                return self.settled(step)
            case Fetch():
                return self.fetch(step)
            case Leave():
                return self.leave(step)
            case Block():
                return self.blocks(step)
            case Print():
                return self.told(step, self.text(step.text))
            case Raise() if step.name is not None and step.message is not None:
                return self.signalled(step)
            case ReturnQuery() if self.found.what != "procedure":
                self.refuse("SC5192", step.at, clause=f"the result of a query from a {self.found.what}")
                return [step]
            case Opaque() if (waits := _WAITS.fullmatch(step.text.text)) is not None:
                seconds = int(waits[1]) * 3600 + int(waits[2]) * 60 + float(waits[3] or 0)
                return [Ready(step.at, step.notes, f"DO SLEEP({seconds:g})")]
            case Call():
                return self.called(step)
            case Taken():
                self.refuse("SC5021", step.at, title="INSERT ... EXEC", clause=step.table.name.text)
                return [step]
            case _:
                return super().batch_steps(step)

    def step(self, step: Step) -> Step:
        if isinstance(step, Loop):
            self.places.append(Place("loop"))
            done = super().step(step)
            label = self.places.pop().label
            return replace(done, label=label) if isinstance(done, Loop) else done
        return super().step(step)

    def return_query(self, step: ReturnQuery) -> Step:
        done, translated = self.ctx.query(self.marked(step.query), None, stored=False)
        query = self.kept(step.query, done, translated.findings)
        self.opened_once(step, query)
        return replace(step, query=query)

    def told(self, step: Step, text: Fragment) -> list[Step]:
        """A line for the client is a result set there: left out where the routine has results of its own."""
        if self.found.what == "procedure" and not self.gives_rows:
            self.ctx.say("SC5074", step.at, clause="is a result set")
            return [Print(step.at, step.notes, text)]
        self.ctx.say("SC5074", step.at, clause="is left out")
        return []

    gives_rows = False

    # -- where it goes on ----------------------------------------------------------------------------------------------

    def label_of(self, place: Place) -> Name:
        if place.label is None:
            self.numbered += place.kind == "loop"
            plain = {"whole": self.names.plain(self.found.name.name), "handler": "handled"}
            place.label = Name(plain.get(place.kind, f"loop_{self.numbered}"))
        return place.label

    def leave(self, step: Leave) -> list[Step]:
        if not any(p.kind == "loop" for p in self.places):
            self.refuse("SC5022", step.at, clause="BREAK")
            return [step]
        return self.jump("loop", step)

    def jump(self, kind: str, step: Leave) -> list[Step]:
        """Out of a handler no label can be seen: it sets a flag, and behind its block the way goes on."""
        place = next(p for p in reversed(self.places) if p.kind in (kind, "handler"))
        if place.kind == kind:
            return [replace(step, label=self.label_of(place))]
        what = "returns" if kind == "whole" else "continues" if step.again else "breaks"
        flag = next((f for f in self.flags if f.name.text == f"sql_{what}"), None)
        if flag is None:
            flag = Variable(Name(f"sql_{what}"), Typed(raw="boolean"), Fragment("", step.at, "FALSE"), at=step.at)
            self.flags.append(flag)
        self.wanted.append((kind, flag.name, step.again))
        on = Assign(step.at, step.notes, self.out(flag.name.text, step.at), self.out("TRUE", step.at))
        return [on, Leave(step.at, label=self.label_of(place))]

    wanted: list[tuple[str, Name, bool]] = []  # jumps out of the handler at hand

    def called(self, step: Call) -> list[Step]:
        raise NotImplementedError

    def out(self, text: str, at: Span) -> Fragment:
        return Fragment("", at, text)

    # -- TRY and CATCH -------------------------------------------------------------------------------------------------

    def blocks(self, step: Block) -> list[Step]:
        """A block, and behind it the jumps that its handler asks for."""
        before, self.wanted = self.wanted, []
        done = self.block(step)
        wanted, self.wanted = self.wanted, before
        behind: list[Step] = []
        for kind, flag, again in dict.fromkeys(wanted):
            jumps = self.jump(kind, Leave(step.at, again=again))
            off = Assign(step.at, target=self.out(flag.text, step.at), value=self.out("FALSE", step.at))
            inner = tuple(jumps) if kind == "whole" else (off, *jumps)
            behind.append(If(step.at, branches=((self.out(flag.text, step.at), inner),)))
        return [done, *behind]

    def block(self, block: Block) -> Block:
        declarations = tuple(d for k in block.declarations if (d := self.declaration(k)) is not None)
        self.frame()
        self.guarded += bool(block.handlers)
        body = self.steps(block.body)
        self.guarded -= bool(block.handlers)
        handlers = tuple(self.handler(h) for h in block.handlers)
        return replace(block, declarations=declarations, body=body, handlers=handlers)

    def handler(self, found: Handler) -> Handler:
        self.handling += 1
        self.places.append(Place("handler"))
        body = self.steps(found.body)
        place = self.places.pop()
        self.handling -= 1
        if body and isinstance(body[-1], Leave) and body[-1].label == place.label is not None:
            body = body[:-1]
            if not any(isinstance(s, Leave) and s.label == place.label for s in every(body)):
                place.label = None
        if any(_ERROR.search(f.output) for f in fragments(body)):
            number, message = Name("sql_code"), Name("sql_errm")
            declared = (
                Variable(number, Typed(raw="int"), at=found.at), Variable(message, Typed(raw="text"), at=found.at)
            )  # fmt: skip
            asked = Diagnose(found.at, message=message, number=number)
            body = (Block(found.at, label=place.label, declarations=declared, body=(asked, *body)),)
        elif place.label is not None:
            body = (Block(found.at, label=place.label, body=body),)
        return replace(found, conditions=(Name("SQLEXCEPTION"),), body=body)

    def signalled(self, step: Raise) -> list[Step]:
        """An error of the author's: the state of errors that have none, its number where there is room for it."""
        assert step.name is not None and step.message is not None
        if step.name.text == "THROW":
            number = step.number.text.strip() if step.number is not None else ""
            message = self.text(step.message)
            if not number.isdecimal() or int(number) > _MOST:
                self.ctx.say("SC5193", step.at, clause=number)
                number = "50000"
        else:
            severity = step.number.text.strip() if step.number is not None else "16"
            message = self.formatted(step)
            if severity.isdecimal() and int(severity) <= 10:
                return self.told(step, message)
            number = "50000"
        state = self.out("SQLSTATE '45000'", step.at)
        if _LITERAL.fullmatch(message.output):
            told = replace(message, target=f"MESSAGE_TEXT = {message.output}, MYSQL_ERRNO = {number}")
            return [Raise(step.at, step.notes, None, state, told)]
        self.puts_message = True
        cut = replace(message, target=f"LEFT(COALESCE({message.output}, ''), 128)")
        told = replace(message, target=f"MESSAGE_TEXT = error_text, MYSQL_ERRNO = {number}")
        kept = Assign(step.at, step.notes, self.out("error_text", step.at), cut)
        return [kept, Raise(step.at, number=state, message=told)]

    def composed(self, message: Fragment, pieces: list[str | Fragment]) -> Fragment:
        given = [
            "'" + p + "'" if isinstance(p, str) else f"COALESCE({self.text(p).output}, '(null)')" for p in pieces if p
        ]
        return replace(message, target=f"CONCAT({', '.join(given)})" if len(given) > 1 else given[0])

    # -- cursors -------------------------------------------------------------------------------------------------------

    def fetch(self, step: Fetch) -> list[Step]:
        """FETCH, and @@FETCH_STATUS behind it, which a handler sets where there is no row."""
        done = self.cursor_step(step)
        if self.stub:
            return [done]
        self.fetches = True
        none = Handler((Name("NOT FOUND"),), (self.status("-1", step.at),), step.at, resume=True)
        inner = (self.status("0", step.at), replace(done, notes=Notes()))
        return [Block(step.at, step.notes, body=inner, handlers=(none,))]

    fetches = False

    def status(self, text: str, at: Span) -> Assign:
        return Assign(at, target=self.out("fetch_status", at), value=self.out(text, at))

    # -- transactions --------------------------------------------------------------------------------------------------

    def settled(self, step: Transaction) -> list[Step]:
        """A transaction of the procedure's own; @@TRANCOUNT is 1 inside of it."""
        if self.found.what != "procedure":
            return []
        verb, _, name = step.verb.rpartition(" ")
        match verb:
            case "SAVE":
                return [Ready(step.at, step.notes, f"SAVEPOINT {self.ctx.profile.quoted(name.lower())}")]
            case "ROLLBACK TO":
                return [replace(step, verb=f"ROLLBACK TO SAVEPOINT {self.ctx.profile.quoted(name.lower())}")]
            case _:
                pass
        begins = step.verb == "BEGIN"
        done = replace(step, verb="START TRANSACTION" if begins else step.verb)
        if not self.asks_transaction:
            return [done]
        count = Assign(step.at, target=self.out("sql_trancount", step.at), value=self.out(str(int(begins)), step.at))
        return [done, count]

    asks_transaction = False

    def transaction(self, clause: str, fragment: Fragment) -> str:
        """What the procedure knows of its own transaction."""
        if self.found.what != "procedure":
            self.refuse("SC5021", fragment.at, title="the state of the transaction", clause=clause)
            return "0"
        if clause.startswith("@@"):
            return '"%TRANCOUNT"'
        spoiled = self.handling and re.search(r"(?i)\bXACT_ABORT\s+ON\b", self.found.text.text)
        return '(-"%TRANCOUNT")' if spoiled else '"%TRANCOUNT"'
