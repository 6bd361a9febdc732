"""``STUFF((SELECT ', ' + n FROM t ORDER BY n FOR XML PATH('')), 1, 2, '')``: texts of several rows in one.

Transact-SQL reference, "Use PATH mode with FOR XML": a column without a name, or named ``text()``, becomes plain text
of its element, PATH('') makes no elements, and NULL adds nothing. Without TYPE and ``value()`` the characters of markup
come out as entities.
"""

from __future__ import annotations

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.kinds import TEXT
from ...sql.tree import (
    Node,
    call_name,
    exp,
    identifier,
    integer,
    is_call,
    is_null,
    literal_text,
    source_function,
    string,
    unused,
)  # fmt: skip
from ...sql.written import Form, form
from . import every, put_in

REMOVES = "for_xml_join"
ADDS = ("plus_joins_text", "concat_call", "order_alias", "for_xml", "xml_method")
NEEDS = (exp.ForClause,)


def rewrite(root: Node, ctx: Context) -> Node:
    taken: set[str] | None = None
    for subquery in every(root, exp.Subquery):
        query = subquery.this
        if not isinstance(subquery, exp.Subquery) or not isinstance(query, exp.Select):
            continue
        said = form(query)
        if said is None or not _joins(said, query):
            continue
        if taken is None:
            taken = {i.this.upper() for i in root.find_all(exp.Identifier)}
        whole, typed = _whole(subquery)
        value = query.expressions[0].unalias()
        blank = isinstance(query.expressions[0], exp.Alias) and query.expressions[0].alias.upper() == "DATA()"
        place, separator = _stuffed(whole, value, blank)
        if not ctx.has("correlated_text_join") and _correlated(query):
            raise ctx.refuse("SC4350", query, what="FOR XML PATH('') in a query that hangs on the rows around it")
        if not typed:
            ctx.say("SC4351", query)
        if blank and separator is None:
            value, separator = value.copy(), " "
        elif separator is None:
            separator, value = "", value.copy()
        elif not blank:
            value = _rest(value.copy(), ctx)
        _consume(subquery, place, said, ctx)
        made = exp.Subquery(this=_joined(query, value, separator, taken, ctx))
        root = put_in(place, made, root)
    return root


def _joins(said: Form, query: exp.Select) -> bool:
    """Whether a query gives one text: no element around a row, and one column that makes none."""
    if said.kind != "XML" or said.mode != "PATH" or said.name != "" or said.root or said.options - {"TYPE"}:
        return False
    if len(query.expressions) != 1:
        return False
    item = query.expressions[0]
    if isinstance(item, exp.Alias):
        return item.alias.upper() in ("TEXT()", "DATA()", "*", "NODE()")
    return not isinstance(item, (exp.Column, exp.Star)) and not item.is_star


def _whole(subquery: exp.Subquery) -> tuple[Node, bool]:
    """The subquery with ``.value('.', type)`` around it, and whether that is there."""
    parent = subquery.parent
    if is_call(parent, "XML VALUE") and isinstance(parent, exp.Anonymous):
        path = (literal_text(parent.expressions[1]) or "").replace(" ", "")
        if path in (".", "(.)", "(.)[1]", ".[1]", "text()[1]", "(./text())[1]", "./text()[1]", "(text())[1]"):
            return parent, True
    return subquery, False


def _stuffed(whole: Node, value: Node, blank: bool) -> tuple[Node, str | None]:
    """What gives way, and the separator: that of STUFF(..., 1, n, '') if it cuts the first text of each value."""
    parent = whole.parent
    if not is_call(parent, "STUFF") or not isinstance(parent, exp.Anonymous) or whole is not parent.expressions[0]:
        return whole, None
    _, start, count, new = parent.expressions if len(parent.expressions) == 4 else (None,) * 4
    first = _first(value)
    if blank or integer(start) != 1 or literal_text(new) != "" or first is None or integer(count) != len(first):
        return whole, None
    return parent, first


def _first(value: Node) -> str | None:
    """The text with which ``value`` always begins."""
    while isinstance(value, (exp.Add, exp.Paren)):
        value = value.this
    if is_call(value, "CONCAT") and isinstance(value, exp.Anonymous):
        value = value.expressions[0]
    return literal_text(value)


def _rest(value: Node, ctx: Context) -> Node:
    """``value`` without the text that it begins with."""
    while isinstance(value, exp.Paren):
        value = value.this
    if isinstance(value, exp.Anonymous):
        rest = [v.copy() for v in value.expressions[1:]]
        return source_function("CONCAT", *rest, *([string("")] if len(rest) < 2 else []))
    operands: list[Node] = []
    while isinstance(value, (exp.Add, exp.Paren)):
        if isinstance(value, exp.Add):
            operands.append(value.expression)
        value = value.this
    made: Node | None = None
    for operand in reversed(operands):
        if ctx.typer.family(operand) == "unknown":
            ctx.say("SC4241", operand, what="an operand of +")
        made = operand.copy() if made is None else exp.DPipe(this=made, expression=operand.copy())
    return made if made is not None else string("")


def _correlated(query: exp.Select) -> bool:
    """Whether a query may name columns of the queries around it."""
    if query.find_ancestor(exp.Select) is None:
        return False
    own = {s.alias_or_name for s in (*query.find_all(exp.Table), *query.find_all(exp.Subquery))}
    return any(not c.table or c.table not in own for c in query.find_all(exp.Column))


def _joined(query: exp.Select, value: Node, separator: str, taken: set[str], ctx: Context) -> exp.Select:
    """One text of the values of ``query``; one that groups or leaves rows out becomes a derived table."""
    keys: list[Node] = list(query.args["order"].expressions) if query.args.get("order") else []
    for key in keys:
        if integer(key.this) is not None or is_null(key.this) or isinstance(key.this, exp.Subquery):
            key.this.replace(value.copy())
            ctx.consume("1")
    query.set("for_", None)
    query.set("order", None)
    limited = query.args.get("limit") is not None or query.args.get("offset") is not None
    inner = query.copy()
    if not (limited or query.args.get("distinct") or query.args.get("group") or query.args.get("having")):
        inner.set("expressions", [_aggregate(query, value, separator, keys, ctx)])
        return inner
    named = identifier(unused("JOINED", taken))
    items: list[Node] = [exp.Alias(this=value, alias=identifier("V"))]
    outer_keys: list[Node] = []
    for i, key in enumerate(keys):
        if key.this == value:
            title = identifier("V")
        else:
            title = identifier(f"K{i + 1}")
            items.append(exp.Alias(this=key.this.copy(), alias=title.copy()))
        column = exp.Column(this=title.copy(), table=named.copy())
        outer_keys.append(exp.Ordered(this=column, desc=key.args.get("desc")))
    if limited and keys:
        inner.set("order", exp.Order(expressions=[k.copy() for k in keys]))
    inner.set("expressions", items)
    held = exp.Column(this=identifier("V"), table=named.copy())
    held.meta["known"] = Known(TEXT)
    alias = exp.TableAlias(this=named)
    made = exp.Select(from_=exp.From(this=exp.Subquery(this=inner, alias=alias)))
    made.set("expressions", [_aggregate(query, held, separator, outer_keys, ctx)])
    return made


def _aggregate(query: Node, value: Node, separator: str, keys: list[Node], ctx: Context) -> Node:
    known = Known(TEXT)
    between = string(separator)
    if not keys:
        made = ctx.op("listagg_unordered", query, known, x=value, separator=between)
    else:
        made = ctx.op("listagg", query, known, x=value, separator=between, order=[k.copy() for k in keys])
    made.meta["done"] = True
    return made


def _consume(subquery: exp.Subquery, place: Node, said: Form, ctx: Context) -> None:
    ctx.consume(*said.texts, "TEXT()", "DATA()", "NODE()", "*")
    node: Node = subquery
    while node is not place:
        assert node.parent is not None
        node = node.parent
        if isinstance(node, exp.Anonymous):
            ctx.consume(call_name(node))
            for argument in node.expressions[1:]:
                ctx.consume_tree(argument)
