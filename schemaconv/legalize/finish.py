"""The last step of legalization: target names, target types, target text of every fragment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..ir.catalog import (
    Column,
    Comment,
    Constraint,
    Counter,
    Data,
    DefaultChange,
    Grant,
    Index,
    Object,
    Role,
    Routine,
    Schema,
    Sequence,
    Table,
    UserType,
    View,
)  # fmt: skip
from ..ir.change import Change
from ..ir.names import Name, QName
from ..ir.types import UNKNOWN, Type
from ..rewrites.api import DROPPED
from . import (
    changes,
    checks,
    collation,
    data,
    defaults,
    foreign,
    grants,
    indexes,
    package_state,
    partitions,
    psm,
    psm_packages,
    refresh,
    routines,
    versions,
    views,
)
from .constructs import shown, takes_null
from .context import Context
from .indexes import never_null, scope
from .types import TypeContext, speller
from .views import manual_code

Scope = Mapping[str, Type]


def finish(found: Object, ctx: Context) -> Object:
    """``found`` in the target's own words. Sets ``ctx.stub`` where a part without which it is nothing failed."""
    names = ctx.run.names
    match found:
        case Table():
            return _table(found, ctx)
        case Index():
            return indexes.finish(found, ctx)
        case Sequence():
            kept = found.options if ctx.options.sequence_cache == "keep" else replace(found.options, cache=None)
            of = type_(found.type, ctx, TypeContext()) if found.type is not None else None
            return replace(found, name=names.relation(found.name), options=kept, type=of)
        case View():
            return views.finish(found, ctx)
        case UserType():
            return _type(found, ctx)
        case Grant():
            return grants.finish(found, ctx)
        case Role():
            return replace(found, name=QName(None, Name(names.plain(found.name.name))))
        case Comment():
            return _comment(found, ctx)
        case Schema():
            home = names.schema(found.name.name)
            if home is None:  # the connection's own, which is there
                ctx.stub = DROPPED
                return found
            return replace(found, name=QName(None, home))
        case Routine() if found.module is not None:
            finish_package = psm_packages.finish if ctx.trait("routine_language") == "psm" else package_state.finish
            return finish_package(found, ctx)
        case Routine() if found.program is not None:
            finish_routine = psm.finish if ctx.trait("routine_language") == "psm" else routines.finish
            return finish_routine(found, ctx)
        case Data():
            return data.finish(found, ctx)
        case Counter():
            return data.counter(found, ctx)
        case DefaultChange():
            return defaults.changed(found, ctx)
        case Change():
            return changes.finish(found, ctx, type_)
        case _:
            return found



def _comment(found: Comment, ctx: Context) -> Comment:
    names = ctx.run.names
    match found.on:
        case "role":
            return replace(found, name=QName(None, Name(names.plain(found.name.name))))
        case "schema":
            home = names.schema(found.name.name)
            if home is None:  # that of the connection, which is none of the script's
                ctx.stub = DROPPED
                ctx.say_construct("comment_on_schema")
                return found
            return replace(found, name=QName(None, home))
        case _:
            return replace(found, name=names.relation(found.name))


# -- tables ----------------------------------------------------------------------------------------------------------


def _table(table: Table, ctx: Context) -> Table:
    names = ctx.run.names
    columns_of = scope(table, ctx)
    keys = {n for k in table.constraints if k.kind != "check" for n in k.columns}
    query = None
    if table.query is not None:
        query, translated = ctx.query(table.query, ctx.run.columns_in(table.query.text), stored=False)
        if query is None:
            ctx.stub = ctx.stub or manual_code(translated) or ctx.say_construct("table_as_query", table.query.at)
        refresh.said(table, names.relation(table.name), ctx)
        ctx.run.outputs |= views.outputs(ctx, [k.name for k in table.columns], translated)
        given = [known.type for _, known in translated.columns or ()]
        if len(given) == len(table.columns):
            pairs = zip(table.columns, given, strict=True)
            table = replace(table, columns=tuple(replace(k, type=t) if k.type is UNKNOWN else k for k, t in pairs))
    ctx.run.follows[ctx.subject] = foreign.follows(table, ctx)
    columns = tuple(_column(k, table, ctx, columns_of, k.name in keys) for k in table.columns)
    columns = foreign.aligned(table, columns, ctx)
    columns = tuple(collation.column(k, table, ctx) for k in columns)
    columns = versions.counted(table, columns, ctx)
    collation.blanks(table, ctx)
    changing = ((k, c) for k, c in zip(table.columns, columns, strict=True) if k.default_changes)
    ctx.run.changing |= {(table.name, k.name): c for k, c in changing}
    constraints = []
    for number, k in enumerate(table.constraints):
        done = _constraint(k, number, table, ctx, columns_of)
        if done is not None:
            constraints.append(done)
    constraints += foreign.declared(table, ctx)
    constraints += checks.no_empty_strings(table, ctx)
    constraints += checks.ranges(table, columns, ctx)
    constraints += collation.lengths(table, columns, ctx)
    return replace(
        table,
        name=names.relation(table.name),
        columns=columns,
        constraints=tuple(constraints),
        partitioning=partitions.finish(table, ctx),
        query=query,
        options=collation.table_options(table, ctx),
    )


def typed(table: Table, ctx: Context) -> Table:
    """``table`` with types for the generated columns that have none of their own: those of their expressions."""
    if not any(k.type is UNKNOWN and k.generated is not None for k in table.columns):
        return table
    columns_of = scope(table, ctx)

    def of(column: Column) -> Column:
        if column.type is not UNKNOWN or column.generated is None:
            return column
        found = ctx.run.translator.type_of(column.generated.text, columns_of)
        if found.kind not in collation.TEXTS:
            return replace(column, type=found)
        name, compares = collation.of_expression(column.generated.text, table, ctx)
        return replace(column, type=found, collation=name, compares=compares)

    return replace(table, columns=tuple(of(k) for k in table.columns))


def _column(column: Column, table: Table, ctx: Context, columns_of: Scope, in_key: bool) -> Column:
    run = ctx.run
    changes: dict[str, object] = {"name": run.names.column(table.name, column.name)}
    place = TypeContext(
        column.identity is not None, in_key, column.name in run.indexed.get(ctx.subject, ()),
        column.default is not None, table.name.name.text, column.name.text,
    )  # fmt: skip
    changes["type"] = type_(column.type, ctx, place, column)
    if column.default is not None:
        changes["default"] = defaults.translated(column, column.default, ctx, columns_of)
    if column.generated is not None:
        done, translated = ctx.expression(column.generated, columns_of, column.type, never_null(table))
        if column.type is UNKNOWN:
            if done is not None:  # of which type it is could not be told, and has been said
                ctx.say_construct("stored_column", column.generated.at, str(column.name))
            done = None
        elif done is None or not translated.immutable:
            if not manual_code(translated):
                ctx.say("SC3150", column.generated.at, clause=column.generated.text, column=str(column.name))
            done = None
        changes["generated"] = done
        if done is None:  # nothing fills it now
            changes["not_null"] = False
    return replace(column, **changes)  # type: ignore[arg-type]


def type_(wanted: Type, ctx: Context, place: TypeContext, column: Column | None = None) -> Type:
    """``wanted`` with the target's spelling."""
    if wanted.kind == "user" and wanted.user is not None:
        if not ctx.exists(wanted.user):
            at = column.at if column is not None else ctx.at
            named = str(column.name) if column is not None else place.column
            text = speller(ctx.profile.engine, ctx.options).spell(Type("text"), place).text
            ctx.say("SC2101", at, column=named, source=wanted.raw, type=text)
            return replace(wanted, spelling=text)
        name = ctx.run.names.type_name(wanted.user)
        return replace(wanted, spelling=ctx.run.qualified(name), user=name)
    spelled = speller(ctx.profile.engine, ctx.options).spell(wanted, place)
    if spelled.codes and (column is None or column.name not in ctx.run.follows.get(ctx.subject, ())):
        at = column.at if column is not None else ctx.at
        for code in spelled.codes:
            ctx.say(code, at, column=str(column.name) if column is not None else place.column, **dict(spelled.params))
    typed = ctx.run.typed
    found = typed.get((wanted, spelled.text))
    if found is None:
        found = typed[wanted, spelled.text] = replace(wanted, spelling=spelled.text)
    return found


def _constraint(k: Constraint, number: int, table: Table, ctx: Context, columns_of: Scope) -> Constraint | None:
    run = ctx.run
    changes: dict[str, object] = {
        "columns": tuple(run.names.column(table.name, n) for n in k.columns),
        "informational": ctx.profile.treatment("enforced_key") == "informational",
    }
    if k.name is not None:
        changes["name"] = run.names.constraint(ctx.subject, k.number if k.number >= 0 else number, k.name)
    if not k.validated and k.kind in ("check", "foreign_key") and ctx.legal("novalidate_constraint"):
        changes["detached"] = not changes["informational"]  # old rows come first, and stay unchecked
    if k.nulls_equal:
        changes["nulls_equal"] = ctx.legal("unique_one_null") and takes_null(table, k.columns)
    key = k.deferrable and k.kind != "foreign_key" and ctx.trait("parent_key_at_once")
    if key and ctx.parents_of_keys(tuple(n.text for n in k.columns)):
        ctx.say_construct("deferrable_constraint", k.at, shown(k))
        changes["deferrable"] = changes["initially_deferred"] = False
    known = {c.name for c in table.columns}
    lacking = [str(n) for n in k.columns if n not in known]
    if lacking and not table.partial:
        ctx.say("SC3226", k.at, constraint=shown(k), columns=", ".join(lacking))
        return None
    if k.check is not None:
        done, translated = ctx.expression(k.check, columns_of, None, never_null(table))
        if done is None and manual_code(translated):
            return None
        if not table.partial and (strange := ctx.strangers(columns_of)):
            ctx.say("SC3226", k.at, constraint=shown(k), columns=", ".join(strange))
            return None
        if done is None or translated.volatile:
            ctx.say_construct("check_with_function", k.check.at, k.check.text)
            return None
        changes["check"] = done
    if k.references is not None:
        target = foreign.target(k, ctx)
        if target is None:
            return None
        changes |= target
    return replace(k, **changes)  # type: ignore[arg-type]


# -- the rest ----------------------------------------------------------------------------------------------------------


def _type(found: UserType, ctx: Context) -> UserType:
    names = ctx.run.names
    attributes = tuple(
        replace(a, name=Name(names.plain(a.name)), type=type_(a.type, ctx, TypeContext(column=a.name.text), a))
        for a in found.attributes
    )
    of = type_(found.of, ctx, TypeContext()) if found.of.kind != "unknown" else found.of
    if found.form in ("varray", "table"):  # the target's collections are arrays, which a domain gives a name
        of = replace(of, spelling=f"{of.spelling}[]")
        found = replace(found, form="domain")
    elif found.form == "alias":
        found = replace(found, form="domain")
    return replace(found, name=names.type_name(found.name), attributes=attributes, of=of)
