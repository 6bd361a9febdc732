"""ROWID in UPDATE and DELETE, which finds rows of the same table again: ``ROWID NOT IN (SELECT MIN(ROWID) ...)``.

Oracle SQL Language Reference, "ROWID Pseudocolumn": the address of a row; it says nothing of the order in which rows
came. PostgreSQL's ``ctid`` is one, too; elsewhere the key of the table finds its rows, if it is of one column.
"""

from __future__ import annotations

from ...ir.fragment import Keys
from ...sql.context import Context
from ...sql.identity import column_of, row_key
from ...sql.tree import Node, call_name, exp

REMOVES = "row_address"
ADDS = ("pseudo_column", "data_statement", "calls")
NEEDS = (exp.Update, exp.Delete)


def rewrite(root: Node, ctx: Context) -> Node:
    if not isinstance(root, (exp.Update, exp.Delete)):
        return root
    found = [n for n in root.find_all(exp.Anonymous, exp.Column) if _is_rowid(n)]
    if not found or not all(map(_compared, found)):
        return root
    tables = [_table_of(node, root) for node in found]
    if any(t is None for t in tables):
        return root
    names = {t.name for t in tables if t is not None}
    if len(names) > 1:
        return root
    for node, table in zip(found, tables, strict=True):
        assert table is not None
        key = row_key(table, ctx, f"ROWID of {table.name}")
        address = ctx.family.words.get("row_address")
        if address and not _parted(table, ctx):
            key = [exp.Identifier(this=address, quoted=False)]
            key[0].meta["target"] = True
        if len(key) > 1:
            raise ctx.refuse("SC4209", node, what="ROWID")
        ctx.consume("ROWID")
        qualified = isinstance(node, exp.Column)
        made = column_of(key[0], table, (table.args["alias"].this if table.alias else table.this), ctx)
        if not qualified:
            made.set("table", None)
        node.replace(made)
    ctx.say("SC4342", root, how="the place of the row" if ctx.family.words.get("row_address") else "its key")
    return root


def _parted(table: exp.Table, ctx: Context) -> bool:
    found = ctx.names.key_of(table.db, table.name) if isinstance(ctx.names, Keys) else None
    return found is None or found.parted


def _is_rowid(node: Node) -> bool:
    if isinstance(node, exp.Anonymous):
        return not node.expressions and call_name(node) == "ROWID"
    return isinstance(node, exp.Column) and node.name == "ROWID" and bool(node.this.meta.get("folded"))


def _compared(node: Node) -> bool:
    """Whether an address only meets other addresses: compared with one, put in order, or handed to a comparison."""
    parent, place = node.parent, node.arg_key
    match parent:
        case exp.EQ() | exp.NEQ() | exp.GT() | exp.GTE() | exp.LT() | exp.LTE():
            other = parent.expression if place == "this" else parent.this
            return _is_rowid(other) or isinstance(other, exp.Query)
        case exp.In():
            return parent.args.get("query") is not None
        case exp.Anonymous():
            return call_name(parent) in ("MIN", "MAX")
        case _:
            return isinstance(parent, (exp.Alias, exp.Select, exp.Ordered))


def _table_of(node: Node, root: exp.Update | exp.Delete) -> exp.Table | None:
    """The table whose rows ``node`` finds."""
    qualifier = node.table if isinstance(node, exp.Column) else ""
    part: Node | None = node.parent
    while part is not None:
        sources: list[Node] = []
        if isinstance(part, exp.Select):
            from_ = part.args.get("from_")
            sources = [from_.this, *(j.this for j in part.args.get("joins") or [])] if from_ is not None else []
        elif part is root:
            named = root.args.get("tables") if isinstance(root, exp.Delete) else None
            sources = [root.this] if isinstance(root.this, exp.Expr) else list(named or [])
        if sources:
            if not qualifier:
                only = sources[0]
                return only if len(sources) == 1 and isinstance(only, exp.Table) else None
            for source in sources:
                if source.alias_or_name == qualifier:
                    return source if isinstance(source, exp.Table) else None
        part = part.parent
    return None
