"""Routines in a circle are translated before it is known whether all of them come through: callers of one that does not
are taken back."""

from __future__ import annotations

from collections.abc import Callable

from ..ir.catalog import Item, Object, Routine
from .context import Context, Run

Stub = Callable[[Object, Context, str], Item]


def settle(done: dict[int, tuple[Item, ...]], run: Run, stub: Stub) -> None:
    """Make stubs of what calls a routine that is not printed, until nothing does."""
    again = bool(run.called)
    while again:
        again = False
        for subject, called in run.called.items():
            missing = min((s for s in called if s in run.absent and s != subject), default=None)
            if missing is None or subject < 0 or subject in run.absent:
                continue
            found, needed = run.catalog.objects[subject], run.catalog.objects[missing]
            ctx = Context(run, subject, found.at, str(found.name))
            inside = isinstance(found, Routine) and found.program is not None
            ctx.say("SC5031" if inside else "SC3142", None, clause=str(needed.name), needed=str(needed.name))
            if inside:
                done[subject] = (stub(found, ctx, "SC5031"),)
            else:
                done[subject] = (stub(found, ctx, "SC3142"),)
            run.absent.add(subject)
            again = True
