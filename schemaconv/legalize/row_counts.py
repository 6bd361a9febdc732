"""Which statements must keep how many rows they changed: those whose count is still asked for afterwards.

Oracle keeps the count of the last statement for as long as no other runs (``SQL%ROWCOUNT``); targets tell it directly
behind the statement only. This is the usual analysis of live variables, from the end of a body to its start.
"""

from __future__ import annotations

import re
from typing import Final

from ..ir.fragment import Fragment
from ..ir.routine import (
    Assign,
    Block,
    Body,
    Call,
    Case,
    Dynamic,
    ForQuery,
    ForRange,
    If,
    Leave,
    Loop,
    Print,
    Raise,
    Return,
    ReturnQuery,
    SelectInto,
    Sql,
    Step,
    Taken,
    Temporary,
)
from ..source import Span

_ASKED: Final = re.compile(r"(?i)\bSQL\s*%\s*(?:ROWCOUNT|FOUND|NOTFOUND)\b|@@ROWCOUNT\b")


def counted(block: Block) -> frozenset[Span]:
    """The places of the statements whose count is asked for."""
    finder = _Finder()
    finder.body((block,), False)
    return frozenset(finder.found)


def asked_first(block: Block) -> bool:
    """Whether the count is asked for before a statement of the block has given one."""
    return _Finder().body((block,), False)


class _Finder:
    def __init__(self) -> None:
        self.found: set[Span] = set()
        self.always = False  # a handler around asks

    def body(self, body: Body, live: bool) -> bool:
        """Whether the count is asked for in front of ``body``, where it is (``live``) behind it."""
        for step in reversed(body):
            live = self.step(step, live)
        return live

    def step(self, step: Step, live: bool) -> bool:
        match step:
            case Sql() | SelectInto() | Dynamic() | ReturnQuery() | Temporary() | Taken():
                if live or self.always:
                    self.found.add(step.at)
                return any(_asks(f) for f in _own(step))
            case Block():
                before = self.always
                self.always = before or any(_mentions(h.body) for h in step.handlers)
                outside = live
                for handler in step.handlers:
                    outside |= self.body(handler.body, live)
                inside = self.body(step.body, live)
                self.always = before
                return inside or (outside and bool(step.handlers))
            case If() | Case():
                ends = [self.body(body, live) for _, body in step.branches]
                ends.append(self.body(step.otherwise, live) if step.otherwise is not None else live)
                return any(ends) or any(_asks(c) for c, _ in step.branches)
            case Loop() | ForRange() | ForQuery():
                again = self.body(step.body, live)
                if again and not live:  # the next round asks too
                    self.body(step.body, True)
                return live or again or any(_asks(f) for f in _own(step))
            case _:
                return live or any(_asks(f) for f in _own(step))


def _asks(fragment: Fragment) -> bool:
    return _ASKED.search(fragment.text) is not None


def _own(step: Step) -> list[Fragment]:
    """The expressions of a statement itself."""
    match step:
        case Assign():
            return [step.target, step.value]
        case Leave():
            return [step.when] if step.when is not None else []
        case Return():
            return [step.value] if step.value is not None else []
        case Call():
            return [step.text]
        case Sql():
            return [step.statement, *step.returning]
        case SelectInto() | ReturnQuery():
            return [step.query]
        case Dynamic():
            return [step.text, *step.using]
        case Loop():
            return [step.condition] if step.condition is not None else []
        case ForRange():
            return [step.low, step.high]
        case Print():
            return [step.text]
        case Raise():
            return [step.message] if step.message is not None else []
        case _:
            return []


def _mentions(body: Body) -> bool:
    """Whether a handler asks before anything else has run."""
    return _Finder().body(body, False)
