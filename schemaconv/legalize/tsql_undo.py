"""ROLLBACK of Transact-SQL on a path without an error, as an error that the block of the transaction takes.

Source: Transact-SQL reference, "ROLLBACK TRANSACTION"; PostgreSQL, "Trapping Errors": a block with EXCEPTION undoes
what its statements have changed, and its variables keep their values.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ..ir.fragment import Fragment
from ..ir.names import Name
from ..ir.routine import (
    Assign,
    Block,
    Body,
    Handler,
    If,
    Leave,
    Loop,
    Nothing,
    Print,
    Raise,
    Return,
    Step,
    Transaction,
)  # fmt: skip
from .routine_walk import every, mapped

#: The error that stands for a ROLLBACK; nobody else raises it.
UNDONE: Final = "SQLSTATE 'UER00'"
#: The variable that tells which of several it was.
WHICH: Final = "@sql_undone"


class Undo:
    """Finds the transactions of a body that a ROLLBACK ends; ``several``: one of them has more than one."""

    def __init__(self) -> None:
        self.several = False

    def body(self, body: Body) -> Body:
        made: list[Step] = []
        rest = list(body)
        while rest:
            step = rest.pop(0)
            if isinstance(step, Transaction) and (step.verb == "BEGIN" or step.verb.startswith("SAVE ")):
                end = self.end(rest, step.verb.removeprefix("SAVE ") if step.verb != "BEGIN" else "")
                region = self.region(step, tuple(rest[: end + 1])) if end >= 0 else None
                if region is not None:
                    made += region
                    del rest[: end + 1]
                    continue
            made.append(self.inside(step))
        return tuple(made)

    def inside(self, step: Step) -> Step:
        match step:
            case If():
                branches = tuple((c, self.body(b)) for c, b in step.branches)
                otherwise = self.body(step.otherwise) if step.otherwise is not None else None
                return replace(step, branches=branches, otherwise=otherwise)
            case Loop():
                return replace(step, body=self.body(step.body))
            case Block():
                return replace(step, body=self.body(step.body))
            case _:
                return step

    def end(self, rest: list[Step], savepoint: str) -> int:
        """The place of the last statement of the transaction that the body begins."""
        wanted = {"COMMIT", "ROLLBACK"} if not savepoint else {f"ROLLBACK TO {savepoint}"}
        ends = [i for i, s in enumerate(rest)
                if any(isinstance(k, Transaction) and k.verb in wanted for k in _without_handlers(s))]  # fmt: skip
        return max(ends, default=-1)

    def region(self, first: Transaction, body: Body) -> list[Step] | None:
        """The statements of one transaction as a block, if a ROLLBACK without an error is among them."""
        verb = "ROLLBACK" if first.verb == "BEGIN" else "ROLLBACK TO " + first.verb.removeprefix("SAVE ")
        behind: list[Body] = []
        fits = True

        def turned(steps: Body, last: bool) -> Body:
            nonlocal fits
            made: list[Step] = []
            raising = any(isinstance(s, Raise) for s in steps)
            for i, step in enumerate(steps):
                own = last and i == len(steps) - 1
                match step:
                    case Transaction() if step.verb == verb and not raising:
                        rest = steps[i + 1 :]
                        fits = fits and (last or (bool(rest) and isinstance(rest[-1], (Return, Leave))))
                        fits = fits and not any(isinstance(s, Transaction) for s in every(rest))
                        behind.append(rest)
                        made += _raised(step, len(behind))
                        return tuple(made)
                    case If():
                        branches = tuple((c, turned(b, own)) for c, b in step.branches)
                        otherwise = turned(step.otherwise, own) if step.otherwise is not None else None
                        made.append(replace(step, branches=branches, otherwise=otherwise))
                    case Loop():
                        made.append(replace(step, body=turned(step.body, False)))
                    case Block() if step.handlers:
                        inner = any(isinstance(s, Transaction) and s.verb == verb for s in _without_handlers(step))
                        fits = fits and not inner
                        made.append(step)
                    case Block():
                        made.append(replace(step, body=turned(step.body, own)))
                    case _:
                        made.append(step)
            return tuple(made)

        inner = turned(self.body(body), True)
        if not behind or not fits:
            return None
        one = len(behind) == 1
        if one:
            inner = _plain(inner)
        elif any(behind):
            self.several = True
        else:
            inner = _plain(inner)
        handler: Body = behind[0]
        if not one and any(behind):
            asked = [(Fragment(f"{WHICH} = {i + 1}", first.at), b) for i, b in enumerate(behind) if b]
            handler = (If(first.at, branches=tuple((c, b) for c, b in asked)),)
        at = first.at
        caught = Handler((Name(UNDONE),), (*handler, Transaction(at, verb="ROLLBACK")), at)
        return [replace(first, verb="BEGIN"), Block(at, body=inner, handlers=(caught,))]


def _raised(step: Transaction, number: int) -> list[Step]:
    at = step.at
    which = Assign(at, step.notes, Fragment(WHICH, at), Fragment(str(number), at))
    text = Fragment("", at, "'ROLLBACK'")
    return [which, Raise(at, number=Fragment("", at, UNDONE.removeprefix("SQLSTATE ")), message=text)]


def _plain(body: Body) -> Body:
    """``body`` without the variable that tells the places apart."""

    def kept(step: Step) -> Body:
        if isinstance(step, Assign) and step.target.text == WHICH:
            return (Nothing(step.at, step.notes),) if step.notes.before else ()
        return (step,)

    return mapped(body, kept)


def of_trigger(body: Body) -> Body:
    """``body`` of a trigger with an error for ROLLBACK, which ends the batch there."""
    made: list[Step] = []
    raising = any(isinstance(s, Raise) for s in body)
    for i, step in enumerate(body):
        match step:
            case Transaction() if step.verb == "ROLLBACK" and not raising:
                rest = [s for s in body[i + 1 :] if not isinstance(s, Return)]
                if any(not isinstance(s, (Print, Nothing)) for s in rest):
                    made.append(step)
                    continue
                text = Fragment("", step.at, "'The transaction ended in the trigger. The batch has been aborted.'")
                error = Raise(step.at, step.notes, number=Fragment("", step.at, "'UE000'"), message=text)
                return (*made, *rest, error)
            case If():
                branches = tuple((c, of_trigger(b)) for c, b in step.branches)
                otherwise = of_trigger(step.otherwise) if step.otherwise is not None else None
                made.append(replace(step, branches=branches, otherwise=otherwise))
            case Block() if not step.handlers:
                made.append(replace(step, body=of_trigger(step.body)))
            case _:
                made.append(step)
    return tuple(made)


def _without_handlers(step: Step) -> list[Step]:
    """A statement with all inside of it, but for what handles errors."""
    found = [step]
    match step:
        case If():
            for _, inner in step.branches:
                found += [k for s in inner for k in _without_handlers(s)]
            found += [k for s in step.otherwise or () for k in _without_handlers(s)]
        case Loop() | Block():
            found += [k for s in step.body for k in _without_handlers(s)]
        case _:
            pass
    return found
