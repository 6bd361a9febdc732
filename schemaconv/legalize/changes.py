"""Changes of tables that the script does not define: they are written out, and held back with what needs them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..ir.catalog import Table
from ..ir.change import Action, Change
from ..ir.names import Name
from ..ir.types import Type
from .collation import TEXTS
from .context import Context
from .types import NO_CONTEXT, TypeContext
from .views import manual_code

#: Gives a type the target's spelling.
Speller = Callable[[Type, Context, TypeContext], Type]


def finish(found: Change, ctx: Context, spelled: Speller) -> Change:
    """The change in the target's names and types; a stub where it needs the table's definition."""
    if ctx.table(found.name) is not None:  # it stands before the definition: the table was another one then
        return _stubbed(found, ctx, found.actions[0])
    defaults = _defaults(found, ctx)
    done: list[Action] = []
    for one in found.actions:
        if one.verb == "drop_constraint" and one.name in defaults:
            one = replace(one, verb="drop_default", name=defaults[one.name], lenient=False)
            if not ctx.legal("change_column_default"):
                return _stubbed(found, ctx, one)
        elif one.verb == "drop_constraint" and one.name.text.startswith("DF"):  # of a column that nobody names
            return _stubbed(found, ctx, one)
        made = _action(one, found, ctx, spelled)
        if made is None:
            return found
        done.append(made)
    return replace(found, name=ctx.run.names.relation(found.name), actions=tuple(done))


def _stubbed(found: Change, ctx: Context, one: Action) -> Change:
    ctx.stub = ctx.say_construct("alter_unknown_table", one.at, f"ALTER TABLE {found.name}")
    return found


def _action(one: Action, found: Change, ctx: Context, spelled: Speller) -> Action | None:
    names = ctx.run.names
    if one.verb == "drop_constraint":
        ctx.say("SC3182", one.at, constraint=str(one.name))
        return replace(one, name=Name(names.plain(one.name)))
    done = replace(one, name=names.column(found.name, one.name))
    if one.called is not None:
        ctx.say_construct("default_name", one.at, str(one.called))
    match one.verb:
        case "drop_column":
            if one.lenient and not ctx.trait("alter_if_exists"):
                ctx.say("SC3183", one.at, column=str(one.name))
            return done
        case "retype":
            ctx.say("SC3181", one.at, column=str(one.name))
            place = NO_CONTEXT._replace(table=found.name.name.text, column=str(one.name))
            cast = bool(ctx.trait("retype_needs_cast")) and one.type.kind not in TEXTS
            return replace(done, type=spelled(one.type, ctx, place), cast=cast)
        case "set_default":
            ctx.say("SC3181", one.at, column=str(one.name))
            if one.default is None:
                return done
            value, translated = ctx.expression(one.default)
            if value is None:
                ctx.stub = manual_code(translated) or ctx.say_construct("default_expression", one.at, one.default.text)
                return None
            return replace(done, default=value)
        case _:
            return done


def _defaults(found: Change, ctx: Context) -> dict[Name, Name]:
    """The names of defaults of the table that the script tells, with their columns."""
    known: dict[Name, Name] = {}
    for other in ctx.run.catalog.objects:
        if other.name != found.name:
            continue
        if isinstance(other, Change):
            known |= {a.called: a.name for a in other.actions if a.called is not None}
        elif isinstance(other, Table):
            for k in other.columns:
                known |= {Name(x.text.upper()): k.name for x in k.clauses if x.construct == "default_name"}
    return known
