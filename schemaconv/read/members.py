"""What the tables of all sources have alike: columns and constraints that are there once, their comments, key actions.

Sources: SQL Language Reference 23ai, "constraint" (references_clause); Transact-SQL reference, "CREATE TABLE"; SQL Data
Definition Language, "CREATE TABLE".
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from ..ir.catalog import Clause, Column, Constraint, Table
from ..ir.names import Name
from .cursor import Cursor


def trailing(c: Cursor, last: list[Column] | list[Constraint] | None) -> None:
    """Give the comment behind the token just read to the element that was read last."""
    if last and c.used < len(c.comments):
        element: Any = last[-1]
        notes = c.trailing(c.at - 1, element.notes)
        if notes is not element.notes:
            last[-1] = replace(element, notes=notes)


def referential_action(c: Cursor) -> str:
    """``CASCADE``, ``SET NULL``, ``NO ACTION`` and the like, behind ON DELETE or ON UPDATE."""
    if c.accept("SET"):
        return f"SET {c.take()}"
    return "NO ACTION" if c.accept("NO", "ACTION") else c.take()


def once(columns: tuple[Column, ...], extra: list[Clause]) -> tuple[Column, ...]:
    """A column that is defined twice keeps its first definition (Oracle refuses the statement: ORA-00957)."""
    seen: dict[Name, Column] = {}
    for k in columns:
        if k.name in seen:
            extra.append(Clause("column_already_there", k.name.text, k.at))
        else:
            seen[k.name] = k
    return tuple(seen.values()) if len(seen) < len(columns) else columns


def unknown_column(found: Table) -> str:
    """The construct of a column that is dropped and not there; where not all columns are known, nothing can be said."""
    whole = not found.partial and found.query is None and found.organization in ("", "index")
    return "column_drop_unknown" if whole else "unknown_clause"


def keys_once(
    have: tuple[Constraint, ...], new: tuple[Constraint, ...], extra: list[Clause]
) -> tuple[Constraint, ...]:
    """``have`` and ``new`` without what Oracle refuses: a second primary key, a key or a name that is there already.

    A foreign key without a name is the same as one with the same columns on both sides.
    """
    if not new:
        return have
    kept = list(have)
    names = {k.name.text for k in have if k.name is not None}
    keys = [k for k in have if k.kind in _KEYS]
    for k in new:
        again = k.kind in _KEYS and any(
            (k.kind == "primary_key" == o.kind) or (k.kind == "unique" and k.columns == o.columns) for o in keys
        )
        if k.kind == "foreign_key":
            again = any(o.kind == "foreign_key" and None in (k.name, o.name) and _same(k, o) for o in kept)
        if not again and k.name is not None and k.name.text in names:
            again = any(k.name == o.name for o in kept)
        if again:
            extra.append(Clause("constraint_already_there", k.name.text if k.name else k.kind.replace("_", " "), k.at))
        else:
            kept.append(k)
            if k.name is not None:
                names.add(k.name.text)
            if k.kind in _KEYS:
                keys.append(k)
    return tuple(kept)


_KEYS: Final = ("primary_key", "unique")
def _same(a: Constraint, b: Constraint) -> bool:
    return (a.columns, a.references, a.references_columns) == (b.columns, b.references, b.references_columns)
