"""GROUPING SETS, CUBE and lists with ROLLUP, and GROUP_ID, as one query for each set, joined by UNION ALL.

SQL Language Reference, "SELECT", group_by_clause: the items of the list are combined with each other; a column outside
of a set is NULL in its rows. "GROUP_ID": the second of two equal sets gives 1, the first 0.
"""

from __future__ import annotations

from itertools import combinations, product

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.kinds import INTEGER, family
from ...sql.tree import Node, call_name, cast_to, exp, is_call, number
from . import selects

REMOVES = "grouping_id"
ADDS = ("grouping_sets", "placed_aggregate")
NEEDS = (exp.Group,)

_SETS = (exp.GroupingSets, exp.Cube, exp.Rollup)
#: More queries than a reader would want.
MOST = 32


def rewrite(root: Node, ctx: Context) -> Node:
    for select in selects(root):
        group = select.args.get("group")
        if group is None:
            continue
        counted = any(is_call(n, "GROUP_ID") for n in select.find_all(exp.Anonymous))
        items = group.expressions
        listed = any(isinstance(i, _SETS) or (isinstance(i, exp.Tuple) and not i.expressions) for i in items)
        behind = ctx.has("with_rollup") and len(items) == 1 and isinstance(items[0], exp.Rollup)
        simple = behind and not any(isinstance(i, exp.Tuple) for i in items[0].expressions)
        if not counted and (not listed or ctx.has("grouping_sets") or simple):
            _spelled(select, ctx)
            continue
        if any(group.args.get(k) for k in ("rollup", "cube", "grouping_sets", "all")):
            continue
        sets = [_joined(parts) for parts in product(*(_sets(i) for i in items))]
        if len(sets) > MOST or _kept_whole(select):
            continue
        root = _apart(select, sets, root, ctx)
    return root


def _spelled(select: exp.Select, ctx: Context) -> None:
    """GROUPING_ID as a sum of GROUPING, where a target has only that."""
    if ctx.family.way("grouping_id") is not None:
        return
    for call in [n for n in select.find_all(exp.Anonymous) if is_call(n, "GROUPING_ID") and n.expressions]:
        made: Node | None = None
        for place, value in enumerate(reversed(call.expressions)):
            bit: Node = exp.Anonymous(this="GROUPING", expressions=[value.copy()])
            bit = exp.Mul(this=bit, expression=number(2**place)) if place else bit
            made = bit if made is None else exp.Add(this=bit, expression=made)
        assert made is not None
        call.replace(made if len(call.expressions) == 1 else exp.Paren(this=made))


def _sets(item: Node) -> list[list[Node]]:
    """The sets that one item of GROUP BY stands for."""
    match item:
        case exp.Rollup():
            parts = [_columns(e) for e in item.expressions]
            return [_joined(parts[:n]) for n in range(len(parts), -1, -1)]
        case exp.Cube():
            parts = [_columns(e) for e in item.expressions]
            return [_joined(c) for n in range(len(parts), -1, -1) for c in combinations(parts, n)]
        case exp.GroupingSets():
            return [found for e in item.expressions for found in _sets(e)]
        case _:
            return [_columns(item)]


def _columns(item: Node) -> list[Node]:
    if isinstance(item, exp.Tuple):
        return list(item.expressions)
    return [item.this] if isinstance(item, exp.Paren) else [item]


def _joined(parts: tuple[list[Node], ...] | list[list[Node]]) -> list[Node]:
    made: list[Node] = []
    for part in parts:
        made += [p for p in part if p not in made]
    return made


def _kept_whole(select: exp.Select) -> bool:
    """Whether the query does more with its groups than a part of them can, or stands where no union may."""
    if any(select.args.get(k) for k in ("distinct", "qualify", "offset", "limit")):
        return True
    if isinstance(select.parent, exp.SetOperation) or any(i.is_star for i in select.expressions):
        return True
    return any(isinstance(n, exp.Window) for i in select.expressions for n in i.walk())


def _apart(select: exp.Select, sets: list[list[Node]], root: Node, ctx: Context) -> Node:
    keys = _joined(sets)
    branches: list[exp.Select] = []
    order, with_ = select.args.get("order"), select.args.get("with_")
    items = [i.copy() for i in select.expressions]
    for at, found in enumerate(sets):
        same = sum(1 for before in sets[:at] if _alike(before, found))
        branch = select.copy()
        branch.set("order", None)
        branch.set("with_", None)
        branch.set("group", exp.Group(expressions=[f.copy() for f in found]) if found else None)
        titled = [i.this if isinstance(i, exp.Column) else None for i in branch.expressions]
        for part in [*branch.expressions, branch.args.get("having")]:
            if part is not None:
                _within(part, found, keys, same, ctx)
        for i, title in enumerate(titled):
            if title is not None and not isinstance(branch.expressions[i], exp.Column):
                branch.set("expressions", exp.Alias(this=branch.expressions[i].copy(), alias=title.copy()), i)
        if not found and not any(_counts(n, ctx) for i in branch.expressions for n in i.walk()):
            some = exp.GT(this=exp.Anonymous(this="COUNT", expressions=[exp.Star()]), expression=number(0))
            having = branch.args.get("having")
            both = some if having is None else exp.And(this=having.this, expression=some)
            branch.set("having", exp.Having(this=both))
        branches.append(branch)
    made: Node = branches[0]
    for more in branches[1:]:
        made = exp.Union(this=made, expression=more, distinct=False)
    if order is not None:
        made.set("order", _ordered(order, items, ctx))
    if with_ is not None:
        made.set("with_", with_)
    if select is root:
        return made
    select.replace(made)
    return root


def _alike(one: list[Node], other: list[Node]) -> bool:
    return len(one) == len(other) and all(o in one for o in other)


def _counts(node: Node, ctx: Context) -> bool:
    return isinstance(node, exp.Anonymous) and any(r.aggregate for r in ctx.source.rows.get(str(node.name).upper(), ()))


def _within(part: Node, found: list[Node], keys: list[Node], same: int, ctx: Context) -> None:
    """What ``part`` is in the rows of one set: GROUPING is a number, and a column of another set NULL."""
    stack = [part]
    while stack:
        node = stack.pop()
        made: Node | None = None
        if isinstance(node, exp.Anonymous) and call_name(node).upper() in ("GROUPING", "GROUPING_ID", "GROUP_ID"):
            bits = "".join("0" if e in found else "1" for e in node.expressions)
            made = number(int(bits, 2) if bits else same)
            made.meta["known"] = Known(INTEGER, True)
        elif node in keys and not isinstance(node, exp.Literal):
            if node not in found:
                made = _nothing(node, ctx)
            elif node.parent is not None:
                continue
        if made is not None:
            ctx.consume_tree(node)
            if isinstance(node, exp.Anonymous):
                ctx.consume(call_name(node))
            node.replace(made)
        elif not _counts(node, ctx) and not isinstance(node, exp.Query):
            stack.extend(node.iter_expressions())


def _nothing(node: Node, ctx: Context) -> Node:
    known = Known(ctx.infer(node).type)
    kind = {"number": "number", "text": "text", "date": "timestamp", "timestamp": "timestamp"}
    spelling = ctx.family.casts.get(kind.get(family(known.type), ""))
    made: Node = exp.Null()
    if ctx.has("strict_types") and spelling:
        made = cast_to(made, str(spelling))
        made.meta["done"] = True
    made.meta["known"] = known
    return made


def _always(value: Node) -> bool:
    """Whether ``value`` is there in the rows of every set."""
    if not isinstance(value, exp.Anonymous):
        return False
    name = call_name(value).upper()
    default = name in ("NVL", "COALESCE") and isinstance(value.expressions[-1], exp.Literal)
    return default or name in ("GROUPING", "GROUPING_ID", "GROUP_ID", "COUNT")


def _ordered(order: Node, items: list[Node], ctx: Context) -> Node:
    """The order of the whole by the columns of its parts. Raises :class:`Refused` for a key that is none of them."""
    made = order.copy()
    for key in made.expressions:
        value = key.this if isinstance(key, exp.Ordered) else key
        at = next((i for i, item in enumerate(items) if item.unalias() == value or
                   (isinstance(value, exp.Column) and not value.table and item.alias == value.name)), None)  # fmt: skip
        if isinstance(value, exp.Literal):
            continue
        if at is None:
            raise ctx.refuse("SC4267", order)
        item = items[at]
        title = item.args["alias"] if isinstance(item, exp.Alias) else item.this
        if not isinstance(title, exp.Identifier):
            raise ctx.refuse("SC4267", order)
        column = exp.Column(this=title.copy())
        column.meta["known"] = Known(ctx.infer(value).type, _always(value))
        value.replace(column)
    return made


