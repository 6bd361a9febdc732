"""Foreign keys: what they point to, and columns of one type on both sides.

Oracle lets ``NUMBER`` point to ``NUMBER(4)``. PostgreSQL refuses ``numeric`` to ``smallint`` (CREATE TABLE,
"REFERENCES": the types must be comparable by the key's operator family), MySQL wants integers of one size and sign
("FOREIGN KEY Constraints"). The child takes its parent's type: its values are the parent's.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..ir.catalog import Column, Constraint, Table
from ..ir.names import Name
from .context import Context, Run
from .types import TypeContext, speller

_NUMERIC: Final = re.compile(r"(tinyint|smallint|integer|int|bigint|numeric|decimal|double precision|double|real)\b")


def follows(table: Table, ctx: Context) -> frozenset[Name]:
    """Columns that will take the type of the key they point to: of their own type nothing needs to be said."""
    found: set[Name] = set()
    for k in table.constraints:
        parent = ctx.run.table(k.references) if k.references is not None and k.enabled else None
        if parent is None or parent[0] in ctx.run.absent:
            continue
        for own, theirs in zip(k.columns, _referenced(k, parent[1]), strict=False):
            column = next((c for c in table.columns if c.name == own and c.identity is None), None)
            if column is None or column.type.kind == "user":
                continue
            place = TypeContext(False, True, False, column.default is not None, table.name.name.text, own.text)
            mine = speller(ctx.profile.engine, ctx.options).spell(column.type, place)
            if mine.code is None or not _NUMERIC.match(mine.text):
                continue
            wanted = spelling(parent[0], parent[1], theirs, ctx, frozenset({(ctx.subject, own)}))
            if wanted != mine.text and _NUMERIC.match(wanted):
                found.add(own)
    return frozenset(found)


def aligned(table: Table, columns: tuple[Column, ...], ctx: Context) -> tuple[Column, ...]:
    """``columns`` with the types of the keys that they point to."""
    changed: dict[int, str] = {}
    place = {k.name: i for i, k in enumerate(table.columns)}
    for k in table.constraints:
        if k.kind != "foreign_key" or k.references is None or not k.enabled:
            continue
        found = ctx.run.table(k.references)
        if found is None or found[0] in ctx.run.absent:
            continue
        for own, theirs in zip(k.columns, _referenced(k, found[1]), strict=False):
            i = place.get(own)
            wanted = spelling(found[0], found[1], theirs, ctx, frozenset({(ctx.subject, own)}))
            if i is None or i in changed or not wanted or columns[i].identity is not None:
                continue
            mine = columns[i].type.spelling
            if mine != wanted and _NUMERIC.match(mine) and _NUMERIC.match(wanted):
                changed[i] = wanted
                ctx.say("SC2130", columns[i].at, column=own.text, source=mine, type=wanted, parent=str(k.references))
    if not changed:
        return columns
    return tuple(
        replace(k, type=replace(k.type, spelling=changed[i])) if i in changed else k for i, k in enumerate(columns)
    )


def spelling(subject: int, table: Table, column: Name, ctx: Context, seen: frozenset[tuple[int, Name]]) -> str:
    """The final type of a column of another table, which may itself point further."""
    if (subject, column) in seen:
        return ""
    run = ctx.run
    known = run.spelled.get(subject)
    target = run.names.column(table.name, column).text
    if known is not None:
        return known.get(target, "")
    for k in table.constraints:
        if k.kind == "foreign_key" and k.references is not None and column in k.columns and k.enabled:
            parent = run.table(k.references)
            if parent is not None:
                theirs = _referenced(k, parent[1])
                i = k.columns.index(column)
                if i < len(theirs):
                    found = spelling(parent[0], parent[1], theirs[i], ctx, seen | {(subject, column)})
                    if found and _NUMERIC.match(found):
                        return found
    own = next((c for c in table.columns if c.name == column), None)
    if own is None or own.type.kind == "user":
        return ""
    place = TypeContext(
        own.identity is not None, True, False, own.default is not None, table.name.name.text, column.text
    )
    return speller(run.profile.engine, run.options).spell(own.type, place).text


def _referenced(k: Constraint, parent: Table) -> tuple[Name, ...]:
    if k.references_columns:
        return k.references_columns
    return next((p.columns for p in parent.constraints if p.kind == "primary_key"), ())


def _keys(table: Table, run: Run) -> list[tuple[Name, ...]]:
    """The columns of each key that the table has on the target, in the source's names."""
    trusted = bool(run.profile.traits.get("keys_informational"))
    return [
        k.columns
        for k in table.constraints
        if k.kind in ("primary_key", "unique") and (k.enabled or (trusted and k.rely))
    ]


def prepare(run: Run) -> None:
    """Find the columns that foreign keys point to and that only a unique index of the source guards.

    A target without indexes wants them declared as unique (Redshift, "CREATE TABLE": the referenced columns must be
    those of a unique or primary key constraint).
    """
    if run.profile.legal("index") or not run.profile.traits.get("keys_informational"):
        return
    for table in (o for o in run.catalog.objects if isinstance(o, Table)):
        for k in table.constraints:
            found = run.table(k.references) if k.kind == "foreign_key" and k.references is not None else None
            wanted = _referenced(k, found[1]) if found is not None else ()
            if found is None or not wanted or any(set(p) == set(wanted) for p in _keys(found[1], run)):
                continue
            columns = next((p for p in _guarded(found[0], found[1], run) if set(p) == set(wanted)), None)
            if columns is not None and columns not in run.declared.get(found[0], ()):
                run.declared.setdefault(found[0], []).append(columns)


def _guarded(subject: int, table: Table, run: Run) -> list[tuple[Name, ...]]:
    """Column lists of which a unique index, or a unique distribution, lets no two rows agree."""
    found = []
    for index in run.uniques.get(subject, ()):
        columns = tuple(p.column for p in index.parts if p.column is not None)
        if index.where is None and len(columns) == len(index.parts):
            found.append(columns)
    if table.placement is not None and table.placement.unique:
        found.append(table.placement.distribution)
    return found


def declared(table: Table, ctx: Context) -> list[Constraint]:
    """Unique constraints that stand for a unique index, because foreign keys point to its columns."""
    found = []
    for columns in ctx.run.declared.get(ctx.subject, ()):
        names = tuple(ctx.run.names.column(table.name, n) for n in columns)
        ctx.say("SC3152", table.at, columns=", ".join(map(str, names)))
        found.append(Constraint("unique", None, names, table.at, informational=True))
    return found


def target(k: Constraint, ctx: Context) -> dict[str, object] | None:
    """The target's names of what a foreign key points to; ``None``, said by code, where it cannot point there."""
    run = ctx.run
    assert k.references is not None
    name = str(k.name) if k.name else ", ".join(map(str, k.columns))
    found = run.table(k.references)
    if found is None or found[0] in run.absent:
        ctx.say("SC3220", k.at, parent=str(k.references), constraint=name)
        return None
    parent = found[1]
    own_home = run.names.relation(run.catalog.objects[ctx.subject].name).schema
    if ctx.trait("schema_is_database") and own_home and run.names.relation(parent.name).schema is None:
        ctx.say("SC3242", k.at, parent=str(parent.name), constraint=name, schema=str(own_home))
        return None
    columns = _referenced(k, parent)
    known = {c.name for c in parent.columns}
    key = next((p for p in (*_keys(parent, run), *run.declared.get(found[0], ())) if set(p) == set(columns)), None)
    if not columns or not set(columns) <= known or key is None:
        ctx.say("SC3223", k.at, parent=str(k.references), constraint=name, columns=", ".join(map(str, columns)))
        return None
    own = k.columns
    if key != columns and len(own) == len(columns) and ctx.trait("key_order_matters"):
        own = tuple(own[columns.index(n)] for n in key)
        columns = key
    return {
        "columns": tuple(run.names.column(ctx.run.catalog.objects[ctx.subject].name, n) for n in own),
        "references": run.names.relation(parent.name),
        "references_columns": tuple(run.names.column(parent.name, n) for n in columns),
    }
