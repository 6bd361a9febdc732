"""Stored code for SQL/PSM as MySQL has it: https://dev.mysql.com/doc/refman/8.0/en/stored-programs-defining.html"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..ir.catalog import Object, Routine
from ..ir.names import Name
from ..ir.routine import Program
from . import psm_tsql
from .psm_bodies import without_return
from .psm_coder import PsmCoder
from .psm_packages import started, with_parts
from .psm_shape import Shaper
from .psm_trigger import events
from .routine_scope import is_marked

if TYPE_CHECKING:
    from .context import Context

def finish(found: Routine, ctx: Context) -> Object:
    """A routine with target text in every fragment; ``ctx.stub`` where that cannot be."""
    assert found.program is not None
    if is_marked(ctx):
        return psm_tsql.finish(found, ctx)
    own = with_parts(ctx.run.packages.with_defaults(found, found.program), found, ctx)
    made = [_one(found, program, ctx) for program in events(found, without_return(own), ctx)]
    if ctx.stub:
        return found
    table = ctx.run.names.relation(found.table) if found.table is not None else None
    name = ctx.run.packages.name_of(found)
    first = made[0]
    if found.package is not None:
        found = replace(found, notes=ctx.run.packages.notes_of(found))
    if found.what == "trigger":
        ctx.run.once.add(("routine", "trigger"))
        live = [p for p in made if p.body.body or p.body.handlers] or made[:1]
        each = tuple((_name_of(name.name, p, len(live)), p) for p in live)
        first = replace(first, each=each)
    return replace(found, name=name, table=table, program=first)


def _name_of(name: Name, program: Program, count: int) -> Name:
    """A trigger for each event, named after it where there are several."""
    assert program.firing is not None
    return name if count == 1 else Name(f"{name.text[:57]}_{program.firing.events[0]}")


def _one(found: Routine, program: Program, ctx: Context) -> Program:
    shaper = Shaper(found, program, ctx)
    shaped = shaper.program(program)
    coder = PsmCoder(found, ctx)
    coder.stub = shaper.stub
    coder.unshaped, coder.summed = program.body, frozenset(shaper.summed)
    coder.left_over(found)
    ctx.run.packages.used.clear()
    try:
        done = started(coder.program(shaped), found, ctx)
    finally:
        ctx.run.translator.frame = None
    ctx.stub = ctx.stub or coder.stub
    return done


