"""PIVOT and UNPIVOT, as a derived table that groups, or that joins each row to its values.

Transact-SQL reference, "FROM - Using PIVOT and UNPIVOT"; SQL Language Reference, "pivot_clause" and "unpivot_clause":
PIVOT groups by every column that it does not name, UNPIVOT leaves rows without a value out.
"""

from __future__ import annotations

from ...sql.context import Context
from ...sql.kinds import family
from ...sql.tree import Node, exp, identifier, number, string, unused
from . import every

REMOVES = "pivot_clause"
ADDS = ("unnamed_derived_table",)
NEEDS = (exp.Pivot,)


def rewrite(root: Node, ctx: Context) -> Node:
    taken = {i.this.upper() for i in root.find_all(exp.Identifier)}
    for pivot in every(root, exp.Pivot):
        assert isinstance(pivot, exp.Pivot)
        source = pivot.parent
        if source is None or len(source.args.get("pivots") or ()) != 1 or len(pivot.args["fields"]) != 1:
            raise ctx.refuse("SC4211", pivot, what="more than one PIVOT of a table")
        source.set("pivots", None)
        alias = pivot.args.get("alias")
        made = _unpivoted(pivot, source, taken, ctx) if pivot.args.get("unpivot") else _pivoted(pivot, source, ctx)
        source.replace(exp.Subquery(this=made, alias=alias))
    return root


def _others(pivot: exp.Pivot, named: set[str], what: str, ctx: Context) -> list[exp.Identifier]:
    """The columns of the source that the clause does not name. Raises :class:`Refused` where nobody knows them."""
    columns = pivot.meta.get("columns")
    if columns is not None:
        return [identifier(c) for c in columns if c not in named]
    query = pivot.find_ancestor(exp.Select)
    if query is None or not pivot.args.get("unpivot") or any(i.is_star for i in query.expressions):
        raise ctx.refuse("SC4211", pivot, what=f"{what} of a table whose columns the script does not tell")
    if query.args.get("joins"):
        raise ctx.refuse("SC4211", pivot, what=f"{what} of a table whose columns the script does not tell")
    own = {pivot.expressions[0].name, pivot.args["fields"][0].this.name} | named
    names = dict.fromkeys(c.name for c in query.find_all(exp.Column) if c.find_ancestor(exp.Select) is query)
    return [identifier(n) for n in names if n not in own]


def _unpivoted(pivot: exp.Pivot, source: Node, taken: set[str], ctx: Context) -> exp.Select:
    """``SELECT k, c, v FROM source CROSS JOIN LATERAL (SELECT 'A' AS c, a AS v UNION ALL ...)``; without LATERAL the
    names are joined, and CASE finds the value of each."""
    value, field = pivot.expressions[0], pivot.args["fields"][0]
    if isinstance(value, exp.Tuple):
        return _unpivoted_together(pivot, source, value, taken, ctx)
    items = [(item.this if isinstance(item, exp.PivotAlias) else item, _text(item, ctx)) for item in field.expressions]
    if not all(isinstance(column, exp.Column) for column, _ in items) or isinstance(value, exp.Tuple):
        raise ctx.refuse("SC4211", pivot, what="UNPIVOT of several columns at once")
    others = _others(pivot, {column.name for column, _ in items}, "UNPIVOT", ctx)
    name, rows = _name_of(source, taken), identifier(unused("UNPIVOTED", taken))
    lateral = ctx.has("lateral")
    branches: list[Node] = []
    whens: list[Node] = []
    named = exp.Column(this=field.this.copy(), table=rows.copy())
    for column, text in items:
        held = exp.Column(this=column.this.copy(), table=name.copy())
        branch = [exp.Alias(this=string(text), alias=field.this.copy())]
        branch += [exp.Alias(this=held, alias=value.copy())] * lateral
        branches.append(exp.Select(expressions=branch))
        whens.append(exp.If(this=string(text), true=held.copy()))
    union = branches[0]
    for more in branches[1:]:
        union = exp.Union(this=union, expression=more, distinct=False)
    found: Node = exp.Column(this=value.copy(), table=rows.copy())
    joined: Node = exp.Subquery(this=union, alias=None if lateral else exp.TableAlias(this=rows))
    if lateral:
        joined = exp.Lateral(this=joined, alias=exp.TableAlias(this=rows))
    else:
        found = exp.Case(this=named.copy(), ifs=whens)
    pair = [named, found if lateral else exp.Alias(this=found.copy(), alias=value.copy())]
    listed: list[Node] = [exp.Column(this=o, table=name.copy()) for o in others]
    listed += pair[::-1] if pivot.args.get("value_columns_first") else pair
    made = exp.Select(expressions=listed, from_=exp.From(this=source.copy()))
    made.set("joins", [exp.Join(this=joined, kind="CROSS")])
    if not pivot.args.get("include_nulls"):
        made.set("where", exp.Where(this=exp.Not(this=exp.Is(this=found.copy(), expression=exp.Null()))))
    return made


def _unpivoted_together(
    pivot: exp.Pivot, source: Node, values: exp.Tuple, taken: set[str], ctx: Context
) -> exp.Select:
    """``SELECT k, c, v, w FROM source CROSS JOIN (SELECT 'A_B' AS c UNION ALL ...)``: CASE finds the values of each."""
    field = pivot.args["fields"][0]
    items: list[tuple[list[Node], Node]] = []
    for item in field.expressions:
        columns = item.this if isinstance(item, exp.PivotAlias) else item
        parts = list(columns.expressions) if isinstance(columns, exp.Tuple) else []
        if len(parts) != len(values.expressions) or not all(isinstance(c, exp.Column) for c in parts):
            raise ctx.refuse("SC4211", pivot, what="UNPIVOT of several columns at once")
        named = item.args["alias"] if isinstance(item, exp.PivotAlias) else None
        text: Node = named if isinstance(named, exp.Literal) else string("_".join(c.name for c in parts))
        if named is not None and not isinstance(named, (exp.Literal, exp.Identifier)):
            raise ctx.refuse("SC4211", pivot, what="UNPIVOT of several columns at once")
        items.append((parts, string(named.name) if isinstance(named, exp.Identifier) else text))
    others = _others(pivot, {c.name for parts, _ in items for c in parts}, "UNPIVOT", ctx)
    name, rows = _name_of(source, taken), identifier(unused("UNPIVOTED", taken))
    title = field.this.this if isinstance(field.this, exp.Column) else field.this
    union: Node | None = None
    for _, text in items:
        branch = exp.Select(expressions=[exp.Alias(this=text.copy(), alias=title.copy())])
        union = branch if union is None else exp.Union(this=union, expression=branch, distinct=False)
    kind = exp.Column(this=title.copy(), table=rows.copy())
    listed: list[Node] = [exp.Column(this=o, table=name.copy()) for o in others]
    listed.append(kind)
    tests: list[Node] = []
    for at, value in enumerate(values.expressions):
        whens = [exp.If(this=text.copy(), true=exp.Column(this=parts[at].this.copy(), table=name.copy()))
                 for parts, text in items]  # fmt: skip
        found = exp.Case(this=kind.copy(), ifs=whens)
        named = value.this if isinstance(value, exp.Column) else value
        listed.append(exp.Alias(this=found, alias=named.copy()))
        tests.append(exp.Not(this=exp.Is(this=found.copy(), expression=exp.Null())))
    made = exp.Select(expressions=listed, from_=exp.From(this=source.copy()))
    joined = exp.Subquery(this=union, alias=exp.TableAlias(this=rows))
    made.set("joins", [exp.Join(this=joined, kind="CROSS")])
    if not pivot.args.get("include_nulls"):
        any_ = tests[0]
        for test in tests[1:]:
            any_ = exp.Or(this=any_, expression=test)
        made.set("where", exp.Where(this=any_))
    return made


def _pivoted(pivot: exp.Pivot, source: Node, ctx: Context) -> exp.Select:
    """``SELECT k, SUM(CASE WHEN c = 'A' THEN v END) AS a, ... FROM source GROUP BY k``."""
    field = pivot.args["fields"][0]
    held = _held(field.this)
    named = {h.name for h in held} | {c.name for e in pivot.expressions for c in e.find_all(exp.Column)}
    groups = [exp.Column(this=o) for o in _others(pivot, named, "PIVOT", ctx)]
    numeric = family((pivot.meta.get("columns") or {})[held[0].name].type) == "number"
    made: list[Node] = []
    for item in field.expressions:
        value, title = _value(item, numeric, ctx)
        for aggregate in pivot.expressions:
            call = aggregate.unalias()
            if not isinstance(call, exp.Anonymous) or len(call.expressions) != 1:
                raise ctx.refuse("SC4211", pivot, what="PIVOT with such an aggregate")
            argument = call.expressions[0]
            then = number(1) if isinstance(argument, exp.Star) else argument.copy()
            test = _test(held, value, pivot, ctx)
            case = exp.Case(ifs=[exp.If(this=test, true=then)])
            counted = exp.Anonymous(this=call.args["this"], expressions=[case])
            made.append(exp.Alias(this=counted, alias=_title(title, aggregate, ctx)))
    query = exp.Select(expressions=[*(g.copy() for g in groups), *made], from_=exp.From(this=source.copy()))
    if groups:
        query.set("group", exp.Group(expressions=groups))
    return query


def _held(field: Node) -> list[exp.Column]:
    """The columns whose values are listed."""
    found = _cells(field)
    return [f if isinstance(f, exp.Column) else exp.Column(this=f) for f in found]


def _cells(node: Node) -> list[Node]:
    """The parts of a list in parentheses, or of one value."""
    if isinstance(node, exp.Tuple):
        return list(node.expressions)
    return [node.this if isinstance(node, exp.Paren) else node]


def _test(held: list[exp.Column], value: Node, pivot: Node, ctx: Context) -> Node:
    """Whether the columns have the values of one item of the list."""
    values = _cells(value)
    if len(values) != len(held):
        raise ctx.refuse("SC4211", pivot, what="PIVOT over lists of another length")
    made: Node | None = None
    for column, one in zip(held, values, strict=True):
        test = exp.EQ(this=column.copy(), expression=one.copy())
        made = test if made is None else exp.And(this=made, expression=test)
    assert made is not None
    return made


def _title(name: exp.Identifier, aggregate: Node, ctx: Context) -> exp.Identifier:
    """A column's name: that of the value, and of the aggregate where it has one."""
    if not isinstance(aggregate, exp.Alias):
        return name.copy()
    ctx.consume(name.name, aggregate.alias)
    made = name.copy()
    made.set("this", f"{name.this}_{aggregate.alias}")
    return made


def _value(item: Node, numeric: bool, ctx: Context) -> tuple[Node, exp.Identifier]:
    """A value of the list and the column that it names."""
    if isinstance(item, exp.PivotAlias):
        return item.this, item.args["alias"]
    if isinstance(item, exp.Column):  # a name stands for the value that it spells
        text = _text(item, ctx)
        ctx.consume(item.name)
        return (number(text) if numeric else string(text)), item.this
    if isinstance(item, exp.Literal):
        name = f"'{item.this}'" if item.is_string else str(item.this)
        return item, exp.Identifier(this=name, quoted=True)
    if isinstance(item, exp.Tuple) and all(isinstance(e, exp.Literal) for e in item.expressions):
        name = "_".join(f"'{e.this}'" if e.is_string else str(e.this) for e in item.expressions)
        return item, exp.Identifier(this=name, quoted=True)
    raise ctx.refuse("SC4211", item, what="PIVOT over computed values")


def _text(item: Node, ctx: Context) -> str:
    """The text that stands for a column: its alias, or its name; as it was written where the source keeps that."""
    if isinstance(item, exp.PivotAlias):
        return str(item.args["alias"].name)
    named = item.this if isinstance(item, exp.Column) else item
    written = named.meta.get("written") if ctx.source.traits.get("identifier_case") == "ignored" else None
    return str(written or named.name)


def _name_of(source: Node, taken: set[str]) -> exp.Identifier:
    """How columns of the source are qualified; a derived table without a name gets one."""
    alias = source.args.get("alias")
    named = alias.this if alias is not None else source.this if isinstance(source, exp.Table) else None
    if isinstance(named, exp.Identifier):
        return named
    made = identifier(unused("SOURCE", taken))
    source.set("alias", exp.TableAlias(this=made))
    return made
