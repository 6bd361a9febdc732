"""SEARCH and CYCLE behind a recursive query: columns that the recursion carries, and a query around it.

SQL Language Reference, "SELECT", search_clause and cycle_clause: SEARCH numbers the rows from 1, depth first or level
by level, rows of one parent by the keys; a row closes a circle when one above it has the same values in the columns of
CYCLE, and nothing is looked for below it.
"""

from __future__ import annotations

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.kinds import INTEGER, TEXT, family, is_integer
from ...sql.tree import Node, exp, identifier, literal_text, nodes, number, source_function, unused
from ...sql.walks import BREADTH, CYCLE, is_mark

REMOVES = "search_or_cycle"
ADDS = ("implicit_recursion", "null_order", "window_default_frame", "function", "recursive_column_type")
NEEDS = (exp.With,)

_COUNT = Known(INTEGER, True)
_WAY = Known(TEXT, True)


def rewrite(root: Node, ctx: Context) -> Node:
    for with_ in list(root.find_all(exp.With)):
        if any(is_mark(cte) for cte in with_.expressions):
            _walked(with_, ctx)
    return root


def _walked(with_: Node, ctx: Context) -> None:
    taken = {n.this for n in nodes(with_.root()) if isinstance(n, exp.Identifier)}
    made: list[Node] = []
    for cte in with_.expressions:
        if not is_mark(cte):
            made.append(cte)
            continue
        walk = made[-1]
        if made[-1].meta.get("walk") is not None:
            walk = made[-1].meta["walk"]
        else:
            outer = _outer(walk, taken, ctx)
            outer.meta["walk"] = walk
            made.append(outer)
        _clause(cte, walk, made[-1], taken, ctx)
    with_.set("expressions", made)


def _outer(walk: Node, taken: set[str], ctx: Context) -> exp.CTE:
    """The query that bears the name from now on, over the recursion, which gets another one."""
    alias, body = walk.args["alias"], walk.this
    union = isinstance(body, exp.Union) and not body.args.get("distinct")
    plain = union and isinstance(body.this, exp.Select) and isinstance(body.expression, exp.Select)
    columns = alias.args.get("columns") or ()
    if not plain or not columns or any(len(b.expressions) != len(columns) for b in (body.this, body.expression)):
        raise ctx.refuse("SC4226", walk, what="SEARCH or CYCLE behind such a query")
    own = [t for t in body.expression.find_all(exp.Table) if t.name == alias.name and not t.args.get("db")]
    if len(own) != 1 or own[0].find_ancestor(exp.Select) is not body.expression:
        raise ctx.refuse("SC4226", walk, what="SEARCH or CYCLE behind such a query")
    name = identifier(unused(f"{alias.name}_WALK", taken))
    if own[0].args.get("alias") is None:
        own[0].set("alias", exp.TableAlias(this=alias.this.copy()))
    own[0].set("this", name.copy())
    titles = [exp.Column(this=c.copy()) for c in columns]
    query = exp.Select(expressions=titles, from_=exp.From(this=exp.Table(this=name.copy())))
    outer = exp.CTE(this=query, alias=exp.TableAlias(this=alias.this.copy()))
    alias.set("this", name)
    walk.meta["parent"] = own[0].args["alias"].this
    return outer


def _clause(cte: Node, walk: Node, outer: Node, taken: set[str], ctx: Context) -> None:
    keys = cte.this.args["order"].expressions
    title = cte.this.expressions[0].this
    if not isinstance(title, exp.Identifier):
        raise ctx.refuse("SC4226", cte, what="SEARCH or CYCLE with such a column")
    mark = cte.args["alias"].name
    ctx.consume(mark)
    if mark == CYCLE:
        _cycle(cte, title, walk, outer, taken, ctx)
    elif mark == BREADTH:
        way = identifier(unused("WALK_LEVEL", taken))
        _carry(walk, way, number(1), exp.Add(this=_of(way, walk, _COUNT), expression=number(1)))
        order = [exp.Ordered(this=exp.Column(this=way.copy()), desc=False, nulls_first=False)]
        _numbered(outer, title, [*order, *(k.copy() for k in keys)])
    else:
        way = identifier(unused("WALK_PATH", taken))
        first, later = _way(keys, walk, way, ctx)
        _carry(walk, way, first, later)
        key = exp.Column(this=way.copy())
        key.meta["known"] = _WAY
        _numbered(outer, title, [exp.Ordered(this=key, desc=False, nulls_first=False)])


def _of(title: exp.Identifier, walk: Node, known: Known) -> exp.Column:
    made = exp.Column(this=title.copy(), table=walk.meta["parent"].copy())
    made.meta["known"] = known
    return made


def _carry(walk: Node, title: exp.Identifier, first: Node, later: Node) -> None:
    """One more column of the recursion."""
    walk.args["alias"].append("columns", title.copy())
    for branch, value in ((walk.this.this, first), (walk.this.expression, later)):
        value.meta["carried"] = True
        branch.append("expressions", value)


def _numbered(outer: Node, title: exp.Identifier, keys: list[Node]) -> None:
    rank = exp.Window(this=source_function("ROW_NUMBER"), order=exp.Order(expressions=keys), over="OVER")
    rank.meta["known"] = _COUNT
    outer.this.append("expressions", exp.Alias(this=rank, alias=title.copy()))


def _values(names: list[Node], walk: Node, ctx: Context) -> list[tuple[Node, Node]]:
    """What columns of the recursion are in its first branch and in the other."""
    titles = [c.name for c in walk.args["alias"].args["columns"]]
    made: list[tuple[Node, Node]] = []
    for name in names:
        column = name.this if isinstance(name, exp.Ordered) else name
        if not isinstance(column, exp.Column) or column.name not in titles:
            raise ctx.refuse("SC4226", name, what="SEARCH or CYCLE by what is no column")
        at = titles.index(column.name)
        first, later = walk.this.this.expressions[at].unalias(), walk.this.expression.expressions[at].unalias()
        made.append((first.copy(), later.copy()))
    return made


def _way(keys: list[Node], walk: Node, way: exp.Identifier, ctx: Context) -> tuple[Node, Node]:
    """The places of a row and of those above it, each among all rows of its level."""
    pairs = _values(keys, walk, ctx)
    above = _of(way, walk, _WAY)
    if ctx.has("window_in_recursion"):
        made: list[Node] = []
        for side in (0, 1):
            order = [_key(k, pair[side]) for k, pair in zip(keys, pairs, strict=True)]
            window = exp.Window(this=source_function("ROW_NUMBER"), order=exp.Order(expressions=order), over="OVER")
            window.meta["known"] = _COUNT
            made.append(window)
        first = ctx.op("hierarchy_order", keys[0], _WAY, n=made[0])
        return first, ctx.op("hierarchy_order_next", keys[0], _WAY, p=above, n=made[1])
    places: list[Node] = []
    for side in (0, 1):
        parts = [_place(k, pair[side], ctx) for k, pair in zip(keys, pairs, strict=True)]
        place = parts[0]
        for part in parts[1:]:
            place = ctx.op("walk_next", keys[0], _WAY, p=place, k=part)
        places.append(place)
    return (
        ctx.op("hierarchy_text", keys[0], _WAY, s=places[0]),
        ctx.op("walk_next", keys[0], _WAY, p=above, k=places[1]),
    )


def _key(key: Node, value: Node) -> exp.Ordered:
    made: exp.Ordered = key.copy() if isinstance(key, exp.Ordered) else exp.Ordered(this=key.copy(), desc=False)
    if made.args.get("nulls_first") is None:
        made.set("nulls_first", bool(made.args.get("desc")))
    made.set("this", value.copy())
    return made


def _place(key: Node, value: Node, ctx: Context) -> Node:
    """A key as a text that sorts as it does; NULL where the order wants it."""
    found = ctx.infer(value).type
    desc = isinstance(key, exp.Ordered) and bool(key.args.get("desc"))
    first = key.args.get("nulls_first") if isinstance(key, exp.Ordered) else None
    kind = family(found)
    whole = is_integer(found) or (kind == "number" and found.precision is not None and (found.scale or 0) <= 4)
    op = {"number": "number" if whole else "", "text": "text", "date": "moment", "timestamp": "moment"}.get(kind, "")
    name = f"walk_{op}_down" if desc else f"walk_{op}"
    if not op or ctx.family.way(name) is None:
        raise ctx.refuse("SC4226", key, what="SEARCH DEPTH FIRST by a key of this type")
    made = ctx.op(name, key, _WAY, k=value.copy())
    nulls = number("0" if (first if first is not None else desc) else "2")
    return ctx.op("walk_place", key, _WAY, k=made, nulls=exp.Literal(this=nulls.this, is_string=True))


def _cycle(cte: Node, title: exp.Identifier, walk: Node, outer: Node, taken: set[str], ctx: Context) -> None:
    there, else_ = cte.this.expressions[1], cte.this.expressions[2]
    if literal_text(there) is None and not isinstance(there, exp.Literal):
        raise ctx.refuse("SC4226", cte, what="CYCLE with such marks")
    keys = cte.this.args["order"].expressions
    pairs = _values(keys, walk, ctx)
    ways: list[Node] = []
    for side in (0, 1):
        made: Node | None = None
        for pair in pairs:
            text = family(ctx.infer(pair[side]).type) == "text"
            value = ctx.op("hierarchy_key_text" if text else "hierarchy_key", cte, None, k=pair[side])
            made = value if made is None else ctx.op("hierarchy_key_pair", cte, None, a=made, b=value)
        assert made is not None
        ways.append(made)
    way = identifier(unused("VISITED", taken))
    above = _of(way, walk, _WAY)
    seen = ctx.op("hierarchy_is_seen", cte, None, k=ways[1].copy(), p=above.copy())
    flag = exp.Case(ifs=[exp.If(this=seen, true=there.copy())], default=else_.copy())
    known = ctx.infer(there)
    flag.meta["known"] = known
    later = ctx.op("hierarchy_seen_next", cte, None, p=above, k=ways[1])
    _carry(walk, way, ctx.op("hierarchy_seen", cte, None, k=ways[0]), later)
    _carry(walk, title, else_.copy(), flag)
    shown = exp.Column(this=title.copy())
    shown.meta["known"] = known
    outer.this.append("expressions", shown)
    below = walk.this.expression
    where = below.args.get("where")
    open_ = exp.NEQ(this=_of(title, walk, known), expression=there.copy())
    both = open_ if where is None else exp.And(this=_closed(where.this), expression=open_)
    below.set("where", exp.Where(this=both))


def _closed(node: Node) -> Node:
    return exp.Paren(this=node.copy()) if isinstance(node, exp.Or) else node.copy()
