"""``t FOR SYSTEM_TIME ...``: the rows of a table as they were, from the table and its history table.

Transact-SQL reference, "FROM" (FOR SYSTEM_TIME): AS OF p is ``start <= p AND end > p``, FROM p TO q ``start < q AND
end > p``, BETWEEN p AND q ``start <= q AND end > p``, CONTAINED IN (p, q) ``start >= p AND end <= q``; rows that were
replaced in the moment in which they came are never given.
"""

from __future__ import annotations

from ...ir.fragment import Histories, History, Known
from ...ir.types import Type
from ...sql.context import Context
from ...sql.tree import Node, exp, identifier
from . import every, put_in

REMOVES = "system_time"
ADDS = ("unnamed_derived_table",)
NEEDS = (exp.Version,)

_MOMENT = Known(Type("timestamp", precision=6), True)


def rewrite(root: Node, ctx: Context) -> Node:
    for table in every(root, exp.Table):
        version = table.args.get("version")
        if not isinstance(table, exp.Table) or version is None:
            continue
        names = ctx.names
        history = names.history_of(table.db, table.name) if isinstance(names, Histories) else None
        if history is None:
            raise ctx.refuse("SC4214", table, what="FOR SYSTEM_TIME")
        ctx.consume("SYSTEM_TIME", "CONTAINED")
        ctx.say("SC4391", table, name=str(table.this.meta.get("written") or table.name), history=history.shown)
        made = exp.Union(this=_rows(table, history, root), expression=_rows(table, history, root, past=True),
                         distinct=False)  # fmt: skip
        name = table.args.get("alias")
        alias = name.copy() if name is not None else exp.TableAlias(this=table.this.copy())
        derived = exp.Subquery(this=made, alias=alias)
        if table.args.get("joins"):
            derived.set("joins", table.args["joins"])
        root = put_in(table, derived, root)
    return root


def _rows(table: exp.Table, history: History, root: Node, past: bool = False) -> exp.Select:
    """The rows of the table, or of its ``past``, in the time that was asked for."""
    source = exp.Table(this=identifier(history.name)) if past else exp.Table(this=table.this.copy())
    if past and history.schema:
        source.set("db", identifier(history.schema))
    elif not past and table.args.get("db") is not None:
        source.set("db", table.args["db"].copy())
    listed: list[Node] = [_column(n, folded) for n, folded in _asked(history, root)]
    made = exp.Select(expressions=listed, from_=exp.From(this=source))
    test = _condition(table.args["version"], history, past)
    if test is not None:
        made.set("where", exp.Where(this=test))
    return made


def _asked(history: History, root: Node) -> list[tuple[str, bool]]:
    """The columns that the statement may ask for: all where it says ``*``, but for hidden ones."""
    used = {c.name for c in root.find_all(exp.Column)}
    star = root.find(exp.Star) is not None
    found = [c for c in history.columns if c[0] in used or (star and c[0] not in history.hidden)]
    return found or list(history.columns[:1])


def _column(name: str, folded: bool, known: Known | None = None) -> exp.Column:
    this = exp.Identifier(this=name, quoted=False)
    this.meta["folded"] = folded
    made = exp.Column(this=this)
    if known is not None:
        made.meta["known"] = known
    return made


def _condition(version: Node, history: History, past: bool) -> Node | None:
    start, end = (_column(*c, _MOMENT) for c in (history.start, history.end))
    given = version.args.get("expression")
    asked = list(given.expressions) if isinstance(given, exp.Tuple) else [given] if given is not None else []
    points = [p.copy() for p in asked]
    kind = str(version.args.get("kind") or "").upper()
    tests: list[Node]
    match kind, len(points):
        case "AS OF", 1:
            return exp.And(this=exp.LTE(this=start, expression=points[0]),
                           expression=exp.GT(this=end, expression=points[0].copy()))  # fmt: skip
        case "FROM", 2:
            tests = [exp.LT(this=start, expression=points[1]), exp.GT(this=end, expression=points[0])]
        case "BETWEEN", 2:
            tests = [exp.LTE(this=start, expression=points[1]), exp.GT(this=end, expression=points[0])]
        case "CONTAINED IN", 2:
            tests = [exp.GTE(this=start, expression=points[0]), exp.LTE(this=end, expression=points[1])]
        case _:
            tests = []
    if past:
        tests.append(exp.LT(this=_column(*history.start, _MOMENT), expression=_column(*history.end, _MOMENT)))
    made: Node | None = None
    for test in tests:
        made = test if made is None else exp.And(this=made, expression=test)
    return made
