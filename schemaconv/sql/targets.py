"""Which table an UPDATE or DELETE changes that names it by an alias of its FROM (Transact-SQL reference, "UPDATE",
"DELETE": ``UPDATE z SET ... FROM t AS z JOIN u ON ...``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .tree import Node, exp, offset


def origin(root: exp.Update | exp.Delete) -> Node | None:
    """What the statement reads: the first table of its FROM, to which the others are joined."""
    if isinstance(root, exp.Update):
        from_ = root.args.get("from_")
        return from_.this if from_ is not None else None
    return root.this if root.args.get("tables") and isinstance(root.this, exp.Expr) else None


def named(root: exp.Update | exp.Delete) -> Node | None:
    """The name by which the statement says what it changes."""
    if isinstance(root, exp.Delete) and root.args.get("tables"):
        first: Node = root.args["tables"][0]
        return first
    return root.this if isinstance(root.this, exp.Expr) else None


def sources(root: exp.Update | exp.Delete) -> list[Node]:
    """The tables and derived tables that the statement reads, as they stand."""
    first = origin(root)
    return [first, *(j.this for j in first.args.get("joins") or [])] if first is not None else []


def changed(root: exp.Update | exp.Delete) -> exp.Table | None:
    """The table of FROM that the statement changes, or ``None`` if it names another one.

    An alias goes before a name; a table that bears an alias is meant by its own name if it stands there once.
    """
    name = named(root)
    if not isinstance(name, exp.Table):
        return None
    tables = [t for t in sources(root) if isinstance(t, exp.Table)]
    if not name.db and (found := next((t for t in tables if t.alias == name.name), None)) is not None:
        return found
    same = [t for t in tables if t.name == name.name and (not t.db or not name.db or t.db == name.db)]
    plain = [t for t in same if not t.alias]
    if plain:
        return plain[0]
    return same[0] if len(same) == 1 else None


def unknown_targets(root: Node, lookup: Callable[[str, str], Mapping[str, object] | None]) -> list[tuple[str, int]]:
    """The columns that an INSERT lists and its table does not have, as far as that is known, with their places."""
    listed = root.this if isinstance(root, exp.Insert) else None
    if not isinstance(listed, exp.Schema) or not isinstance(listed.this, exp.Table):
        return []
    columns = lookup(listed.this.db, listed.this.name)
    if columns is None:
        return []
    given = [i for i in listed.expressions if isinstance(i, exp.Identifier)]
    return [(i.name, offset(i)) for i in given if i.name not in columns]
