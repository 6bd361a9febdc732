"""Names: every identifier in the target's spelling, in quotes exactly where it must be."""

from __future__ import annotations

from ...sql.context import Context
from ...sql.tree import Node, exp, nodes

REMOVES = "source_name"
LAST = True


def rewrite(root: Node, ctx: Context) -> Node:
    tables: list[exp.Table] = []
    columns: list[exp.Column] = []
    identifiers: list[exp.Identifier] = []
    aliases: set[str] = set()
    for node in nodes(root):
        if isinstance(node, exp.Identifier):
            identifiers.append(node)
        elif isinstance(node, exp.Column):
            columns.append(node)
        elif isinstance(node, exp.Table):
            tables.append(node)
        elif isinstance(node, exp.TableAlias) and isinstance(node.args.get("this"), exp.Identifier):
            aliases.add(node.name)  # folds like a column, and stands for no table of the catalog
    ctx.aliases |= aliases
    qualified: dict[str, tuple[str, str]] = {}
    defined: dict[int, set[str]] = {}
    for table in tables:
        _table(table, aliases, defined, qualified, ctx)
    for column in columns:
        _qualifier(column, aliases, qualified, ctx)
    spelled: dict[tuple[str, bool], str] = {}
    for identifier in identifiers:
        meta = identifier.meta
        if "target" not in meta:
            key = identifier.args["this"], bool(meta.get("folded"))
            target = spelled.get(key)
            if target is None:
                target = spelled[key] = ctx.names.column_text(*key)
            _spell(identifier, target, ctx)
    return root


def _spell(identifier: exp.Identifier, target: str, ctx: Context) -> None:
    args = identifier.args
    ctx.spelled.setdefault(args["this"], set()).add(target)
    args["this"] = target
    args["quoted"] = ctx.settings.quoted(target) != target
    identifier.meta["target"] = True


def _is_of_with(table: exp.Table, defined: dict[int, set[str]]) -> bool:
    """Whether a WITH clause around ``table`` has its name; ``defined`` keeps the names of each clause."""
    node: Node | None = table
    while node is not None:
        with_ = node.args.get("with_")
        if with_ is not None:
            names = defined.get(id(with_))
            if names is None:
                names = defined[id(with_)] = {c.alias for c in with_.expressions}
            if table.name in names:
                return True
        node = node.parent
    return False


def _table(
    table: exp.Table, aliases: set[str], defined: dict[int, set[str]], qualified: dict[str, tuple[str, str]],
    ctx: Context,
) -> None:
    name = table.args.get("this")
    if not isinstance(name, exp.Identifier) or name.meta.get("target"):
        return
    db = table.args.get("db") or None  # nothing between the dots of master..t
    if db is None and name.this in aliases and (table.arg_key == "tables" or _is_of_with(table, defined)):
        _spell(name, ctx.names.column_text(name.this, bool(name.meta.get("folded"))), ctx)
        return
    source = name.this
    schema, text = ctx.names.table_text(db.this if db is not None else "", source, bool(name.meta.get("folded")))
    qualified[source] = (schema, text)
    if db is not None:
        ctx.spelled.setdefault(db.this, set()).add(schema)
        if not schema:
            ctx.consume(db.this)
            db.meta["target"] = True
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
