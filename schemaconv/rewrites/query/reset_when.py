"""``OVER (PARTITION BY p ORDER BY o RESET WHEN condition)``: a new partition begins at each row where it is true.

Teradata SQL Functions, Expressions, and Predicates, "RESET WHEN Phrase": the condition is asked of the rows of the
partition in their order, and may hold window functions itself. The rows are marked in one query, the marks are summed
up in a second one, and the sum is a further key of the partition in the third.
"""

from __future__ import annotations

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.kinds import INTEGER
from ...sql.select_list import written_out
from ...sql.tree import Node, exp, identifier, is_call, nodes, number, source_function, unused
from . import selects

REMOVES = "reset_when"
ADDS = ("function", "unnamed_derived_table", "null_order", "qualify_clause", "window_order", "comparison")
WORDS = frozenset({"RESET_WHEN"})


def rewrite(root: Node, ctx: Context) -> Node:
    taken = {i.this.upper() for i in root.find_all(exp.Identifier)}
    for select in selects(root):
        windows = [w for w in _own(select, exp.Window) if isinstance(w, exp.Window) and _condition(w) is not None]
        if windows:
            ctx.consume("RESET_WHEN")
            root = _apart(select, windows, taken, root, ctx)
    return root


def _own(select: exp.Select, kind: type[Node]) -> list[Node]:
    """The nodes of ``kind`` in what the query computes, without those of other queries in it."""
    found: list[Node] = []
    for key in ("expressions", "qualify", "order"):
        value = select.args.get(key)
        for part in value if isinstance(value, list) else [value]:
            found += [n for n in nodes(part) if isinstance(n, kind)] if part is not None else []
    return found


def _condition(window: exp.Window) -> exp.Anonymous | None:
    order = window.args.get("order")
    for key in order.expressions if order is not None else ():
        value = key.this if isinstance(key, exp.Ordered) else key
        if isinstance(value, exp.Anonymous) and is_call(value, "RESET_WHEN"):
            return value
    return None


def _apart(select: exp.Select, windows: list[exp.Window], taken: set[str], root: Node, ctx: Context) -> Node:
    if any(select.args.get(k) for k in ("group", "having", "distinct", "limit")) or select.args.get("from_") is None:
        raise ctx.refuse("SC4204", select, function="RESET WHEN beside GROUP BY, DISTINCT or TOP")
    if any(isinstance(n, exp.Query) for part in select.expressions for n in nodes(part)):
        raise ctx.refuse("SC4204", select, function="RESET WHEN beside a subquery")
    select.set("expressions", [_titled(i) for item in select.expressions for i in written_out(item, select, ctx)])
    names: dict[tuple[str, str], exp.Identifier] = {}
    marks: list[Node] = []
    sums: list[Node] = []
    used: set[str] = set()
    titles = {i.alias_or_name for i in select.expressions}
    for column in _own(select, exp.Column):
        assert isinstance(column, exp.Column)
        if column.table or column.name not in titles or _computes(column, select):
            _named(column, names, used)
    first = [_passed(key, alias, select) for key, alias in names.items()]
    for window in windows:
        condition = _condition(window)
        assert condition is not None
        mark, segment = identifier(unused("RESET_1", taken)), identifier(unused("SEGMENT_1", taken))
        test = condition.expressions[0].copy()
        flag = exp.Case(ifs=[exp.If(this=test, true=number(1))], default=number(0))
        flag.meta["known"] = Known(INTEGER, True)
        marks.append(exp.Alias(this=flag, alias=mark))
        order = window.args["order"].copy()
        order.set("expressions", [k for k in order.expressions if not is_call(_value(k), "RESET_WHEN")])
        if not order.expressions:
            raise ctx.refuse("SC4204", window, function="RESET WHEN without ORDER BY")
        window.set("order", order.copy())
        total = exp.Window(
            this=source_function("SUM", _known(mark)), order=_renamed(order, names), over="OVER",
            partition_by=[_renamed(p.copy(), names) for p in window.args.get("partition_by") or []],
            spec=exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW"),
        )  # fmt: skip
        sums.append(exp.Alias(this=total, alias=segment))
        window.set("partition_by", [*(window.args.get("partition_by") or []), _known(segment)])
    inner = exp.Select(expressions=[*first, *marks])
    for name in ("from_", "joins", "where"):
        inner.set(name, select.args.get(name))
        select.set(name, None)
    listed: list[Node] = [exp.Column(this=alias.copy()) for alias in names.values()]
    middle = exp.Select(expressions=[*listed, *sums], from_=_from(inner, "MARKED", taken))
    for key in ("expressions", "qualify", "order"):
        value = select.args.get(key)
        for part in value if isinstance(value, list) else [value]:
            if part is not None:
                _renamed(part, names)
    select.set("from_", _from(middle, "SEGMENTED", taken))
    return root


def _value(key: Node) -> Node:
    value = key.this if isinstance(key, exp.Ordered) else key
    assert isinstance(value, exp.Expr)
    return value


def _titled(item: Node) -> Node:
    """A column of the select list with its name, which the inner queries may change."""
    if isinstance(item, exp.Column) and isinstance(item.this, exp.Identifier) and item.table:
        return exp.Alias(this=item, alias=item.this.copy())
    return item


def _named(column: exp.Column, names: dict[tuple[str, str], exp.Identifier], used: set[str]) -> None:
    key = (column.table, column.name)
    if key not in names and isinstance(column.this, exp.Identifier):
        made = column.this.copy()
        if made.this in used:
            made = identifier(unused(f"{made.this}_1", used))
        used.add(made.this)
        names[key] = made


def _computes(column: exp.Column, select: exp.Select) -> bool:
    """Whether the column stands in the select list, where a name is not that of the list."""
    return any(column is n for item in select.expressions for n in nodes(item))


def _passed(key: tuple[str, str], alias: exp.Identifier, select: exp.Select) -> Node:
    """A column as the innermost query gives it."""
    found = next(c for c in _own(select, exp.Column) if isinstance(c, exp.Column) and (c.table, c.name) == key).copy()
    return found if found.name == alias.this and not found.table else exp.Alias(this=found, alias=alias.copy())


def _known(name: exp.Identifier) -> exp.Column:
    made = exp.Column(this=name.copy())
    made.meta["known"] = Known(INTEGER, True)
    return made


def _renamed(part: Node, names: dict[tuple[str, str], exp.Identifier]) -> Node:
    for node in nodes(part):
        if isinstance(node, exp.Column) and (node.table, node.name) in names:
            alias = names[node.table, node.name]
            node.set("table", None)
            node.set("this", alias.copy())
    return part


def _from(query: exp.Select, name: str, taken: set[str]) -> exp.From:
    alias = exp.TableAlias(this=identifier(unused(name, taken)))
    return exp.From(this=exp.Subquery(this=query, alias=alias))
