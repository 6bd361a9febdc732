"""Which columns find a row of a table again: its key, or where it lies."""

from __future__ import annotations

from ..ir.fragment import Columns, Keys, Known
from ..ir.types import UNKNOWN
from .context import Context
from .tree import Node, exp, identifier


def row_key(table: exp.Table, ctx: Context, what: str) -> list[exp.Identifier]:
    """The columns that tell the rows of ``table`` apart within one statement.

    Raises :class:`~schemaconv.sql.pieces.Refused` for ``what`` where nothing does.
    """
    key = ctx.names.key_of(table.db, table.name) if isinstance(ctx.names, Keys) else None
    if key is not None and key.columns:
        made = []
        for name, folded in key.columns:
            column = identifier(name)
            column.meta["folded"] = folded
            made.append(column)
        return made
    address = ctx.family.words.get("row_address")
    if key is None or key.parted or not address:
        raise ctx.refuse("SC4261", table, what=f"{what}, whose rows no key tells apart")
    made_address = identifier(address)
    made_address.meta["target"] = True
    return [made_address]


def column_of(name: exp.Identifier, table: exp.Table, alias: exp.Identifier, ctx: Context) -> exp.Column:
    """The column ``name`` of ``table``, which is called ``alias``."""
    made = exp.Column(this=name.copy(), table=alias.copy())
    columns = ctx.names.columns_of(table.db, table.name) if isinstance(ctx.names, Columns) else None
    made.meta["known"] = (columns or {}).get(name.name) or Known(UNKNOWN, True)
    return made


def alias_of(source: Node) -> exp.Identifier | None:
    """The name by which a table or derived table is known in its statement."""
    alias = source.args.get("alias")
    found = alias.this if alias is not None else source.args.get("this")
    return found if isinstance(found, exp.Identifier) else None
