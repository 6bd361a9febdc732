"""Tables that a statement reads without naming them in its FROM (Teradata SQL Data Manipulation Language, "SELECT",
"FROM Clause": a table that only qualifies a column is joined to the others).

Names are compared in the source's canonical case: the tree has been folded.
"""

from __future__ import annotations

from collections.abc import Iterator

from .pieces import Refused
from .tree import Node, exp, offset


def complete(root: Node) -> None:
    """Put the tables that only qualify columns into the FROM of their block. Raises :class:`Refused` where it is not
    plain which block that is."""
    match root:
        case exp.Insert() if isinstance(root.expression, exp.Query):
            _query(root.expression, frozenset())
        case exp.Update() | exp.Delete():
            _change(root)
        case exp.Query():
            _query(root, frozenset())


def _change(root: exp.Update | exp.Delete) -> None:
    from_ = root.args.get("from_") if isinstance(root, exp.Update) else None
    if not isinstance(root.this, exp.Table):
        return
    named = root.args.get("tables") or [] if isinstance(root, exp.Delete) else []
    own = _names(root.this) | {n for t in named for n in _names(t)}
    if from_ is not None:
        own |= _names(from_.this)
    missing: dict[str, exp.Column] = {}
    for part in root.iter_expressions():
        _walk(part, own, missing, True)
    for column in missing.values():
        if isinstance(root, exp.Update):
            _read(root, column)
        else:
            if not root.args.get("tables"):
                name = root.this.args["alias"].this if root.this.alias else root.this.this
                root.set("tables", [exp.Table(this=name.copy())])
            root.this.append("joins", exp.Join(this=_table(column)))


def _read(root: Node, column: exp.Column) -> None:
    """Put the table of ``column`` behind the FROM of a SELECT or an UPDATE."""
    from_ = root.args.get("from_")
    if from_ is None:
        root.set("from_", exp.From(this=_table(column)))
    else:
        holder = root if isinstance(root, exp.Select) else from_.this
        holder.append("joins", exp.Join(this=_table(column)))


def _query(query: Node, outer: frozenset[str]) -> None:
    match query:
        case exp.Subquery():
            _query(query.this, outer)
        case exp.SetOperation():
            _with(query)
            _query(query.this, outer)
            _query(query.expression, outer)
        case exp.Select():
            _with(query)
            _select(query, outer)


def _with(query: Node) -> None:
    with_ = query.args.get("with_")
    for cte in with_.expressions if with_ is not None else []:
        _query(cte.this, frozenset())


def _select(select: exp.Select, outer: frozenset[str]) -> None:
    from_ = select.args.get("from_")
    own = set(_names(from_.this)) if from_ is not None else set()
    for join in select.args.get("joins") or []:
        own |= _names(join.this)
    missing: dict[str, exp.Column] = {}
    for key, value in select.args.items():
        if key == "with_":
            continue
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, exp.Expr):
                _walk(part, outer | own, missing, not outer)
    for column in missing.values():
        _read(select, column)


def _walk(part: Node, visible: frozenset[str] | set[str], missing: dict[str, exp.Column], outermost: bool) -> None:
    """Gather the columns of ``part`` whose qualifier names no table that is ``visible``."""
    stack = [part]
    while stack:
        node = stack.pop()
        if isinstance(node, exp.Column):
            if node.table and node.table not in visible and node.table not in missing:
                if not outermost:
                    raise Refused("SC4291", offset(node), what=node.table)
                missing[node.table] = node
        elif isinstance(node, exp.Subquery) and isinstance(node.parent, (exp.From, exp.Join)):
            _query(node.this, frozenset())  # a derived table sees nothing around it
            stack.extend(node.args.get("joins") or [])
        elif isinstance(node, exp.Query) and not isinstance(node, exp.Subquery):
            _query(node, frozenset(visible))
        else:
            stack.extend(node.iter_expressions())


def _names(source: Node) -> frozenset[str]:
    return frozenset(_named(source))


def _named(source: Node) -> Iterator[str]:
    if isinstance(source, (exp.Table, exp.Subquery)) and (name := source.alias or source.name):
        yield str(name)
    elif isinstance(source, exp.Subquery):  # a join in parentheses
        yield from _named(source.this)
    for join in source.args.get("joins") or []:
        yield from _named(join.this)


def _table(column: exp.Column) -> exp.Table:
    schema = column.args.get("db")
    return exp.Table(this=column.args["table"].copy(), db=schema.copy() if schema is not None else None)
