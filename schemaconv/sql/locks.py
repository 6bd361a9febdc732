"""``FOR UPDATE OF c``: the columns of the source say which tables' rows are locked; targets name the tables.

Source: SQL Language Reference 23ai, "SELECT", for_update_clause; PostgreSQL, "SELECT", "The Locking Clause"; MySQL,
"Locking Reads".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..ir.fragment import Known
from .tree import Node, exp

#: The columns of one of the query's tables by its alias or name, as far as they are known.
Held = Callable[[str], Mapping[str, Known] | None]


def bind(select: exp.Select, held: Held) -> None:
    """Put the tables in place of the columns; nothing where the query reads one table alone. A column that belongs to
    none of them for sure gets the mark ``loose``."""
    own = [t for t in _read(select) if isinstance(t, exp.Table)]
    alone = len(own) == 1 and len(_read(select)) == 1
    for lock in select.args.get("locks") or []:
        listed = lock.args.get("expressions") or []
        found: dict[str, Node] = {}
        for column in listed:
            name, qualifier = column.name, column.args.get("db")
            table = next((t for t in own if _is(t, qualifier.this if qualifier is not None else "", name, held)), None)
            if table is None and not alone:
                lock.meta["loose"] = name
                break
            if table is not None:
                found[table.alias_or_name] = _named(table)
        else:
            lock.set("expressions", [] if alone else list(found.values()))
            lock.meta["names"] = [i.name for c in listed for i in c.find_all(exp.Identifier)]


def _read(select: exp.Select) -> list[Node]:
    from_ = select.args.get("from_")
    return [] if from_ is None else [from_.this, *(j.this for j in select.args.get("joins") or [])]


def _is(table: exp.Table, qualifier: str, column: str, held: Held) -> bool:
    if qualifier:
        return table.alias_or_name == qualifier
    columns = held(table.alias_or_name)
    return columns is not None and column in columns


def _named(table: exp.Table) -> Node:
    alias = table.args.get("alias")
    return exp.Column(this=(alias.this if alias is not None else table.this).copy())
