"""``FOR JSON PATH`` and ``FOR JSON AUTO``: the rows of a query as one JSON text.

Transact-SQL reference, "FOR JSON": NULLs are left out unless INCLUDE_NULL_VALUES says otherwise, dots in a column's
alias nest objects, a query without rows gives NULL, a subquery with FOR JSON is taken as JSON and not as text.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.kinds import JSON
from ...sql.tree import Node, exp, identifier, is_call, string
from ...sql.written import Form, form, rows_of
from . import every, put_in

REMOVES = "for_json"
ADDS = ("unnamed_derived_table", "json_call", "json_modify")
NEEDS = (exp.ForClause,)


@dataclass
class Part:
    """An object on its way: its members in the order of the columns."""

    members: dict[str, Node | Part] = field(default_factory=dict)


def rewrite(root: Node, ctx: Context) -> Node:
    for query in every(root, exp.Select, exp.Union):
        assert isinstance(query, exp.Query)
        said = form(query)
        if said is None or said.kind != "JSON":
            continue
        if ctx.family.way("json_object") is None:
            raise ctx.refuse("SC4350", query, what="FOR JSON")
        if not isinstance(query, exp.Select) or said.mode not in ("PATH", "AUTO"):
            raise ctx.refuse("SC4350", query, what=f"FOR JSON {said.mode}".strip())
        if said.mode == "AUTO" and query.args.get("joins") and not _flat(query, ctx):
            raise ctx.refuse("SC4350", query, what="FOR JSON AUTO over several tables")
        root = _query(query, said, root, ctx)
    for asked in every(root, exp.Anonymous):  # JSON_QUERY says of a text that it is JSON
        if is_call(asked, "JSON_QUERY") and len(asked.expressions) == 1 and _is_json(asked.expressions[0]):
            root = put_in(asked, asked.expressions[0], root)
    return root


def _flat(query: exp.Select, ctx: Context) -> bool:
    """Whether the columns of the select list belong to one table: only those of further ones are nested; expressions
    stand beside the column before them."""
    items = [item.unalias() for item in query.expressions]
    columns = [item for item in items if isinstance(item, exp.Column)]
    owners = {column.table for column in columns}
    return len(owners) == 1 and "" not in owners and isinstance(items[0], exp.Column) and not any(
        item.is_star for item in query.expressions
    )  # fmt: skip


def _query(query: exp.Select, said: Form, root: Node, ctx: Context) -> Node:
    nulls = "INCLUDE_NULL_VALUES" in said.options
    bare = "WITHOUT_ARRAY_WRAPPER" in said.options
    made, items, keys = rows_of(query, [_item(item, ctx) for item in query.expressions], root, "FOR JSON", ctx)
    tree = _tree(items, said.mode == "PATH", query, ctx)
    value = _object(tree, nulls, query, ctx)
    if bare:
        if query.args.get("from_") and not _single(query):
            if not isinstance(query.parent, exp.Subquery) or isinstance(query.parent.parent, (exp.From, exp.Join)):
                raise ctx.refuse("SC4350", query, what="FOR JSON ... WITHOUT_ARRAY_WRAPPER of several rows")
            ctx.say("SC4356", query)
        if said.root:
            raise ctx.refuse("SC4350", query, what="FOR JSON ... ROOT, WITHOUT_ARRAY_WRAPPER")
    elif keys:
        if ctx.family.way("json_rows_ordered") is None:
            ctx.say("SC4353", query, what="FOR JSON")
            value = ctx.op("json_rows", query, None, x=value)
        else:
            value = ctx.op("json_rows_ordered", query, None, x=value, order=keys)
    else:
        value = ctx.op("json_rows", query, None, x=value)
    if said.root:
        value = _when_any(value, said.root, query, ctx)
    value.meta["known"] = Known(JSON)
    value.meta["json"] = "nulls" if nulls else "stripped"
    made.set("expressions", [exp.Alias(this=value, alias=identifier("JSON_TEXT")) if query is root else value])
    ctx.consume(*said.texts)
    return put_in(query, made, root)


def _single(query: exp.Select) -> bool:
    """Whether a query plainly has one row: TOP 1."""
    limit = query.args.get("limit")
    return limit is not None and getattr(limit.expression, "this", None) == "1"


def _item(item: Node, ctx: Context) -> tuple[str, Node]:
    """The title of a column, as it was written, and its value."""
    if item.is_star:
        raise ctx.refuse("SC4350", item, what="FOR JSON of *")
    named = item.args["alias"] if isinstance(item, exp.Alias) else item.this if isinstance(item, exp.Column) else None
    if not isinstance(named, exp.Identifier):
        raise ctx.refuse("SC4350", item, what="FOR JSON of a column without a name")
    title = str(named.meta.get("written") or named.this)
    ctx.consume(named.this, title)
    return title, item.unalias().copy()


def _tree(items: list[tuple[str, Node]], nested: bool, at: Node, ctx: Context) -> Part:
    root = Part()
    for title, value in items:
        place = root
        *outer, last = title.split(".") if nested else [title]
        for step in outer:
            found = place.members.setdefault(step, Part())
            if not isinstance(found, Part):
                raise ctx.refuse("SC4350", at, what=f"FOR JSON with {title} inside of a value")
            place = found
        if last in place.members:
            raise ctx.refuse("SC4350", at, what=f"FOR JSON with two columns {title}")
        place.members[last] = value
    return root


def _object(part: Part, nulls: bool, at: Node, ctx: Context) -> Node:
    """The object that ``part`` stands for; without ``nulls`` a part of it that would be empty is NULL."""
    pairs: list[Node] = []
    for name, member in part.members.items():
        # the outermost object loses the NULLs of those inside of it
        value = _object(member, True, at, ctx) if isinstance(member, Part) else _value(member, ctx)
        if isinstance(member, Part) and not nulls:
            value = _unless_empty(member, value, ctx)
        elif not isinstance(member, Part) and not nulls and _is_json(value) == "nulls" and not all(
            _present(leaf, ctx) for leaf in _leaves(part)
        ):
            raise ctx.refuse("SC4350", at, what="FOR JSON that leaves NULLs out of documents within")
        pairs += [string(name), value]
    if nulls or all(_present(leaf, ctx) for leaf in _leaves(part)):
        return ctx.op("json_object", at, None, pairs=pairs)
    return ctx.op("json_object_without_nulls", at, None, pairs=pairs)


def _unless_empty(part: Part, value: Node, ctx: Context) -> Node:
    leaves = _leaves(part)
    if any(ctx.typer.not_null(leaf) for leaf in leaves):
        return value
    test: Node | None = None
    for leaf in leaves:
        present = exp.Not(this=exp.Is(this=leaf.copy(), expression=exp.Null()))
        test = present if test is None else exp.Or(this=test, expression=present)
    return exp.Case(ifs=[exp.If(this=test, true=value)])


def _present(leaf: Node, ctx: Context) -> bool:
    """Whether a value is never NULL; of JSON_QUERY its text."""
    inner = leaf.expressions[0] if is_call(leaf, "JSON_QUERY") and len(leaf.expressions) == 1 else leaf
    return ctx.typer.not_null(inner)


def _leaves(part: Part) -> list[Node]:
    return [leaf for m in part.members.values() for leaf in (_leaves(m) if isinstance(m, Part) else [m])]


def _is_json(node: Node) -> str:
    """``nulls`` or ``stripped`` for a value that is JSON and no text to be put in quotes; else empty."""
    inner = node.this if isinstance(node, exp.Subquery) else node
    if isinstance(inner, exp.Select) and len(inner.expressions) == 1:
        inner = inner.expressions[0].unalias()
    return str(inner.meta.get("json") or "")


def _value(node: Node, ctx: Context) -> Node:
    if is_call(node, "JSON_QUERY") and isinstance(node, exp.Anonymous):
        ctx.consume("JSON_QUERY")
        ctx.consume_tree(node)
        if len(node.expressions) == 1:
            inner = node.expressions[0]
            if _is_json(inner):
                kept: Node = inner.copy()
                return kept
            made = ctx.op("json_doc_kept", node, Known(JSON), x=inner.copy())
            made.meta["json"] = "nulls"
            return made
        raise ctx.refuse("SC4350", node, what="JSON_QUERY with a path inside FOR JSON")
    if _is_json(node):
        return node
    kind = ctx.typer.family(node)
    if kind in ("binary", "xml"):
        raise ctx.refuse("SC4350", node, what=f"FOR JSON of {kind}")
    if kind == "boolean" and ctx.family.way("json_flag_of") is not None:
        return ctx.op("json_flag_of", node, None, x=node)
    if kind in ("date", "timestamp", "zoned", "time"):
        plain = ctx.infer(node).type.kind == "date" or (kind != "zoned" and ctx.has("json_dates_iso"))
        if not plain:
            ctx.say("SC4354", node)
    return node


def _when_any(value: Node, name: str, at: Node, ctx: Context) -> Node:
    """``{"root": rows}``, and NULL where there is none."""
    rooted = ctx.op("json_object", at, None, pairs=[string(name), value])
    test = exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null()))
    return exp.Case(ifs=[exp.If(this=test, true=rooted)])
