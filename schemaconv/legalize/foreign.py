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
from .context import Context
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


def target(k: Constraint, ctx: Context) -> dict[str, object] | None:
    """The target's names of what a foreign key points to; ``None``, said by code, where it cannot point there."""
    run = ctx.run
    assert k.references is not None
    name = k.name.text if k.name else ", ".join(n.text for n in k.columns)
    found = run.table(k.references)
    if found is None or found[0] in run.absent:
        ctx.say("SC3220", k.at, parent=str(k.references), constraint=name)
        return None
    parent = found[1]
    columns = _referenced(k, parent)
    known = {c.name for c in parent.columns}
    key = next(
        (
            p.columns
            for p in parent.constraints
            if p.kind in ("primary_key", "unique") and p.enabled and set(p.columns) == set(columns)
        ),
        None,
    )
    informational = ctx.profile.treatment("enforced_key") == "informational"
    if not columns or not set(columns) <= known or (key is None and not informational):
        ctx.say("SC3223", k.at, parent=str(k.references), constraint=name, columns=", ".join(n.text for n in columns))
        return None
    own = k.columns
    if key is not None and key != columns and len(own) == len(columns) and ctx.trait("key_order_matters"):
        own = tuple(own[columns.index(n)] for n in key)
        columns = key
    return {
        "columns": tuple(run.names.column(ctx.run.catalog.objects[ctx.subject].name, n) for n in own),
        "references": run.names.relation(parent.name),
        "references_columns": tuple(run.names.column(parent.name, n) for n in columns),
    }
