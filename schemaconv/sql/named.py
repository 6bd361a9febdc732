"""Names that the select list gives to its expressions, where conditions and other expressions may use them.

Teradata SQL Data Types and Literals, "Naming Columns and Expressions": a name is looked for among the columns of the
tables, and then among those of the select list.
"""

from __future__ import annotations

from collections.abc import Iterator

from .pieces import Refused
from .tree import Node, exp, nodes, offset, put

#: Nodes that may be put in for names in one query block: each name doubles what it stands for.
_LIMIT = 20_000

#: Clauses whose names may be those of the select list. GROUP BY takes such a name on every target; ORDER BY too.
_CLAUSES = ("expressions", "where", "having", "group")


def substitute(select: exp.Select, columns: dict[str, bool | None]) -> list[tuple[str, Node]]:
    """Put the expressions in for their names; the names that were taken for one although a table whose columns are
    not known may have a column so called.

    ``columns`` says of the names in the select list whether a table has a column of that name, ``None`` where that is
    not known.
    """
    named = {i.alias: i for i in select.expressions if isinstance(i, exp.Alias) and i.alias in columns}
    done: set[str] = set()
    for name in named:
        _expand(name, named, columns, done, ())
    guessed: dict[str, Node] = {}
    count = 0
    for key in _CLAUSES:
        for part in _parts(select.args.get(key)):
            inner = part.this if isinstance(part, exp.Alias) else part
            for column in list(_names(inner, named, columns)):
                if key == "group" and column.parent is select.args["group"]:
                    continue
                if key == "expressions" and isinstance(part, exp.Alias) and part.alias in named:
                    continue  # expanded above
                if columns[column.name] is None:
                    guessed.setdefault(column.name, column)
                count += _replace(column, named[column.name].this)
                if count > _LIMIT:
                    raise Refused("SC4200", offset(column), reason="names of the select list stand for too much")
    for name in done:
        if columns[name] is None:
            guessed.setdefault(name, named[name])
    return list(guessed.items())


def _parts(value: object) -> list[Node]:
    found = value if isinstance(value, list) else [value]
    return [v for v in found if isinstance(v, exp.Expr)]


def _expand(
    name: str, named: dict[str, exp.Alias], columns: dict[str, bool | None], used: set[str], path: tuple[str, ...]
) -> None:
    """Put other names of the select list in the expression of ``name``; ``used`` gathers them."""
    if name in path:
        raise Refused("SC4200", offset(named[name]), reason=f"{name} stands for itself")
    for column in list(_names(named[name].this, named, columns)):
        _expand(column.name, named, columns, used, (*path, name))
        used.add(column.name)
        if _replace(column, named[column.name].this) > _LIMIT:
            raise Refused("SC4200", offset(named[name]), reason="names of the select list stand for too much")


def _names(part: Node, named: dict[str, exp.Alias], columns: dict[str, bool | None]) -> Iterator[exp.Column]:
    """The columns of ``part`` that mean a name of the select list; what stands in subqueries has names of its own."""
    stack = [part]
    while stack:
        node = stack.pop()
        if isinstance(node, exp.Column):
            if not node.table and node.name in named and not columns[node.name]:
                yield node
        elif not isinstance(node, exp.Query) or isinstance(node, exp.Subquery):
            if not isinstance(node, exp.Subquery):
                stack.extend(node.iter_expressions())


def _replace(column: exp.Column, value: Node) -> int:
    made = value.copy()
    put(column, made, column.root())
    return len(nodes(made))
