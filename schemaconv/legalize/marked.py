"""Routines of a language that marks its variables: what they answer, and how many of the target one becomes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..diagnostics import Log
from ..ir.catalog import Item, Routine
from .reach import named

if TYPE_CHECKING:
    from .context import Context
    from .tsql import Batch


def marked(found: Routine, ctx: Context) -> Routine:
    """A routine whose language marks its variables; a trigger of several events may become one for each."""
    from . import tsql_triggers

    parts = tsql_triggers.split(found)
    made = attempts(found, parts, ctx)
    if made is None:
        return found
    ctx.run.answers[ctx.subject] = made[1]
    ctx.extra += [Item(ctx.subject, part) for part in parts[1:]]  # they go through the same mill
    return made[0][0]


def attempts(found: Routine, parts: Sequence[Routine], ctx: Context) -> tuple[list[Routine], object] | None:
    """The routine's parts, and what it answers: as a function of one result, else as a procedure with cursors."""
    from . import tsql_answers

    run = ctx.run
    log = run.log
    first: Log | None = None
    stub = ""
    wanted = (True,) if ctx.options.results == "cursors" else (False, True)
    for by_cursors in wanted:
        run.log = Log()
        made: list[Routine] = []
        for part in parts:
            coder, done = _batch(part, ctx, by_cursors)
            made.append(done)
            if coder.stub:
                break
        said, run.log = run.log, log
        if not coder.stub:
            _say(said, log)
            program = made[0].program
            assert program is not None
            return made, tsql_answers.Answer(program.rows, coder.cursors_given)
        if first is None:
            first, stub = said, coder.stub
        if coder.reasons.isdisjoint(tsql_answers.SHAPES) or found.what != "procedure":
            break
    assert first is not None
    _say(first, log)
    ctx.stub = stub
    return None


def _batch(part: Routine, ctx: Context, by_cursors: bool) -> tuple[Batch, Routine]:
    from . import tsql

    coder = tsql.Batch(part, ctx)
    coder.by_cursors = by_cursors
    assert part.program is not None
    try:
        return coder, named(part, ctx, coder.program(part.program))
    finally:
        ctx.run.translator.frame = None
        ctx.run.lookup.local = {}


def _say(said: Log, log: Log) -> None:
    for found in said.entries:
        log.add(found)
