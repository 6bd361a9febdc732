"""Savepoints, and ROLLBACK of a routine's own transaction, as subtransactions of the target.

A block with handlers is undone when an error leaves it, and its variables keep their values. So what a ROLLBACK undoes
stands in such a block, and the ROLLBACK raises an error that the block's handler takes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..ir.names import Name
from ..ir.routine import (
    Block,
    Body,
    Case,
    Condition,
    ForQuery,
    ForRange,
    Handler,
    If,
    Loop,
    Nothing,
    Opaque,
    Raise,
    Return,
    Step,
    Transaction,
)  # fmt: skip
from .routine_walk import bodies, every, mapped

_SAVEPOINT: Final = re.compile(r"(?i)\s*SAVEPOINT\s+(\S+)\s*;?\s*")
_BACK_TO: Final = re.compile(r"(?i)\s*ROLLBACK\s+(?:WORK\s+)?TO\s+(?:SAVEPOINT\s+)?(\S+?)\s*;?\s*")
_SIGNAL: Final = Name("CHANGES_UNDONE", True)


def left_out(step: Step) -> Body:
    """What is left of a statement that goes: its comments."""
    return (Nothing(step.at, step.notes),) if step.notes.before else ()


def without_rollbacks(block: Block) -> Block:
    """Without the ROLLBACK that comes first in a handler of the whole body: the target has undone the block by then.
    Where a COMMIT stands in the body other than at its end, more than the source's is undone, and it stays."""
    if not block.handlers or any(isinstance(s, Transaction) for s in _before_end(block.body)):
        return block
    return replace(block, handlers=tuple(_first_dropped(h) for h in block.handlers))


def _first_dropped(handler: Handler) -> Handler:
    body = handler.body
    if not body or not _is_rollback(body[0]):
        return handler
    return replace(handler, body=(*left_out(body[0]), *body[1:]) or (Nothing(handler.at),), undone=True)


def _before_end(body: Body) -> list[Step]:
    """The statements behind which others follow that may fail."""
    rest = list(body)
    while rest and isinstance(rest[-1], (Nothing, Return)):
        rest.pop()
    found: list[Step] = []
    if rest:
        last = rest.pop()
        if isinstance(last, (If, Case)):
            for inner in bodies(last):
                found += _before_end(inner)
        elif not isinstance(last, Transaction):
            found += every((last,))
    return found + list(every(tuple(rest)))


# -- a transaction of its own ------------------------------------------------------------------------------------------


def undone(block: Block) -> Block:
    """The body of a routine that has a transaction of its own, with its ROLLBACK raised, if it has one."""
    places = [i for i, s in enumerate(block.body) if _ends_by(s, _is_rollback)]
    if len(places) != 1 or any(_holds(s, _is_rollback) for i, s in enumerate(block.body) if i != places[0]):
        return block
    end = places[0] + 1
    start = max((i + 1 for i, s in enumerate(block.body[:end]) if _is_commit(s)), default=0)
    if any(_holds(s, _is_commit) and not _is_commit(s) for s in block.body[: end - 1]):
        return block  # what is undone begins somewhere inside
    made = _raised(block.body[start:end], _is_rollback)
    return replace(block, body=(*block.body[:start], made, *block.body[end:]))


def _is_commit(step: Step) -> bool:
    return isinstance(step, Transaction) and step.verb == "COMMIT"


def _is_rollback(step: Step) -> bool:
    return isinstance(step, Transaction) and step.verb == "ROLLBACK"


def _raised(body: Body, back: object) -> Block:
    """``body`` as a block that an error undoes, which stands where ``back`` did."""
    assert callable(back)

    def changed(step: Step) -> Body:
        return (Raise(step.at, step.notes, _SIGNAL),) if back(step) else (step,)

    at = body[0].at
    handler = Handler((_SIGNAL,), (Nothing(at),), at, undone=True)
    return Block(at, declarations=(Condition(_SIGNAL, at=at),), body=mapped(body, changed), handlers=(handler,))


def _holds(step: Step, back: object) -> bool:
    assert callable(back)
    return any(back(s) for s in every((step,)))


def _ends_by(step: Step, back: object) -> bool:
    """Whether ``step`` is what ``back`` knows, or branches of which some end with it, and which hold no other."""
    assert callable(back)
    if back(step):
        return True
    if not isinstance(step, (If, Case)) or not _holds(step, back):
        return False
    return all(
        not any(_holds(s, back) for s in inner[:-1]) and (not inner or not _holds(inner[-1], back) or
                                                          _ends_by(inner[-1], back))
        for inner in bodies(step)
    )  # fmt: skip


# -- savepoints --------------------------------------------------------------------------------------------------------


def savepoints(block: Block) -> Block:
    """With savepoints as blocks, where what is undone begins and ends in one list of statements."""
    if not any(isinstance(s, Opaque) and s.construct == "routine_savepoint" for s in every((block,))):
        return block

    def changed(step: Step) -> Body:
        match step:
            case Block():
                return (_of_handlers(replace(step, body=_listed(step.body))),)
            case If() | Case():
                branches = tuple((value, _listed(body)) for value, body in step.branches)
                otherwise = _listed(step.otherwise) if step.otherwise is not None else None
                return (replace(step, branches=branches, otherwise=otherwise),)
            case Loop() | ForRange() | ForQuery():
                return (replace(step, body=_listed(step.body)),)
            case _:
                return (step,)

    (done,) = mapped((block,), changed)
    assert isinstance(done, Block)
    return done


def _name(step: Step | None, pattern: re.Pattern[str]) -> str:
    """The savepoint that a statement speaks of; empty for any other statement."""
    if not isinstance(step, Opaque) or step.construct != "routine_savepoint":
        return ""
    m = pattern.fullmatch(step.text.text)
    return m[1].upper() if m is not None else ""


def _of_handlers(block: Block) -> Block:
    """A savepoint at the start of a block to which its handlers go back first: that is what the target does."""
    name = _name(block.body[0] if block.body else None, _SAVEPOINT)
    if not name or not block.handlers or any(_used(s, name) for s in block.body[1:]):
        return block
    handlers = _back(block.handlers, name)
    return block if handlers is None else replace(block, body=(*left_out(block.body[0]), *block.body[1:]),
                                                  handlers=handlers)  # fmt: skip


def _back(handlers: tuple[Handler, ...], name: str) -> tuple[Handler, ...] | None:
    """The handlers without their ROLLBACK TO; ``None`` where one does not begin with it."""
    made = []
    for handler in handlers:
        first = handler.body[0] if handler.body else None
        if first is None or _name(first, _BACK_TO) != name or any(_used(s, name) for s in handler.body[1:]):
            return None
        kept = (*left_out(first), *handler.body[1:]) or (Nothing(handler.at),)
        made.append(replace(handler, body=kept, undone=True))
    return tuple(made)


def _used(step: Step, name: str) -> bool:
    return any(name in (_name(s, _SAVEPOINT), _name(s, _BACK_TO)) for s in every((step,)))


def _listed(body: Body) -> Body:
    """A list of statements in which a savepoint begins, and what goes back to it ends a part."""
    start = next((i for i, s in enumerate(body) if _name(s, _SAVEPOINT)), None)
    if start is None:
        return body
    name = _name(body[start], _SAVEPOINT)
    rest = body[start + 1 :]
    used = [i for i, s in enumerate(rest) if _used(s, name)]
    if not used:  # nobody goes back to it
        return (*body[:start], *left_out(body[start]), *_listed(rest))
    first = rest[0]
    if used == [0] and isinstance(first, Block) and not any(_used(s, name) for s in first.body):
        handlers = _back(first.handlers, name)
        if handlers is not None:  # SAVEPOINT s; BEGIN ... EXCEPTION WHEN ... THEN ROLLBACK TO s
            return (*body[:start], *left_out(body[start]), replace(first, handlers=handlers), *_listed(rest[1:]))

    def back(step: Step) -> bool:
        return _name(step, _BACK_TO) == name

    if len(used) == 1 and _ends_by(rest[used[0]], back):
        made = _raised(rest[: used[0] + 1], back)
        return (*body[:start], *left_out(body[start]), made, *_listed(rest[used[0] + 1 :]))
    return body
