"""What becomes of a synonym, private or public."""

from __future__ import annotations

from dataclasses import replace

from ..ir.catalog import Object, Synonym, Table, View
from ..ir.fragment import Fragment
from .api import DROPPED, Context, Use


def stand_in(found: Synonym, ctx: Context, use: Use) -> Object | None:
    """A view on the table or view that the synonym means; nothing where it bears its target's own name."""
    if found.target.link:
        return None
    if found.target.name == found.name.name:
        ctx.say("SC6005", use.at, clause=use.text)
        ctx.stub = DROPPED
        return found
    meant = ctx.find(found.target)
    seen = {found.name}
    while isinstance(meant, Synonym) and meant.name not in seen:
        seen.add(meant.name)
        found = replace(found, target=meant.target)
        meant = ctx.find(meant.target)
    if not isinstance(meant, (Table, View)):
        return None
    ctx.say("SC6007", use.at, clause=use.text)
    name = f'"{found.target.name.text}"'
    name = f'"{found.target.schema.text}".{name}' if found.target.schema else name
    return View(
        found.name, found.at, also=found.also, notes=found.notes, query=Fragment(f"SELECT * FROM {name}", found.at)
    )
