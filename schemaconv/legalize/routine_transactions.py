"""Ends of transactions inside routines, where a block with handlers is a subtransaction of the target.

PostgreSQL, "Transaction Management" of PL/pgSQL: COMMIT and ROLLBACK work in procedures, outside of blocks with
handlers (and in a handler itself, whose subtransaction is over). So handlers move: they stand around the statements
between two COMMITs, and leave what stood behind them by a label or by RETURN.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ..ir.catalog import Routine
from ..ir.fragment import Fragment
from ..ir.names import Name
from ..ir.routine import (
    Assign,
    Block,
    Body,
    Call,
    Case,
    Condition,
    CursorVariable,
    Dynamic,
    Fetch,
    ForQuery,
    ForRange,
    Handler,
    If,
    Leave,
    Loop,
    Nothing,
    Open,
    Program,
    Raise,
    Return,
    SelectInto,
    Sql,
    Step,
    Transaction,
    Variable,
)  # fmt: skip
from ..source import Span
from . import routine_autonomous, routine_undo
from .routine_walk import every, mapped

if TYPE_CHECKING:
    from .routines import Coder

_PLAIN: Final = re.compile(r"\s*(?:-?\d+(?:\.\d+)?|'(?:[^']|'')*'|NULL|TRUE|FALSE)\s*", re.I)
_SIMPLE: Final = re.compile(r"(?:'(?:[^']|'')*'|[\w$#.\s<>=!])*")
_OF_ROWS: Final = frozenset({"NO_DATA_FOUND", "TOO_MANY_ROWS"})
_MOST: Final = 12  # statements of handlers that are written more than once


def settled(program: Program, found: Routine, coder: Coder) -> Program:
    """``program`` with its ends of transactions where the target takes them; what is left is refused later."""
    program, alone = routine_autonomous.settled(program, found, coder)
    body = routine_undo.savepoints(program.body)
    if program.returns is not None and not alone:
        body = _without_commits(body, coder)
    elif has_end((body,)) and not alone:
        body = _Moved().block(_without_idle(body), True)
        _cursors(body, coder)
    return program if body is program.body else replace(program, body=body)


def has_end(body: Body) -> bool:
    """Whether a COMMIT or ROLLBACK stands in ``body``."""
    return any(isinstance(s, Transaction) for s in every(body))


def _without_commits(body: Block, coder: Coder) -> Block:
    """A function, which has its caller's transaction. A ROLLBACK that comes first in a handler of the whole body is
    what the target does with that block anyhow."""
    if not has_end((body,)):
        return body
    body = routine_undo.without_rollbacks(body)

    def changed(step: Step) -> Body:
        if isinstance(step, Transaction) and step.verb == "COMMIT":
            coder.ctx.say("SC5102", step.at, clause=step.verb)
            return routine_undo.left_out(step)
        return (step,)

    (done,) = mapped((body,), changed)
    assert isinstance(done, Block)
    return done


def _without_idle(block: Block) -> Block:
    """Without handlers that only raise again what they have caught."""

    def changed(step: Step) -> Body:
        if not isinstance(step, Block) or not step.handlers:
            return (step,)
        handlers = list(step.handlers)
        while handlers and len(handlers[-1].body) == 1 and _again(handlers[-1].body[0]):
            handlers.pop()
        return (replace(step, handlers=tuple(handlers)),)

    (done,) = mapped((block,), changed)
    assert isinstance(done, Block)
    return done


def _again(step: Step) -> bool:
    return isinstance(step, Raise) and step.name is None and step.number is None


class _Moved:
    """Moves handlers of blocks in which a transaction ends."""

    def __init__(self) -> None:
        self.labels = 0

    def block(self, block: Block, outermost: bool = False) -> Block:
        (inner,) = (replace(block, body=self.inside(block.body)),)
        if not inner.handlers or not has_end(inner.body):
            return inner
        label = None
        leave: Step = Return(block.at)
        if not outermost:
            self.labels += 1
            label = block.label or Name(f"unit_{self.labels}".upper(), True)
            leave = Leave(block.at, label=label)
        local = frozenset(d.name.text for d in block.declarations if isinstance(d, Condition))
        handlers = tuple(_leaving(h, leave) for h in inner.handlers)
        made = _Guard(handlers, local).body(inner.body)
        if made is None:
            return block
        return replace(inner, label=label or block.label, body=made, handlers=())

    def inside(self, body: Body) -> Body:
        return tuple(self.step(s) for s in body)

    def step(self, step: Step) -> Step:
        match step:
            case Block():
                return self.block(step)
            case If() | Case():
                branches = tuple((value, self.inside(body)) for value, body in step.branches)
                otherwise = self.inside(step.otherwise) if step.otherwise is not None else None
                return replace(step, branches=branches, otherwise=otherwise)
            case Loop() | ForRange() | ForQuery():
                return replace(step, body=self.inside(step.body))
            case _:
                return step


def _leaving(handler: Handler, leave: Step) -> Handler:
    """A handler that does not go on behind its block."""
    last = handler.body[-1] if handler.body else None
    gone = isinstance(last, (Raise, Return)) or (isinstance(last, Leave) and last.when is None) or (
        isinstance(last, Call) and last.name[-1].text == "RAISE_APPLICATION_ERROR"
    )
    if gone:
        return handler
    kept = tuple(s for s in handler.body if not isinstance(s, Nothing) or s.notes.before)
    return replace(handler, body=(*kept, replace(leave, at=handler.at)))


class _Guard:
    """Puts handlers around the statements between ends of transactions."""

    def __init__(self, handlers: tuple[Handler, ...], local: frozenset[str]) -> None:
        self.handlers = handlers
        self.local = local
        self.names = None if any(not h.conditions for h in handlers) else \
            frozenset(n.text for h in handlers for n in h.conditions)  # fmt: skip
        self.rows = self.names is not None and self.names <= _OF_ROWS | self.local  # what INTO raises, and RAISE
        self.size = sum(len(tuple(every(h.body))) for h in handlers)
        self.copies = 0

    def body(self, body: Body) -> Body | None:
        """The statements, guarded in parts; ``None`` where a part cannot be."""
        made: list[Step] = []
        waiting: list[Step] = []
        for step in body:
            if not has_end((step,)):
                waiting.append(step)
                continue
            made += self.guarded(waiting)
            waiting = []
            done = self.parted(step)
            if done is None:
                return None
            made.append(done)
        made += self.guarded(waiting)
        return tuple(made) if self.copies <= 1 or self.size * self.copies <= _MOST else None

    def guarded(self, steps: list[Step]) -> Iterable[Step]:
        if not any(self.may_raise(s) for s in every(tuple(steps))):
            return steps
        self.copies += 1
        return (Block(steps[0].at, body=tuple(steps), handlers=self.handlers),)

    def parted(self, step: Step) -> Step | None:
        """A statement in which a transaction ends."""
        match step:
            case Transaction():
                return step
            case If() | Case():
                heads = [value for value, _ in step.branches]
                if isinstance(step, Case) and step.operand is not None:
                    heads.append(step.operand)
                bodies = [self.body(body) for _, body in step.branches]
                otherwise = self.body(step.otherwise) if step.otherwise is not None else ()
                if any(self.fragment(h) for h in heads) or otherwise is None or None in bodies:
                    return None
                branches = tuple((v, b) for (v, _), b in zip(step.branches, bodies, strict=True) if b is not None)
                return replace(step, branches=branches, otherwise=otherwise if step.otherwise is not None else None)
            case Loop():
                if step.condition is not None and self.fragment(step.condition):
                    return None
            case ForRange():
                if self.fragment(step.low) or self.fragment(step.high):
                    return None
            case ForQuery():
                if not self.rows:
                    return None
            case Block():
                starts = [d.default for d in step.declarations if isinstance(d, Variable) and d.default is not None]
                if step.handlers or any(self.fragment(d) for d in starts):
                    return None
            case _:
                return None
        inner = self.body(step.body)
        return replace(step, body=inner) if inner is not None else None

    def may_raise(self, step: Step) -> bool:
        """Whether a statement by itself may raise what the handlers take."""
        match step:
            case Nothing() | Transaction():
                return False
            case Raise():
                return self.names is None or step.name is None or step.name.text in self.names
            case Leave():
                return step.when is not None and self.fragment(step.when)
            case Return():
                return step.value is not None and self.fragment(step.value)
            case Assign():
                return self.fragment(step.value) or "(" in step.target.text
            case _ if self.names is not None and self.names <= self.local:
                return False
            case SelectInto():
                return not step.bulk or self.names is None or not self.names <= _OF_ROWS
            case Sql() | ForQuery() | Open() | Fetch() if self.rows:
                return False
            case Dynamic() if self.names is not None and self.names <= _OF_ROWS and not step.into:
                return False
            case If() | Case():
                return any(self.fragment(value) for value, _ in step.branches)
            case Loop():
                return step.condition is not None and self.fragment(step.condition)
            case Block():
                return any(isinstance(d, Variable) and d.default is not None for d in step.declarations)
            case _:
                return True

    def fragment(self, found: Fragment) -> bool:
        """Whether an expression may raise what the handlers take: none may that compares names and constants."""
        if _PLAIN.fullmatch(found.text) or (self.names is not None and self.names <= self.local):
            return False
        return "(" in found.text if self.names is not None and self.names <= _OF_ROWS else \
            _SIMPLE.fullmatch(found.text) is None  # fmt: skip


def _cursors(body: Block, coder: Coder) -> None:
    """Cursors that are read in a loop in which a transaction ends: the target closes them there."""
    queries = {d.name.text: d.query for b in every((body,)) if isinstance(b, Block)
               for d in b.declarations if isinstance(d, CursorVariable)}  # fmt: skip
    for loop in every((body,)):
        match loop:
            case ForQuery() if has_end(loop.body):
                query = loop.query or (queries.get(loop.cursor.text) if loop.cursor is not None else None)
                if query is not None and re.search(r"(?i)\bFOR\s+UPDATE\b", query.text):
                    coder.refuse("SC5103", loop.at, clause=str(loop.cursor or loop.variable))
            case Loop() | ForRange() if has_end(loop.body):
                opened = {s.cursor.text.strip().upper() for s in every(loop.body) if isinstance(s, Open)}
                for at, name in _read(loop.body).items():
                    if name not in opened:
                        coder.refuse("SC5103", at, clause=name)
            case _:
                pass


def _read(body: Body) -> dict[Span, str]:
    return {s.at: s.cursor.text.strip().upper() for s in every(body) if isinstance(s, Fetch)}
