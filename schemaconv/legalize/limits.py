"""Limits that only show once types are spelled: row size, key length, long types in keys, counters without a key.

Sources: MySQL 8.0 Reference Manual, "Limits on Table Column Count and Row Size" (65,535 bytes without TEXT and BLOB),
"InnoDB Limits" (3,072 bytes of key with DYNAMIC rows), "CREATE INDEX" (BLOB and TEXT need a prefix length), "Using
AUTO_INCREMENT" (the counter must be the first column of a key).
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..ir.catalog import Constraint, Index, IndexPart, Object, Table
from ..ir.names import Name
from ..rulefiles import RuleError
from ..source import Span
from .constructs import shown
from .context import Context
from .types import key_bytes, page_bytes, storage_bytes

#: Bytes of one character in the target's character set (utf8mb4).
CHARACTER = 4


def apply(found: Object, ctx: Context) -> Object:
    """``found`` within the target's limits; what had to give is said."""
    match found:
        case Table() if found.columns:
            _count(found, ctx)
            if ctx.limit("column_comment"):
                found = _comments(found, ctx)
            if found.query is not None and ctx.trait("query_takes_names_only"):
                found = _names_only(found, ctx)
            if ctx.trait("key_needs_stored"):
                found = _stored(found, ctx)
            if ctx.trait("counter_needs_key"):
                found = _counter(found, ctx)
            if ctx.limit("row_bytes") and ctx.trait("row_limit_without_text"):
                found = _row(found, ctx, ctx.limit("row_bytes"))
                _page(found, ctx)
            if ctx.limit("index_bytes") and not ctx.legal("index_on_text"):
                found = _keys(found, ctx, ctx.limit("index_bytes"))
            ctx.run.spelled[ctx.subject] = {k.name.text: k.type.spelling for k in found.columns}
            return found
        case Index() if 0 < ctx.limit("index_comment") < len(found.comment):
            short = _cut(found.comment, ctx.limit("index_comment"), found.name.name.text, found.at, ctx)
            return apply(replace(found, comment=short), ctx)
        case Index() if found.method in ("fulltext", "spatial"):
            return found
        case Index() if ctx.limit("index_bytes") and not ctx.legal("index_on_text"):
            return _index(found, ctx, ctx.limit("index_bytes"))
        case _:
            return found


def _count(table: Table, ctx: Context) -> None:
    limit = ctx.limit("columns")
    if limit and len(table.columns) > limit:
        ctx.stub = ctx.say_construct("too_many_columns", None, f"{len(table.columns)} columns")


def _comments(table: Table, ctx: Context) -> Table:
    """Comments no longer than the target takes: it refuses the whole table otherwise."""
    columns = tuple(
        replace(k, comment=_cut(k.comment, ctx.limit("column_comment"), k.name.text, k.at, ctx)) if k.comment else k
        for k in table.columns
    )
    comment = table.comment and _cut(table.comment, ctx.limit("table_comment"), table.name.name.text, table.at, ctx)
    limit = ctx.limit("index_comment")
    constraints = tuple(
        replace(k, index_comment=_cut(k.index_comment, limit, str(k.name), k.at, ctx)) if k.index_comment else k
        for k in table.constraints
    )
    return replace(table, columns=columns, constraints=constraints, comment=comment)


def _cut(text: str, limit: int, name: str, at: Span, ctx: Context) -> str:
    if len(text) <= limit:
        return text
    ctx.say("SC6024", at, column=name, length=len(text), limit=limit)
    return text[: limit - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def _names_only(table: Table, ctx: Context) -> Table:
    """A table made from a query whose columns take names and nothing else."""
    columns = tuple(replace(k, not_null=False, default=None, identity=None) for k in table.columns)
    if columns != table.columns:
        ctx.say_construct("table_as_query", table.at)
    return replace(table, columns=columns)


def _counter(table: Table, ctx: Context) -> Table:
    for k in table.columns:
        if k.identity is None:
            continue
        keyed = any(c.columns[:1] == (k.name,) for c in table.constraints if c.kind in ("primary_key", "unique"))
        if not keyed:
            ctx.say_construct("counter_without_key", k.at, str(k.name))
            part = table.partitioning
            more = part.columns + (part.sub.columns if part.sub else ()) if part is not None else ()
            unique = Constraint("unique", None, (k.name, *(n for n in more if n != k.name)), k.at)
            return replace(table, constraints=(*table.constraints, unique))
    return table


def _stored(table: Table, ctx: Context) -> Table:
    """A generated column of the primary key or the partition key must be stored."""
    keys = {n for c in table.constraints if c.kind == "primary_key" for n in c.columns}
    if table.partitioning is not None:
        keys |= set(table.partitioning.columns)
    columns = []
    for k in table.columns:
        if k.generated is not None and not k.stored and k.name in keys:
            ctx.say("SC3145", k.generated.at, clause=k.name.text)
            k = replace(k, stored=True)
        columns.append(k)
    return replace(table, columns=tuple(columns))


def _row(table: Table, ctx: Context, limit: int) -> Table:
    sizes = [_size(k.type.spelling) for k in table.columns]
    keys = {n for c in table.constraints if c.kind == "primary_key" for n in c.columns}
    limit -= (sum(not k.not_null and k.name not in keys for k in table.columns) + 7) // 8  # a bit for each NULL
    if sum(sizes) <= limit:
        return table
    keyed = {n for c in table.constraints if c.kind != "check" for n in c.columns}
    if table.partitioning is not None:
        keyed |= set(table.partitioning.columns)
    indexed = {n.text for n in ctx.run.indexed.get(ctx.subject, ())}
    originals = ctx.run.catalog.objects[ctx.subject]
    own = [k.name.text for k in originals.columns] if isinstance(originals, Table) else []
    columns = list(table.columns)

    def worth(i: int) -> tuple[bool, bool, int]:
        k = columns[i]
        in_index = i < len(own) and own[i] in indexed
        return (in_index, k.default is not None, -sizes[i])

    for i in sorted(range(len(columns)), key=worth):
        k = columns[i]
        if sum(sizes) <= limit:
            break
        if k.name in keyed or not k.type.spelling.startswith(("varchar", "varbinary", "char(")):
            continue
        wide = "blob" if k.type.spelling.startswith("varbinary") else "text"
        spelling = wide if sizes[i] <= 65535 else f"medium{wide}"
        ctx.say("SC2140", k.at, column=str(k.name), source=k.type.spelling, type=spelling, limit=ctx.limit("row_bytes"))
        default = k.default  # of a long type it must be an expression
        if default is not None and not default.output.startswith("("):
            default = replace(default, target=f"({default.output})")
        columns[i] = replace(k, type=replace(k.type, spelling=spelling), default=default)
        sizes[i] = _size(spelling)
    if sum(sizes) > limit:
        ctx.stub = ctx.say_construct("row_over_page", None, bytes=sum(sizes), limit=limit)
    return replace(table, columns=tuple(columns))


#: Bytes of a row's head, and of the hidden columns for transactions and for rows without a primary key.
_HEAD, _HIDDEN, _ROW_ID = 5, 13, 6


def _page(table: Table, ctx: Context) -> None:
    """Two rows must fit into a page, however much of them lies elsewhere."""
    limit = ctx.limit("page_bytes")
    keys = {n for c in table.constraints if c.kind == "primary_key" for n in c.columns}
    stored = [k for k in table.columns if k.generated is None or k.stored]
    open_ = sum(not k.not_null and k.name not in keys for k in stored)
    size = _HEAD + _HIDDEN + (0 if keys else _ROW_ID) + (open_ + 7) // 8
    for k in stored:
        try:
            size += page_bytes(k.type.spelling)
        except RuleError:  # a user's own spelling
            size += _LONG
    if limit and size >= limit and not ctx.stub:
        ctx.stub = ctx.say_construct("row_over_page", None, bytes=size, limit=limit - 1)


_LONG = 41


def _size(spelling: str) -> int:
    try:
        return storage_bytes(spelling)
    except RuleError:
        return 12  # a user's own spelling: counted like a long text


# -- keys --------------------------------------------------------------------------------------------------------------


def _keys(table: Table, ctx: Context, limit: int) -> Table:
    types = {k.name: k.type.spelling for k in table.columns}
    constraints = []
    for k in table.constraints:
        if k.kind in ("primary_key", "unique") and k.columns:
            prefixes = shorter([types.get(n, "") for n in k.columns], limit)
            if prefixes is not None:
                ctx.say("SC3222", k.at, constraint=str(k.name) if k.name else k.kind.replace("_", " "), limit=limit)
                k = replace(k, prefixes=tuple(prefixes), inline=False)
        if k.kind == "foreign_key" and sum(_key_size(types.get(n, "")) for n in k.columns) > limit:
            ctx.say("SC3225", k.at, constraint=shown(k), limit=limit, parent=str(k.references))
            continue
        constraints.append(k)
    return replace(table, constraints=tuple(constraints))


def _index(index: Index, ctx: Context, limit: int) -> Index:
    found = ctx.run.table(ctx.run.catalog.objects[ctx.subject].table)  # type: ignore[attr-defined]
    if found is None:
        return index
    types = ctx.run.spelled.get(found[0], {})
    if any(p.expression is not None for p in index.parts):
        return _expressions(index, ctx, types)
    prefixes = shorter([types.get(p.column.text, "") if p.column is not None else "" for p in index.parts], limit)
    if prefixes is None:
        return index
    ctx.say_construct(
        "index_on_text" if not index.unique else "unique_index_prefix", None, str(index.name.name), limit=limit
    )
    return replace(index, parts=tuple(replace(p, prefix=n) for p, n in zip(index.parts, prefixes, strict=True)))


_WORD = re.compile(r"[^\W\d][\w$#]*")
_LEADING = re.compile(r"SUBSTR(?:ING)?\(\s*`?(\w+)`?\s*,\s*1\s*,\s*(\d+)\s*\)", re.I)


def _expressions(index: Index, ctx: Context, types: dict[str, str]) -> Index:
    """A functional key part must not yield TEXT; the beginning of a column is a prefix of it."""
    parts = []
    for p in index.parts:
        if p.expression is None:
            parts.append(p)
            continue
        leading = _LEADING.fullmatch(p.expression.output)
        if leading is not None and leading[1] in types:
            parts.append(IndexPart(Name(leading[1]), descending=p.descending, prefix=int(leading[2])))
            continue
        named = {w.lower() for w in _WORD.findall(p.expression.output)}
        wide = [c for c, t in types.items() if c.lower() in named and (_long(t) or _key_size(t) > 2048)]
        if wide:
            ctx.stub = ctx.say_construct(
                "index_on_text", p.expression.at, p.expression.text, limit=ctx.limit("index_bytes")
            )
        parts.append(p)
    spellings = [
        f"varchar({p.prefix})" if p.prefix is not None else types.get(p.column.text, "") if p.column is not None else ""
        for p in parts
    ]
    prefixes = shorter(spellings, ctx.limit("index_bytes")) or [None] * len(parts)
    return replace(index, parts=tuple(replace(p, prefix=n or p.prefix) for p, n in zip(parts, prefixes, strict=True)))


def shorter(types: list[str], limit: int) -> list[int | None] | None:
    """Prefix lengths that bring a key under ``limit`` bytes; ``None`` where it fits as it is.

    Lengths are in characters for text and in bytes for binary types; the longest columns give first.
    """
    sizes = [_key_size(t) for t in types]
    long = [_long(t) for t in types]
    if sum(sizes) <= limit and not any(long):
        return None
    strings = [t.startswith(("varchar", "char", "text", "longtext", "mediumtext", "tinytext")) for t in types]
    binaries = [t.startswith(("varbinary", "binary", "blob", "longblob", "mediumblob", "tinyblob")) for t in types]
    fixed = sum(s for s, a, b in zip(sizes, strings, binaries, strict=True) if not a and not b)
    room = limit - fixed
    flexible = sorted(i for i in range(len(types)) if strings[i] or binaries[i])
    share: dict[int, int] = {}
    rest = sorted(flexible, key=lambda i: sizes[i])
    while rest:
        i = rest.pop(0)
        part = min(sizes[i] if not long[i] else room, room // (len(rest) + 1))
        share[i] = part
        room -= part
    out: list[int | None] = []
    for i in range(len(types)):
        if i not in share or (share[i] >= sizes[i] and not long[i]):
            out.append(None)
        else:
            out.append(max(1, share[i] // (CHARACTER if strings[i] else 1)))
    return out


def _key_size(spelling: str) -> int:
    try:
        return key_bytes(spelling)
    except RuleError:
        return 8


def _long(spelling: str) -> bool:
    return "text" in spelling or "blob" in spelling
