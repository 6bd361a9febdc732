"""The clause ``FOR XML`` or ``FOR JSON`` of a query, and what it says."""

from __future__ import annotations

from dataclasses import dataclass

from .context import Context
from .tree import Node, exp, identifier, is_call, literal_text, unused


@dataclass(frozen=True)
class Form:
    """``mode`` is AUTO, PATH, RAW or EXPLICIT, ``name`` the text behind it (``None``: none is given); ``root`` the name
    of an outermost element (empty: none); ``options`` the other words."""

    kind: str
    mode: str
    name: str | None
    root: str
    options: frozenset[str]
    texts: tuple[str, ...]


def form(query: exp.Query) -> Form | None:
    """What the clause of ``query`` says; ``None`` where it has none."""
    clause = query.args.get("for_")
    if clause is None:
        return None
    mode, name, root = "", None, ""
    options: set[str] = set()
    texts: list[str] = []
    for option in clause.expressions:
        inner = option.this
        value = None
        if isinstance(inner, exp.XMLKeyValueOption):
            value = literal_text(inner.expression) if inner.expression is not None else None
            inner = inner.this
        word = str(inner.name if hasattr(inner, "name") else inner).upper()
        if value is not None:
            texts.append(value)
        if word in ("AUTO", "PATH", "RAW", "EXPLICIT"):
            mode, name = word, value
        elif word == "ROOT":
            root = value if value is not None else "root"
        else:
            options.update(word.split())
    return Form(str(clause.args.get("kind") or "").upper(), mode, name, root, frozenset(options), tuple(texts))


Items = list[tuple[str, Node]]


def rows_of(
    query: exp.Select, items: Items, root: Node, what: str, ctx: Context
) -> tuple[exp.Select, Items, list[Node]]:
    """The query over whose rows an aggregate can stand: without its select list and order, and as a derived table where
    it groups or leaves rows out. With the items and the keys of its order as that query has them."""
    keys = [k.copy() for k in query.args["order"].expressions] if query.args.get("order") else []
    limited = bool(query.args.get("limit") or query.args.get("offset"))
    grouped = bool(query.args.get("group") or query.args.get("distinct") or query.args.get("having"))
    grouped = grouped or any(_aggregates(n, ctx) for item in query.expressions for n in item.find_all(exp.Anonymous))
    windowed = any(item.find(exp.Window) is not None for item in query.expressions)
    inner = query.copy()
    inner.set("for_", None)
    inner.set("order", None)
    titled = any(_by_alias(k, items) for k in keys)
    if not (limited or grouped or windowed or titled or any(isinstance(k.this, exp.Literal) for k in keys)):
        return inner, items, keys
    named = identifier(unused("J", {i.this.upper() for i in root.find_all(exp.Identifier)}))
    columns = [identifier(f"C{i + 1}") for i in range(len(items))]
    listed: list[Node] = [exp.Alias(this=v, alias=c.copy()) for (_, v), c in zip(items, columns, strict=True)]
    ordered: list[Node] = []
    for i, key in enumerate(keys):
        at = _place(key, items)
        if isinstance(key.this, exp.Literal):
            ctx.consume(str(key.this.this))
        if at is None and grouped:
            raise ctx.refuse("SC4350", query, what=f"{what} with such an order")
        if at is None:
            title = identifier(f"K{i + 1}")
            listed.append(exp.Alias(this=key.this.copy(), alias=title.copy()))
        else:
            title = columns[at]
        ordered.append(exp.Ordered(this=exp.Column(this=title.copy(), table=named.copy()), desc=key.args.get("desc")))
    if limited and keys:
        inner.set("order", exp.Order(expressions=keys))
    inner.set("expressions", listed)
    made = exp.Select(from_=exp.From(this=exp.Subquery(this=inner, alias=exp.TableAlias(this=named))))
    outer: Items = [(title, _held(named, c, v, ctx)) for (title, v), c in zip(items, columns, strict=True)]
    return made, outer, ordered


def _by_alias(key: Node, items: Items) -> bool:
    """Whether ``key`` is the alias of an item, and no column of that name."""
    at = _place(key, items)
    return at is not None and isinstance(key.this, exp.Column) and items[at][1] != key.this and not (
        isinstance(items[at][1], exp.Column) and items[at][1].name == key.this.name
    )  # fmt: skip


def _aggregates(node: Node, ctx: Context) -> bool:
    if not isinstance(node, exp.Anonymous) or not is_call(node) or node.meta.get("done"):
        return bool(isinstance(node, exp.Anonymous) and "AGG" in str(node.name).upper())
    row, _ = ctx.typer.choose(node)
    return row is not None and row.aggregate


def _place(key: Node, items: Items) -> int | None:
    """The place of the item that ``key`` orders by: the same expression, its title, or its number."""
    for i, (title, value) in enumerate(items):
        column = isinstance(key.this, exp.Column) and not key.this.table and key.this.name.upper() == title.upper()
        if value == key.this or column:
            return i
    if isinstance(key.this, exp.Literal) and str(key.this.this).isdigit() and 0 < int(key.this.this) <= len(items):
        return int(key.this.this) - 1
    return None


def _held(table: exp.Identifier, column: exp.Identifier, value: Node, ctx: Context) -> exp.Column:
    made = exp.Column(this=column.copy(), table=table.copy())
    made.meta["known"] = ctx.infer(value)
    inner = value.this if isinstance(value, exp.Subquery) else value
    if isinstance(inner, exp.Select) and len(inner.expressions) == 1:
        inner = inner.expressions[0].unalias()
    for key in ("json", "xml"):
        if inner.meta.get(key):
            made.meta[key] = inner.meta[key]
    return made
