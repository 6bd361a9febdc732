"""RETURNING where a statement that changes rows gives nothing back.

The number that a column counts is the last one of the session. What an UPDATE leaves is read behind it, if the rows are
found by columns that it does not change; what a DELETE takes away is read, and locked, before it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ..ir.catalog import Table
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..ir.routine import Assign, Block, Handler, SelectInto, Sql, Step
from .psm_records import NOT_FOUND

if TYPE_CHECKING:
    from .context import Context

_INSERT: Final = re.compile(
    r'(?is)\s*INSERT\s+INTO\s+((?:"?[\w$#]+"?\.)?"?[\w$#]+"?)\s*(?:\(([^()]*)\))?\s*VALUES\s*\((.*)\)\s*'
)
_UPDATE: Final = re.compile(
    r'(?is)\s*UPDATE\s+((?:"?[\w$#]+"?\.)?"?[\w$#]+"?(?:\s+(?!SET\b)[\w$#]+)?)\s+SET\s+(.*?)\s+WHERE\s+(.*)'
)
_DELETE: Final = re.compile(
    r'(?is)\s*DELETE\s+(?:FROM\s+)?((?:"?[\w$#]+"?\.)?"?[\w$#]+"?(?:\s+(?!WHERE\b)[\w$#]+)?)(?:\s+WHERE\s+(.*))?'
)
_SIMPLE: Final = re.compile(r"\s*(?:[A-Za-z][\w$#]*(?:\.\w+)?|'(?:[^']|'')*'|-?[\d.]+)\s*")
_WORD: Final = re.compile(r"'(?:[^']|'')*'|[A-Za-z][\w$#]*")
_SET: Final = re.compile(r"'(?:[^']|'')*'|\(|\)|([A-Za-z][\w$#]*)\s*=(?!>)")


def steps(step: Sql, into: tuple[Fragment, ...], ctx: Context) -> list[Step] | None:
    """The statement and what fills ``into``, in the source's language; ``None`` where there is no way."""
    plain = replace(step, returning=(), into=(), bulk=False)
    text = step.statement.text
    if step.current is not None:
        return None
    if (insert := _INSERT.fullmatch(text)) is not None and not step.bulk:
        taken = _inserted(insert, step, into, ctx)
        return [plain, *taken] if taken is not None else None
    if (update := _UPDATE.fullmatch(text)) is not None and "(" not in update[1]:
        if {w.upper() for w in _WORD.findall(update[3])} & _changed(update[2]):
            return None
        return [plain, _read(step, into, update[1], update[3], "")]
    if (delete := _DELETE.fullmatch(text)) is not None:
        return [_read(step, into, delete[1], delete[2] or "", " FOR UPDATE"), replace(plain, notes=type(step.notes)())]
    return None


def _changed(assignments: str) -> set[str]:
    """The columns that SET assigns to."""
    found, depth = set(), 0
    for m in _SET.finditer(assignments):
        depth += (m[0] == "(") - (m[0] == ")")
        if m[1] is not None and depth == 0:
            found.add(m[1].upper())
    return found if depth == 0 and found else {w.upper() for w in _WORD.findall(assignments)}


def _read(step: Sql, into: tuple[Fragment, ...], table: str, where: str, tail: str) -> Step:
    listed = ", ".join([f.text.strip() for f in step.returning])
    where = f" WHERE {where}" if where else ""
    at = step.statement.at
    query = Fragment(f"SELECT {listed} FROM {table}{where}{tail}", at)
    if step.bulk:
        return SelectInto(at, query=query, into=into, bulk=True)
    nothing = Handler((Name(NOT_FOUND),), (), at, resume=True)
    return Block(at, body=(SelectInto(at, query=query, into=into),), handlers=(nothing,))


def _inserted(m: re.Match[str], step: Sql, into: tuple[Fragment, ...], ctx: Context) -> list[Step] | None:
    words = [w.strip('"') if w.startswith('"') else w.upper() for w in m[1].split(".")]
    found = ctx.run.table(QName(Name(words[0]) if len(words) > 1 else None, Name(words[-1])))
    if found is None or not isinstance(found[1], Table):
        return None
    columns = [c.strip().strip('"').upper() for c in m[2].split(",")] if m[2] else [
        k.name.text.upper() for k in found[1].columns
    ]  # fmt: skip
    values = _listed(m[3])
    given = dict(zip(columns, values, strict=False))
    made: list[Step] = []
    for target, column in zip(into, step.returning, strict=False):
        name = column.text.strip().strip('"').upper()
        value = given.get(name)
        at = target.at
        if _counts(name, value, found, ctx):
            made.append(Assign(at, target=target, value=Fragment('"%LAST_ID"', at)))
        elif value is not None and _SIMPLE.fullmatch(value) and len(values) == len(columns):
            made.append(Assign(at, target=target, value=Fragment(value, at)))
        else:
            return None
    return made


def _counts(name: str, value: str | None, found: tuple[int, Table], ctx: Context) -> bool:
    """Whether the column takes the next number by itself or from a sequence."""
    if value is not None and value.strip().upper().endswith(".NEXTVAL"):
        return True
    final = ctx.run.final.get(found[0])
    column = next((k for k in found[1].columns if k.name.text.upper() == name), None)
    if final is None or column is None or value is not None:
        return False
    own = ctx.run.names.column(found[1].name, column.name)
    return any(k.name == own and k.identity is not None for k in final.columns)


def _listed(text: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for m in re.finditer(r"'(?:[^']|'')*'|[(),]", text):
        depth += (m[0] == "(") - (m[0] == ")")
        if m[0] == "," and depth == 0:
            parts.append(text[start : m.start()].strip())
            start = m.end()
    return [*parts, text[start:].strip()]
