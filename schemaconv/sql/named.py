"""Names that the select list gives to its expressions, where conditions and other expressions may use them.

Teradata SQL Data Types and Literals, "Naming Columns and Expressions": a name is looked for among the columns of the
tables, and then among those of the select list.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .frames import Scope
from .pieces import Refused
from .tree import Node, exp, nodes, offset, put

#: Nodes that may be put in for the names of one query block: each name doubles what it stands for.
_LIMIT: Final = 5_000

#: Clauses whose names may be those of the select list. GROUP BY takes such a name on every target; ORDER BY too.
_CLAUSES: Final = ("where", "having", "group")


def substitute(select: exp.Select, columns: dict[str, bool | None]) -> list[tuple[str, Node]]:
    """Put the expressions in for their names; the names that were taken for one although a table whose columns are
    not known may have a column so called.

    ``columns`` says of the names in the select list whether a table has a column of that name, ``None`` where that is
    not known.
    """
    work = _Block(select, columns)
    for item in select.expressions:
        if isinstance(item, exp.Alias) and item.alias in work.named:
            work.expand(item.alias, ())
        else:
            work.fill(item)
    for key in _CLAUSES:
        part = select.args.get(key)
        if isinstance(part, exp.Expr):
            work.fill(part)
    return [(name, at) for name, at in work.used.items() if columns[name] is None]


class _Block:
    """One query block: its ``named`` expressions, and those that were ``used`` with a place for each."""

    def __init__(self, select: exp.Select, columns: dict[str, bool | None]) -> None:
        self.columns = columns
        self.named = {i.alias: i for i in select.expressions if isinstance(i, exp.Alias) and i.alias in columns}
        self.used: dict[str, Node] = {}
        self.group = select.args.get("group")
        self.count = 0

    def expand(self, name: str, path: tuple[str, ...]) -> None:
        """Put other names of the select list in the expression of ``name``."""
        if name in path:
            raise Refused("SC4200", offset(self.named[name]), reason=f"{name} stands for itself")
        for column in list(self.names(self.named[name].this)):
            self.expand(column.name, (*path, name))
            self.replace(column)

    def fill(self, part: Node) -> None:
        for column in list(self.names(part)):
            if self.group is None or column.parent is not self.group:
                self.replace(column)

    def names(self, part: Node) -> Iterator[exp.Column]:
        """The columns of ``part`` that mean a name of the list; what stands in subqueries has names of its own."""
        stack = [part]
        while stack:
            node = stack.pop()
            if isinstance(node, exp.Column):
                if not node.table and node.name in self.named and not self.columns[node.name]:
                    yield node
            elif not isinstance(node, exp.Query):
                stack.extend(node.iter_expressions())

    def replace(self, column: exp.Column) -> None:
        value = self.named[column.name].this
        self.count += len(nodes(value))
        if self.count > _LIMIT:
            raise Refused("SC4200", offset(column), reason="names of the select list stand for too much")
        self.used.setdefault(column.name, column)
        put(column, value.copy(), self.named[column.name])


def given(select: exp.Select, scope: Scope) -> dict[str, bool | None]:
    """The names that the select list gives, and whether a table of its FROM has a column of that name."""
    made: dict[str, bool | None] = {}
    for item in select.expressions:
        if not isinstance(item, exp.Alias):
            continue
        name = item.alias
        known = [columns for columns in scope.tables.values() if columns is not None]
        if any(name in columns for columns in known) or any(c.name == name for c in item.this.find_all(exp.Column)):
            made[name] = True  # an expression over a column of its own name says so too
        else:
            made[name] = None if len(known) < len(scope.tables) else False
    return made if any(not there for there in made.values()) else {}
