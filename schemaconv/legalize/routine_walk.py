"""Walks over the statements of a routine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from ..ir.routine import (
    Block,
    Body,
    Call,
    Case,
    Dynamic,
    ForQuery,
    ForRange,
    Handler,
    If,
    Leave,
    Loop,
    Nothing,
    Raise,
    Return,
    Sql,
    Step,
    Transaction,
)  # fmt: skip


def bodies(step: Step) -> tuple[Body, ...]:
    """The lists of statements inside ``step``."""
    match step:
        case Block():
            return (step.body, *(h.body for h in step.handlers))
        case If() | Case():
            otherwise = (step.otherwise,) if step.otherwise is not None else ()
            return (*(body for _, body in step.branches), *otherwise)
        case ForRange():
            return (step.body, step.caught) if step.caught else (step.body,)
        case Loop() | ForQuery():
            return (step.body,)
        case _:
            return ()


def every(body: Body) -> Iterator[Step]:
    """All statements, outer ones first."""
    waiting = list(reversed(body))
    while waiting:
        step = waiting.pop()
        yield step
        for inner in reversed(bodies(step)):
            waiting += reversed(inner)


def mapped(body: Body, change: Callable[[Step], Body]) -> Body:
    """``body`` with what ``change`` makes of each statement, whose inner statements are changed already."""
    return tuple(made for step in body for made in change(_inside(step, change)))


def _inside(step: Step, change: Callable[[Step], Body]) -> Step:
    match step:
        case Block():
            handlers = tuple(replace(h, body=mapped(h.body, change)) for h in step.handlers)
            return replace(step, body=mapped(step.body, change), handlers=handlers)
        case If() | Case():
            branches = tuple((value, mapped(body, change)) for value, body in step.branches)
            otherwise = mapped(step.otherwise, change) if step.otherwise is not None else None
            return replace(step, branches=branches, otherwise=otherwise)
        case ForRange() if step.caught:
            return replace(step, body=mapped(step.body, change), caught=mapped(step.caught, change))
        case Loop() | ForRange() | ForQuery():
            return replace(step, body=mapped(step.body, change))
        case _:
            return step


def raises(body: Body) -> bool:
    """Whether a handler ends with an error, so that nothing of its block remains in the source either."""
    last = body[-1] if body else None
    return isinstance(last, Raise) or (
        isinstance(last, Call) and last.name[-1].text in ("RAISE_APPLICATION_ERROR", "ROLLBACK")
    ) or (isinstance(last, Transaction) and last.verb == "ROLLBACK")


def undoes(body: Body) -> bool:
    """Whether more is undone where an error ends ``body`` as a whole than the statement that fails: that cannot be told
    apart where one statement changes data, and nothing may fail behind it."""
    changes = [s for s in every(body) if isinstance(s, (Sql, Call, Dynamic))]
    rest = list(body)
    while rest and isinstance(rest[-1], (Nothing, Return, Leave, Transaction)) and not _computes(rest[-1]):
        rest.pop()
    return bool(changes) and (len(changes) > 1 or isinstance(changes[0], Call) or rest[-1] is not changes[0])


def _computes(step: Step) -> bool:
    return isinstance(step, Return) and step.value is not None and not re.fullmatch(r"[\w\s.']*", step.value.text)


def catches_missing(found: Handler) -> bool:
    """Whether a handler takes what a missing element of a collection raises."""
    names = {n.text for n in found.conditions}
    return not names or not names.isdisjoint({"NO_DATA_FOUND", "SUBSCRIPT_BEYOND_COUNT", "SUBSCRIPT_OUTSIDE_LIMIT"})
