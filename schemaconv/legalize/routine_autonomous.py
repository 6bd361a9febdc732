"""Routines with a transaction of their own (PRAGMA AUTONOMOUS_TRANSACTION), which the target has none of.

They run in the transaction of whoever calls them. That is nearly the same where a program calls them as its whole
transaction; it is the opposite of what they are for where they keep a log of what is undone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..ir.catalog import Routine
from ..ir.fragment import Fragment
from ..ir.routine import (
    Block,
    Body,
    Call,
    Dynamic,
    OtherDeclaration,
    Program,
    Sql,
    Step,
    Transaction,
)  # fmt: skip
from .routine_undo import left_out, undone, without_rollbacks
from .routine_walk import every, mapped

if TYPE_CHECKING:
    from .routines import Coder


def settled(program: Program, found: Routine, coder: Coder) -> tuple[Program, bool]:
    """``program`` without its pragma and its COMMITs, and whether it had the pragma."""
    pragma = pragma_of(program)
    if pragma is None:
        return program, False
    if coder.ctx.options.autonomous == "manual" or (coder.ctx.options.autonomous == "judge" and only_logs(program)):
        coder.refuse("SC5100", pragma.at)
    else:
        coder.ctx.say("SC5101", pragma.at)
    declarations = tuple(d for d in program.body.declarations if not _is_pragma(d))
    body = undone(without_rollbacks(replace(program.body, declarations=declarations)))

    def changed(step: Step) -> Body:
        return left_out(step) if isinstance(step, Transaction) and step.verb == "COMMIT" else (step,)

    (done,) = mapped((body,), changed)
    assert isinstance(done, Block)
    return replace(program, body=done), True


def pragma_of(program: Program) -> Fragment | None:
    """The pragma that gives a routine a transaction of its own."""
    return next((d.text for d in program.body.declarations if isinstance(d, OtherDeclaration) and _is_pragma(d)), None)


def _is_pragma(found: object) -> bool:
    return isinstance(found, OtherDeclaration) and found.construct == "pragma" and \
        "AUTONOMOUS_TRANSACTION" in found.text.text.upper()  # fmt: skip


def only_logs(program: Program) -> bool:
    """Whether a routine only adds rows and gives nothing back, as one does that keeps a log."""
    if program.returns is not None or program.firing is not None or any(p.mode != "in" for p in program.parameters):
        return False
    steps = list(every((program.body,)))
    changes = [s for s in steps if isinstance(s, Sql)]
    others = any(
        isinstance(s, Dynamic) or (isinstance(s, Call) and s.name[0].text != "DBMS_OUTPUT") for s in steps
    )
    return bool(changes) and not others and all(s.statement.text.lstrip()[:6].upper() == "INSERT" for s in changes)
