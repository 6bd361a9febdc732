"""Where a block of a script runs: with the data, or behind the views and routines that it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..ir.catalog import Routine, View

if TYPE_CHECKING:
    from .context import Context, Run


def late(found: Routine, ctx: Context) -> bool:
    """Whether a block needs views or routines, so that it runs behind them.

    It is refused where statements of the script stand behind it, which would then run before, and where a routine runs
    statements made at run time: one that drops what the script makes afterwards would drop what the output has made.
    """
    run = ctx.run
    needed = _needed(run, found)
    if not needed:
        return False
    if run.last_data > ctx.subject:
        ctx.say("SC5056", found.at)
        ctx.stub = "SC5056"
    elif any(_reaches_texts(run, s) for s in needed):
        ctx.say("SC5057", found.at)
        ctx.stub = "SC5057"
    return True


def _needed(run: Run, found: Routine) -> list[int]:
    """The views and routines that a text names."""
    words = run.words(found.text.text)
    subjects = [s for word in words for s in run.relations().get(word, ())]
    if not run.packages.words.isdisjoint(words):
        subjects += [s for word in words for s in run.packages.named(word)]
    if found.package is not None:
        subjects += run.packages.named(found.package.name.text)
    return [s for s in subjects if isinstance(run.catalog.objects[s], (View, Routine))]


def _reaches_texts(run: Run, subject: int) -> bool:
    """Whether a routine, or one that it calls, runs statements made at run time."""
    if subject not in run.reaches:
        run.reaches[subject] = _walks(run, subject)
    return run.reaches[subject]


def _walks(run: Run, subject: int) -> bool:
    seen, waiting = {subject}, [subject]
    while waiting:
        one = run.catalog.objects[waiting.pop()]
        if not isinstance(one, Routine):
            continue
        words = run.words(one.text.text)
        if "IMMEDIATE" in words or "EXEC_DDL_STATEMENT" in words or "DBMS_SQL" in words:
            return True
        for s in _needed(run, one):
            if s not in seen:
                seen.add(s)
                waiting.append(s)
    return False
