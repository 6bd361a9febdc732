"""Which routines end the transaction of whoever calls them, by themselves or by what they call."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..ir.catalog import Routine
from ..ir.routine import Call, OtherDeclaration, Transaction
from .routine_walk import every

#: The routines that a name means.
Find = Callable[[tuple[str, ...]], Iterable[tuple[int, Routine]]]


def ends_transaction(found: Routine, find: Find) -> bool:
    """Whether a call of ``found`` may COMMIT or ROLLBACK what its caller has done."""
    waiting, seen = [found], {found.name}
    while waiting:
        one = waiting.pop()
        program = one.program
        if program is None or one.what != "procedure" or _alone(one):
            continue
        for step in every((program.body,)):
            if isinstance(step, Transaction):
                return True
            if isinstance(step, Call):
                for _, called in find(tuple(n.text for n in step.name)):
                    if called.name not in seen:
                        seen.add(called.name)
                        waiting.append(called)
    return False


def _alone(found: Routine) -> bool:
    """Whether it has a transaction of its own."""
    assert found.program is not None
    return any(isinstance(d, OtherDeclaration) and "AUTONOMOUS_TRANSACTION" in d.text.text.upper()
               for d in found.program.body.declarations)  # fmt: skip
