"""Names: every identifier in the target's spelling, in quotes exactly where it must be."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp

REMOVES = "source_name"
LAST = True


def rewrite(root: Node, ctx: Context) -> Node:
    tables = {id(i) for t in root.find_all(exp.Table) for i in (t.args.get("this"), t.args.get("db")) if i is not None}
    aliases = _local_names(root)
    qualified: dict[str, tuple[str, str]] = {}
    for table in root.find_all(exp.Table):
        _table(table, aliases, qualified, ctx)
    for column in root.find_all(exp.Column):
        _qualifier(column, aliases, qualified, ctx)
    for identifier in root.find_all(exp.Identifier):
        if id(identifier) not in tables and "target" not in identifier.meta:
            text = identifier.this
            _spell(identifier, ctx.names.column_text(text, bool(identifier.meta.get("folded"))), ctx)
    return root


def _spell(identifier: exp.Identifier, target: str, ctx: Context) -> None:
    ctx.spelled.setdefault(identifier.this, set()).add(target)
    identifier.set("this", target)
    identifier.set("quoted", ctx.settings.quoted(target) != target)
    identifier.meta["target"] = True


def _local_names(root: Node) -> set[str]:
    """Names of WITH queries and aliases: they fold like columns and stand for no table of the catalog."""
    return {a.name for a in root.find_all(exp.TableAlias) if isinstance(a.args.get("this"), exp.Identifier)}


def _with_names(table: exp.Table) -> set[str]:
    found = set()
    node: Node | None = table
    while node is not None:
        with_ = node.args.get("with_")
        if with_ is not None:
            found |= {c.alias for c in with_.expressions}
        node = node.parent
    return found


def _table(table: exp.Table, aliases: set[str], qualified: dict[str, tuple[str, str]], ctx: Context) -> None:
    name = table.args.get("this")
    if not isinstance(name, exp.Identifier):
        return
    db = table.args.get("db")
    if db is None and name.this in aliases and name.this in _with_names(table):
        _spell(name, ctx.names.column_text(name.this, bool(name.meta.get("folded"))), ctx)
        return
    source = name.this
    schema, text = ctx.names.table_text(db.this if db is not None else "", source, bool(name.meta.get("folded")))
    qualified[source] = (schema, text)
    if db is not None:
        ctx.spelled.setdefault(db.this, set()).add(schema)
        if not schema:
            ctx.consume(db.this)
            table.set("db", None)
        else:
            _spell(db, schema, ctx)
    elif schema:
        made = exp.Identifier(this=schema, quoted=ctx.settings.quoted(schema) != schema)
        made.meta["target"] = True
        table.set("db", made)
    _spell(name, text, ctx)


def _qualifier(column: exp.Column, aliases: set[str], qualified: dict[str, tuple[str, str]], ctx: Context) -> None:
    """``t.c`` where t is an alias, or a table without one."""
    table = column.args.get("table")
    if not isinstance(table, exp.Identifier) or table.meta.get("target"):
        return
    name = table.this
    if name in qualified and not (name in aliases and column.args.get("db") is None):
        schema, text = qualified[name]
        db = column.args.get("db")
        if db is not None:
            if schema:
                _spell(db, schema, ctx)
            else:
                ctx.consume(db.this)
                column.set("db", None)
        _spell(table, text, ctx)
