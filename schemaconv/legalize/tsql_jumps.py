"""GOTO of Transact-SQL as blocks and loops with labels, and what no path reaches.

Source: Transact-SQL reference, "GOTO", "RETURN"; PostgreSQL, "EXIT" and "CONTINUE" with a label. A label closes a block
that stands around all statements in front of it: a jump forward leaves the block. A jump back begins the loop again
that the label opens.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..ir.names import Name
from ..ir.routine import Block, Body, If, Leave, Loop, Nothing, Opaque, Raise, Return, Step
from .routine_walk import bodies, every, mapped

_JUMP: Final = re.compile(r"(?is)\s*GOTO\s+\[?(?P<name>[\w$@#]+)\]?\s*;?\s*")
_LABEL: Final = re.compile(r"(?is)\s*\[?(?P<name>[\w$@#]+)\]?\s*:\s*")


def jump(step: Step) -> str:
    """The label, in capitals, that a statement jumps to."""
    m = _JUMP.fullmatch(step.text.text) if isinstance(step, Opaque) and step.construct == "goto_statement" else None
    return m["name"].upper() if m is not None else ""


def label(step: Step) -> str:
    """The label, in capitals, that stands there."""
    m = _LABEL.fullmatch(step.text.text) if isinstance(step, Opaque) and step.construct == "goto_statement" else None
    return m["name"].upper() if m is not None else ""


def structured(body: Body) -> Body:
    """``body`` without GOTO, where its labels stand on the level of the body; else the jumps stay, and are refused."""
    made = _reached(body)
    for _ in range(100):  # each round settles the first label
        at = next((i for i, s in enumerate(made) if label(s)), None)
        if at is None:
            return made
        made = _settled(made, at)
    return made


def _settled(body: Body, at: int) -> Body:
    name = label(body[at])
    own = Name(name, True, _spelled(body[at]))
    before, behind = body[:at], body[at + 1 :]
    above = (Nothing(body[at].at, replace(body[at].notes, after="")),) if body[at].notes.before else ()
    last = max((i for i, s in enumerate(behind) if _jumps(s, name)), default=-1)
    if last >= 0:
        again = mapped(behind[: last + 1], lambda s: (Leave(s.at, s.notes, True, own),) if jump(s) == name else (s,))
        around = Name(f"{name}_AGAIN") if any(_jumps(s, name) for s in before) else own
        if around is not own:
            return body  # jumps from both sides
        behind = (Loop(body[at].at, label=own, body=(*again, Leave(body[at].at, label=own))), *behind[last + 1 :])
    if any(_jumps(s, name) for s in before):
        inner = mapped(before, lambda s: (Leave(s.at, s.notes, False, own),) if jump(s) == name else (s,))
        if isinstance(inner[-1], Leave) and inner[-1].label == own:
            inner = inner[:-1]
        before = (Block(body[0].at, label=own, body=inner),) if inner else ()
    return _reached((*before, *above, *behind))


def _jumps(step: Step, name: str) -> bool:
    return any(jump(s) == name for s in every((step,)))


def _spelled(step: Step) -> str:
    m = _LABEL.fullmatch(step.text.text) if isinstance(step, Opaque) else None
    return m["name"] if m is not None and m["name"] != m["name"].upper() else ""


def _reached(body: Body) -> Body:
    """``body`` without statements behind RETURN that no label precedes."""
    made: list[Step] = []
    asked = {jump(s) for s in every(body)} - {""}
    dead = False
    for step in body:
        if label(step) and label(step) in asked:
            dead = False
        if dead or (label(step) and label(step) not in asked):
            continue
        made.append(step)
        dead = _ends((step,)) or bool(jump(step))
    return tuple(made)


def _ends(body: Body) -> bool:
    """Whether nothing behind the statements is reached."""
    match body[-1] if body else None:
        case Return():
            return True
        case Raise() as step:
            return step.name is None or step.name.text != "RAISERROR"
        case If() as step:
            return step.otherwise is not None and all(_ends(b) for b in bodies(step))
        case _:
            return False
