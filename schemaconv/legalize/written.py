"""Views that are written to: whether the target's view takes rows, and refuses those that it would not show."""

from __future__ import annotations

from dataclasses import replace

from ..ir.catalog import Data, Grant, Routine, View
from ..sql.relations import JOINS
from .context import Context

_WRITING = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE"})
#: What a target's views let through although their query is no plain one.
_PASSED = {"table": frozenset[str](), "join": frozenset({JOINS})}


def settled(view: View, obstacles: tuple[str, ...], ctx: Context) -> View:
    """``view`` without a check option that the target's view cannot have. What the script writes through a view that
    takes no rows on the target is said."""
    if view.materialized:
        return view
    why = _why(obstacles, ctx)
    if not why:
        return view
    ctx.run.locked[ctx.subject] = why
    if view.check_option:
        if ctx.legal("view_check_option"):
            ctx.say("SC4361", view.at, why=why)
        view = replace(view, check_option=False)
    if (by := _written(ctx)) and not view.read_only:
        ctx.say("SC4362", view.at, why=why, by=by)
    return view


def _why(obstacles: tuple[str, ...], ctx: Context) -> str:
    """Why the target's view takes no rows; empty where it takes them."""
    passed = _PASSED.get(str(ctx.trait("written_views")))
    if passed is None:
        return "no view there takes rows"
    left = next((o for o in obstacles if o not in passed), "")
    if left:
        return left
    run = ctx.run
    for name in dict.fromkeys(run.lookup.asked):
        for subject in run.relations().get(name.name.text, ()):
            found = run.catalog.objects[subject].name
            if subject in run.locked and (found.schema == name.schema or None in (found.schema, name.schema)):
                return f"it reads {name}, which takes none"
    return ""


def _written(ctx: Context) -> str:
    """What of the script writes through the view, in words; empty where nothing does."""
    run = ctx.run
    own = run.catalog.objects[ctx.subject].name
    if run.writers is None:
        run.writers = {}
        for found in run.catalog.objects:
            match found:
                case Routine(what="trigger", table=name) if name is not None:
                    word = f"the trigger {found.name} stands for it"
                case Grant(on=name, revoke=False) if name is not None:
                    rights = [p for p, _ in found.privileges if p.upper() in _WRITING]
                    if not rights:
                        continue
                    word = f"{', '.join(rights)} is granted on it"
                case Data(name=name, verb=verb) if verb in _WRITING:
                    word = f"the script has {verb} on it"
                case _:
                    continue
            run.writers.setdefault(name.name.text, []).append((name, word))
    for name, word in run.writers.get(own.name.text, ()):
        if name.schema == own.schema or None in (name.schema, own.schema):
            return word
    return ""
