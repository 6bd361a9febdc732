"""The source of a MERGE that is a list of rows: its values in the types of the columns that take them.

Where the source of the conversion brings each value to its column on its own, the target wants the rows to be so from
the start: the type of ``VALUES`` is settled before anything is assigned.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..ir.fragment import Columns, Known
from ..ir.types import Type
from .casts import spelling
from .context import Context
from .convert import assigned
from .kinds import family
from .tree import Node, cast_to, exp, is_null

_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)
#: Families whose literals stand in ``VALUES`` as what they are.
_PLAIN = frozenset({"text", "number", "boolean", "date", "timestamp", "zoned"})


def typed_rows(root: exp.Merge, ctx: Context) -> None:
    """Bring the rows of ``USING (VALUES ...)`` to the types of the target's columns.

    Raises :class:`~schemaconv.sql.pieces.Refused` for values that no literal of the target stands for.
    """
    rows = root.args["using"]
    table = root.this
    if not isinstance(rows, exp.Values) or not isinstance(ctx.names, Columns):
        return
    columns = ctx.names.columns_of(table.db, table.name)
    alias = rows.args.get("alias")
    names = [c.name for c in (alias.args.get("columns") or [])] if alias is not None else []
    if columns is None or not names:
        return
    for i, name in enumerate(names):
        uses = [columns[c].type for v, c in _uses(root, columns) if c in columns and _is(v, name, rows.alias)]
        if len({family(t) for t in uses}) != 1:
            continue  # of no use, or converted at each of its places
        _column(rows, i, uses[0], ctx)
        for column in root.find_all(exp.Column):
            if _is(column, name, rows.alias) and (column.table or column.find_ancestor(exp.Insert) is not None):
                column.meta["known"] = Known(uses[0])


def _is(value: Node, name: str, alias: str) -> bool:
    return isinstance(value, exp.Column) and value.name == name and value.table in ("", alias)


def _uses(root: exp.Merge, columns: Mapping[str, Known]) -> Iterator[tuple[Node, str]]:
    """What goes into which column of the target, or is compared with it."""
    target = root.this.alias_or_name
    for when in root.args["whens"].expressions:
        then = when.args["then"]
        if isinstance(then, exp.Update):
            yield from ((part.expression, part.this.name) for part in then.expressions if isinstance(part, exp.EQ))
        elif isinstance(then, exp.Insert) and isinstance(then.expression, exp.Tuple):
            listed = [c.name for c in then.this.expressions] if isinstance(then.this, exp.Tuple) else list(columns)
            yield from zip(then.expression.expressions, listed, strict=False)
    for test in [n for n in root.find_all(*_COMPARISONS) if n.find_ancestor(exp.Update) is None]:
        for one, other in ((test.this, test.expression), (test.expression, test.this)):
            if isinstance(one, exp.Column) and isinstance(other, exp.Column) and one.table == target:
                yield other, one.name


def _column(rows: exp.Values, i: int, wanted: Type, ctx: Context) -> None:
    """Column ``i`` of all rows as a column of type ``wanted`` takes it."""
    values: list[Node] = []
    for row in rows.expressions:
        if not isinstance(row, exp.Tuple) or i >= len(row.expressions):
            return
        made = assigned(row.expressions[i], wanted, ctx)
        if made is not row.expressions[i]:
            row.set("expressions", made, i)
        values.append(made)
    if family(wanted) == "text" or (family(wanted) in _PLAIN and not all(map(is_null, values))):
        return
    spelled = spelling(wanted, ctx)  # a text or NULL takes its type from nothing else
    if spelled is None:
        raise ctx.refuse("SC4262", rows, reason=f"values of type {wanted.raw or wanted.kind} in its rows")
    cast = cast_to(values[0].copy(), spelled)
    cast.meta["done"] = True
    cast.meta["known"] = Known(wanted)
    rows.expressions[0].set("expressions", cast, i)
