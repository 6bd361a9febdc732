"""What stored code reads and writes that is not in the output.

A server looks up the tables of stored code when a statement runs for the first time, so that it takes a routine whose
tables are missing (PostgreSQL documentation, "PL/pgSQL under the Hood"; MySQL Reference Manual, "CREATE PROCEDURE").
"""

from __future__ import annotations

import re
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from .. import rulefiles
from ..ir.catalog import Routine
from ..ir.names import QName
from ..ir.routine import Program
from .gaps import GAP
from .routine_scope import is_marked

if TYPE_CHECKING:
    from .context import Context

#: Names outside of texts and comments; not attributes of cursors, parameters or rows of triggers.
_NAMED: Final = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/|(?<![%:@\w$#])(\w+)", re.S)


def in_dictionary(name: QName, ctx: Context) -> bool:
    """Whether ``name`` is a relation of the source's own dictionary: no target has it under that name."""
    full = str(name).upper()
    return any(fnmatchcase(full, p) for p in rulefiles.load("dictionary.toml").get(ctx.run.catalog.engine, ()))


def name_strangers(ctx: Context) -> None:
    """Say which relations the routine at hand asked for that nobody makes; one of the dictionary holds it back."""
    strangers = [n for n in ctx.relations_missing() if not _own(n)]
    asked = [n for n in strangers if in_dictionary(n, ctx)]
    for name in asked:
        ctx.say("SC5220", None, needed=str(name))
        ctx.held = "SC5220"
    rest = [str(n) for n in strangers if n not in asked]
    if rest:
        ctx.say("SC5221", None, needed=", ".join(rest))


def _own(name: QName) -> bool:
    """Whether it is a table of the routine itself, a variable or a temporary one, or has a name at run time only."""
    return name.name.text[:1] in ("%", "#", "@") or GAP.search(name.name.text) is not None


def _is_hidden(found: Routine, ctx: Context) -> bool:
    """Whether the source's text names a column or an alias like a variable that the target's language brings along."""
    words = set(ctx.profile.traits.get("routine_variables", ()))
    if found.what == "trigger" and is_marked(ctx):
        words.update(ctx.profile.traits.get("trigger_variables", ()))
    text = found.text.text
    if words.isdisjoint(ctx.run.words(text)):
        return False
    return any((m[1] or "").upper() in words for m in _NAMED.finditer(text))


def named(found: Routine, ctx: Context, program: Program) -> Routine:
    """The routine with the names and the text that the target has for it."""
    table = ctx.run.names.relation(found.table) if found.table is not None else None
    if not program.conflict and _is_hidden(found, ctx):
        program = replace(program, conflict=True)
    return replace(found, name=ctx.run.packages.name_of(found), table=table, program=program)
