"""Rights: the target's privileges, and what else a right needs there to be worth anything."""

from __future__ import annotations

from dataclasses import replace

from .. import rulefiles
from ..ir.catalog import Grant, Item, Role, Routine, Schema, Sequence, Table, UserType, View
from ..ir.names import Name, QName
from ..source import NOWHERE
from .constructs import IN_SCHEMA
from .context import Context, Run


def finish(found: Grant, ctx: Context) -> Grant:
    """The grant with the target's privileges; one that has none left is stubbed by code."""
    names = ctx.run.names
    to = tuple(n if n.text == "PUBLIC" else Name(names.plain(n)) for n in found.to)
    if found.roles:
        granted = tuple((names.plain(Name(role)), columns) for role, columns in found.privileges)
        return replace(found, privileges=granted, to=to)
    assert found.on is not None
    if found.on_kind in IN_SCHEMA:
        return found
    if found.on_kind in ("schema", "schema_objects"):
        return _in_schema(replace(found, to=to), ctx)
    meant = ctx.find(found.on)
    match meant:
        case Routine() if meant.module is not None and ctx.legal("stored_package"):
            return _on_package(replace(found, to=to), meant, ctx)
        case Sequence():
            kind = "sequence"
        case Routine():
            kind = "routine"
        case UserType():
            kind = "type"
        case None if all(word == "EXECUTE" for word, _ in found.privileges):
            kind = "routine"
        case Table() | View() | _:
            kind = "table"
    known = rulefiles.load("privileges.toml").get(ctx.profile.engine.family, {}).get(kind, {})
    privileges: list[tuple[str, tuple[Name, ...]]] = []
    for word, columns in found.privileges:
        target = known.get(word)
        if target is None:
            ctx.say_construct("grant_privilege", None, word)
            continue
        for one in target.split(", "):
            entry = (one, tuple(names.column(meant.name if meant else found.on, c) for c in columns))
            if entry not in privileges:
                privileges.append(entry)
    if not privileges:
        ctx.stub = ctx.stub or "-"
    kind = "" if kind == "table" else kind
    if isinstance(meant, Routine) and kind == "routine" and ctx.trait("one_routine_a_name"):
        kind = meant.what
    return replace(found, on=names.relation(found.on), on_kind=kind, privileges=tuple(privileges), to=to)


def _on_package(found: Grant, package: Routine, ctx: Context) -> Grant:
    """The grant on all routines of a package; where it is no schema, one for each of them."""
    packages = ctx.run.packages
    key = packages.canonical(package.name)
    for word, _ in found.privileges:
        if word not in ("EXECUTE", "ALL", "ALL PRIVILEGES"):
            ctx.say_construct("grant_privilege", None, word)
    if not any(word in ("EXECUTE", "ALL", "ALL PRIVILEGES") for word, _ in found.privileges):
        ctx.stub = ctx.stub or "-"
    found = replace(found, privileges=(("EXECUTE", ()),))
    if packages.as_schemas:
        return replace(found, on=QName(None, Name(packages.home(key))), on_kind="routines")
    objects = ctx.run.catalog.objects
    public = [s for (p, n), own in packages.members.items() if p == key and (p, n) in packages.public for s in own]
    there = [o for s in public if s not in ctx.run.absent and isinstance(o := objects[s], Routine)]
    kinds = {packages.name_of(o): o.what if ctx.trait("one_routine_a_name") else "routine" for o in there}
    names = [packages.name_of(o) for o in there]
    for name in dict.fromkeys(n for n in names if names.count(n) > 1):
        ctx.say_construct("grant_privilege", None, f"EXECUTE ON {name}, which has several forms")
    names = [n for n in names if names.count(n) == 1]
    parts = [replace(found, on=name, on_kind=kinds[name]) for name in names]
    if not parts:
        ctx.stub = ctx.stub or "-"
        return found
    ctx.extra += [Item(ctx.subject, part) for part in parts[:-1]]
    return parts[-1]


def _in_schema(found: Grant, ctx: Context) -> Grant:
    """The grant on a schema as one for each kind of objects that the target tells apart; all but the last are extra."""
    assert found.on is not None
    home = home_of(found.on.name, ctx.run)
    kinds = _rights(ctx.run, "schema")
    parts: list[Grant] = []
    for kind, known in kinds.items():
        listed = [known[word] for word, _ in found.privileges if word in known]
        if listed:
            words = dict.fromkeys(", ".join(listed).split(", "))
            parts.append(
                replace(found, on=QName(None, home), on_kind=kind, privileges=tuple((word, ()) for word in words))
            )
    if not parts:
        ctx.stub = ctx.say_construct("grant_schema", None, f"{found.privileges[0][0]} ON {found.on}")
        return found
    for word, _ in found.privileges:
        if not any(word in known for known in kinds.values()):
            ctx.say_construct("grant_privilege", None, word)
    if found.on_kind == "schema_objects":
        parts += [replace(part, on_kind=f"later {part.on_kind}") for part in parts]
    ctx.extra += [Item(ctx.subject, part) for part in parts[:-1]]
    return parts[-1]


def home_of(schema: Name, run: Run) -> Name:
    """The target schema of a source schema; an empty name where it is the connection's own and that has no name."""
    found = run.names.schema(None if schema.text == run.names.own else schema)
    return found or Name(str(run.profile.traits.get("open_schema", "")))


def _rights(run: Run, kind: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = rulefiles.load("privileges.toml").get(run.profile.engine.family, {})[kind]
    return found


def with_grantees(items: list[Item], run: Run) -> list[Item]:
    """``items`` with the roles that the script grants to but does not create, and with USAGE on schemas.

    Oracle needs no right on a schema to use a right on its objects; PostgreSQL and Redshift do (trait
    ``schema_usage``).
    """
    known = {i.object.name.name.text for i in items if isinstance(i.object, Role) and not i.stub}
    wanted: dict[str, None] = {}
    usage: dict[tuple[str, str], None] = {}
    for item in items:
        found = item.object
        if not isinstance(found, Grant) or item.stub or found.revoke or (found.on is None and not found.roles):
            continue
        for name in found.to:
            if name.text not in known and name.text.upper() != "PUBLIC":
                wanted.setdefault(name.text)
            if (home := _needed_schema(found, run)) and run.profile.traits.get("schema_usage"):
                usage.setdefault((home, name.text))
    roles = [Item(-1, Role(QName(None, Name(n)), NOWHERE)) for n in wanted]
    return [*roles, *(Item(-1, _usage(schema, name)) for schema, name in usage), *items]


def _needed_schema(found: Grant, run: Run) -> str:
    """The schema on which the grantee needs a right too; nothing where it is open to everybody."""
    if found.on is None:
        return ""
    if found.on_kind in IN_SCHEMA:
        home = found.on.name.text
        return "" if home == run.profile.traits.get("open_schema") else home
    return found.on.schema.text if found.on.schema is not None else ""


def _usage(schema: str, name: str) -> Grant:
    on = QName(None, Name(schema))
    return Grant(on, NOWHERE, privileges=(("USAGE", ()),), on=on, on_kind="schema", to=(Name(name),))


def schemas(items: list[Item]) -> list[Item]:
    """CREATE SCHEMA for every schema that the printed objects live in."""
    wanted: dict[str, None] = {}
    made_in_schema = (Table, View, Sequence, UserType, Routine)
    made = {i.object.name.name.text for i in items if isinstance(i.object, Schema) and not i.stub}
    for item in items:
        found = item.object
        if not item.stub and isinstance(found, made_in_schema) and found.name.schema:
            wanted.setdefault(found.name.schema.text)
    return [Item(-1, Schema(QName(None, Name(n)), NOWHERE)) for n in wanted if n not in made]
