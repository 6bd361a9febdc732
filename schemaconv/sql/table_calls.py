"""Calls that give rows, in FROM: what stands there, and how something else takes its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ..ir.fragment import Known
from ..ir.types import UNKNOWN, Type
from .kinds import INTEGER, TEXT, read_type
from .rows import Source
from .tree import Node, call_name, exp, identifier, is_call, literal_text, nodes, unused

#: Columns of calls that always have the same ones.
GIVEN: Final[Mapping[str, Mapping[str, Known]]] = {
    "STRING_SPLIT": {"VALUE": Known(TEXT, True), "ORDINAL": Known(Type("bigint"), True)},
    "GENERATE_SERIES": {"VALUE": Known(INTEGER, True)},
    "OPENJSON": {"KEY": Known(TEXT, True), "VALUE": Known(TEXT), "TYPE": Known(INTEGER, True)},
}


def given(call: exp.Anonymous, source: Source) -> Mapping[str, Known] | None:
    """The columns of the rows that a call gives, by name; ``None`` where they are not known."""
    made: dict[str, Known] = {}
    for part in call.expressions:
        if is_call(part, "JSON COLUMN", "XML COLUMN") and isinstance(part.expressions[0], exp.Column):
            spelled = literal_text(part.expressions[1]) or ""
            counts = len(part.expressions) > 3 and (literal_text(part.expressions[3]) or "").startswith("FOR ORD")
            made[part.expressions[0].name] = Known(INTEGER if counts else read_type(spelled, source.types) or UNKNOWN)
        elif is_call(part, "JSON NESTED"):
            made |= given(part, source) or {}
    if is_call(call, "TABLE ROWS") and len(call.expressions) > 1:
        kind = literal_text(call.expressions[1])
        return {"COLUMN_VALUE": Known(read_type(kind, source.types) or UNKNOWN)} if kind else None
    if is_call(call, "XMLTABLE") and not made:
        return {"COLUMN_VALUE": Known(INTEGER if " to " in (literal_text(call.expressions[0]) or "") else Type("xml"))}
    return made or GIVEN.get(call_name(call).upper())


def table_calls(root: Node, *names: str) -> Iterator[exp.Anonymous]:
    """The calls of ``names`` that stand in FROM, inner ones first."""
    for node in reversed(nodes(root)):
        held = isinstance(node.parent, (exp.Table, exp.Lateral)) and node.arg_key == "this"
        if isinstance(node, exp.Anonymous) and held and call_name(node).upper() in names:
            yield node


def alias_of(call: exp.Anonymous, stem: str, taken: set[str]) -> exp.TableAlias:
    """The alias of the rows that ``call`` gives; one is made where there is none."""
    assert call.parent is not None
    alias = call.parent.args.get("alias")
    if isinstance(alias, exp.TableAlias) and alias.args.get("this") is not None:
        return alias.copy()
    columns = [c.copy() for c in alias.args.get("columns") or []] if isinstance(alias, exp.TableAlias) else None
    return exp.TableAlias(this=identifier(unused(stem, taken)), columns=columns or None)


def put_rows(call: exp.Anonymous, made: Node, alias: exp.TableAlias) -> None:
    """``made`` in the place of ``call``: a query becomes a derived table, which sees its neighbours (LATERAL) where it
    is joined to them; a call sees them by itself. APPLY becomes a join."""
    holder = call.parent
    assert holder is not None
    join = holder.parent if isinstance(holder.parent, exp.Join) else None
    source: Node
    if not isinstance(made, exp.Query):
        source = exp.Table(this=made, alias=alias)
    elif join is not None and any(isinstance(n, exp.Column) for a in call.expressions[:2] for n in nodes(a)):
        source = exp.Lateral(this=exp.Subquery(this=made), alias=alias)
    else:
        source = exp.Subquery(this=made, alias=alias)
    for key in ("joins", "pivots"):
        if holder.args.get(key):
            source.set(key, holder.args[key])
    cross = holder.args.get("cross_apply") if isinstance(holder, exp.Lateral) else None
    holder.replace(source)
    if join is not None and cross is not None:
        if cross:
            join.set("kind", "CROSS")
        else:
            join.set("side", "LEFT")
            join.set("on", exp.Boolean(this=True))


def own_names(made: Node) -> Node:
    """``made``, whose names are the target's own: nobody spells them again."""
    for node in nodes(made):
        if isinstance(node, exp.Identifier):
            node.meta["target"] = True
    return made
