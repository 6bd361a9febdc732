"""Errors of a routine where handlers are declared for states and numbers, and SIGNAL raises.

RAISE_APPLICATION_ERROR(-20nnn) has the state 45nnn and the number 20nnn. An exception of the author's is a condition
with a state of its own. NO_DATA_FOUND is NOT FOUND (state 02000, number 1329), which is a warning where a query gives
no row: a handler makes an error of it where the routine has none.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ..ir.fragment import Fragment
from ..ir.names import Name
from ..ir.routine import (
    Assign,
    Block,
    Body,
    Call,
    Condition,
    Declaration,
    Diagnose,
    Handler,
    Raise,
    Several,
    Step,
    Typed,
    Variable,
)  # fmt: skip
from ..source import Span
from .psm_bodies import again, finds, fragments, no_row, routines_of
from .psm_names import parts
from .psm_records import NOT_FOUND
from .psm_types import PsmTypes
from .states import own_state

if TYPE_CHECKING:
    pass

_LITERAL: Final = re.compile(r"'(?:[^'\\]|''){0,128}'")
_MESSAGE: Final = "error_text"


class PsmErrors(PsmTypes):
    """Adds blocks with their handlers, and errors that are raised."""

    def block(self, block: Block) -> Block:
        outer = (dict(self.variables), dict(self.records), dict(self.cursors), dict(self.declared))
        whole, self.depth = self.depth == 0, self.depth + 1
        declarations = tuple(d for k in block.declarations if (d := self.declaration(k)) is not None)
        self.frame()
        body = self.steps(block.body)
        handlers = tuple(self.handler(h, body, block.handlers) for h in block.handlers)
        handles = any(NOT_FOUND in {n.text for n in h.conditions} for h in handlers)
        own = finds(body)
        if own and handles and any(again(h) for h in handlers):
            body = (Block(block.at, body=body, handlers=(no_row(block.at),)),)
        elif own and whole and not handles:
            handlers = (*handlers, no_row(block.at))
        self.depth -= 1
        self.variables, self.records, self.cursors, self.declared = outer
        self.frame()
        label = self.own(block.label) if block.label is not None else None
        return replace(block, label=label, declarations=declarations, body=body, handlers=handlers)

    def declaration(self, found: Declaration) -> Declaration | None:
        if isinstance(found, Condition):
            self.declared[found.name.text] = found.number
            if found.number is not None:
                return None
            return replace(found, name=self.own(found.name), state=found.state or own_state(self.found, found.name))
        return super().declaration(found)

    def handler(self, found: Handler, body: Body = (), beside: tuple[Handler, ...] = ()) -> Handler:
        names: list[str] = []
        for name in found.conditions:
            names += [NOT_FOUND] if name.text == NOT_FOUND else self.condition(name, found.at)
        if not found.conditions:
            named = {n.text for h in beside for n in h.conditions}
            nothing = {"NO_DATA_FOUND"} & named or any(self.declared.get(n) == -1403 for n in named)
            names = ["SQLEXCEPTION"] if nothing or not self.may_miss(body) else ["SQLEXCEPTION", NOT_FOUND]
        before, self.asks_error = self.asks_error, False
        steps = self.steps(found.body)
        if self.asks_error:
            number, message = Name("sql_code"), Name("sql_errm")
            declared = (
                Variable(number, Typed(raw="int"), at=found.at), Variable(message, Typed(raw="text"), at=found.at)
            )  # fmt: skip
            asked = Diagnose(found.at, message=message, number=number)
            steps = (Block(found.at, declarations=declared, body=(asked, *steps)),)
        self.asks_error = before
        return replace(found, conditions=tuple(Name(n) for n in dict.fromkeys(names)), body=steps)

    def may_miss(self, body: Body) -> bool:
        """Whether NOT FOUND can come out of a body: from a query of its own, or from a routine that it calls."""
        if finds(body) or any(isinstance(n, (Call, Raise)) for n in parts(body)):
            return True
        words = set().union(*(self.ctx.run.words(f.text) for f in fragments(body)), set())
        return any(routines_of(self.ctx.run, w) for w in words)

    def marked(self, fragment: Fragment, target: bool = False) -> Fragment:
        done = super().marked(fragment, target)
        if re.search(r'"%SQL(?:ERRM|CODE)"', done.text):
            self.asks_error = True
        return done

    def condition(self, name: Name, at: Span) -> list[str]:
        if name.text in self.declared:
            number = self.declared[name.text]
            if number is None:
                return [self.names.plain(self.own(name))]
            if -20999 <= number <= -20000:
                return [f"SQLSTATE '45{-20000 - number:03}'"]
            known: object = self.numbers.get(str(number))
        else:
            known = self.conditions.get(name.text)
        if isinstance(known, str):
            return [known]
        divides = any("/" in f.text or "MOD" in f.text.upper() for f in fragments(self.found.program))
        if name.text == "ZERO_DIVIDE" and divides:
            known = None  # a division by zero gives NULL there
        return list(known) if isinstance(known, list) else self.unknown(name, at)

    def application_error(self, step: Call) -> Step:
        number = step.arguments[0][1].text.replace(" ", "")
        message = self.text(step.arguments[1][1])
        if not re.fullmatch(r"-20\d{3}", number):
            self.refuse("SC5032", step.at, clause=step.arguments[0][1].text)
            return step
        return self.signal(step, f"SQLSTATE '45{number[3:]}'", int(number[1:]), message)

    def raised(self, step: Raise) -> Step:
        if step.name is None:
            return step
        here = Fragment("", step.at)
        if step.name.text in self.declared:
            number = self.declared[step.name.text]
            text = replace(here, target=f"'{self.own(step.name).text}'")
            if number is None:
                return self.signal(step, self.names.plain(self.own(step.name)), 0, text)
            if -20999 <= number <= -20000:
                return self.signal(step, f"SQLSTATE '45{-20000 - number:03}'", -number, text)
            self.refuse("SC5028", step.at, clause=str(step.name))
            return step
        known = self.raised_as.get(step.name.text)
        if known is None:
            self.refuse("SC5028", step.at, clause=str(step.name))
            return step
        state, errno, words = known
        return self.signal(step, f"SQLSTATE '{state}'", int(str(errno)), replace(here, target=f"'{words}'"))

    def signal(self, step: Step, state: str, number: int, message: Fragment) -> Step:
        """SIGNAL takes constants and variables only."""
        text = message.output
        errno = f", MYSQL_ERRNO = {number}" if number else ""
        here = Fragment("", step.at)
        if _LITERAL.fullmatch(text):
            told = replace(here, target=f"MESSAGE_TEXT = {text}{errno}")
            return Raise(step.at, step.notes, None, replace(here, target=state), told)
        self.message = True
        cut = replace(here, target=f"LEFT(COALESCE({text}, ''), 128)")
        told = replace(here, target=f"MESSAGE_TEXT = {_MESSAGE}{errno}")
        kept = Assign(step.at, step.notes, replace(here, target=_MESSAGE), cut)
        return Several(step.at, body=(kept, Raise(step.at, number=replace(here, target=state), message=told)))
