"""``OPENJSON(d) WITH (...)`` and ``JSON_TABLE(d, path COLUMNS ...)``: the elements of a document as rows.

Transact-SQL reference, "OPENJSON": an object gives one row, an array one for each element; SQL Language Reference,
"JSON_TABLE": a NESTED path without elements leaves its row with NULLs. In the lax mode of SQL/JSON, which PostgreSQL's
paths have, ``[*]`` takes what is no array for an array of one; MySQL does so for ``[0 to last]``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...sql.casts import spelling
from ...sql.context import Context
from ...sql.json_paths import keys, steps, written
from ...sql.kinds import family, read_type
from ...sql.table_calls import alias_of, put_rows, table_calls
from ...sql.tree import Node, call, cast_to, exp, identifier, is_call, literal_text, number, string, unused

REMOVES = "json_rows"
ADDS = ("apply_join", "unnamed_derived_table")
WORDS = frozenset({"OPENJSON", "JSON_TABLE"})

#: What a column says that every target does by itself.
_PLAIN = re.compile(r"\b(?:NULL ON (?:ERROR|EMPTY)|WITHOUT (?:ARRAY )?WRAPPER|TRUNCATE|FORMAT JSON|PATH)\b")

#: Types of bytes, which OPENJSON takes from a text in base64.
_BYTES = re.compile(r"(?:VARBINARY|BINARY|IMAGE)\b", re.I)
#: The mode in which a value that is missing is an error.
_STRICT = re.compile(r"\s*strict\s+", re.I)


@dataclass(frozen=True)
class Column:
    """``kind`` is ``value``, ``bytes`` (a text in base64), ``json``, ``exists`` or ``ordinality``; ``type_`` the
    target's spelling."""

    name: exp.Identifier
    kind: str
    type_: str
    text: bool
    path: list[str | int]
    errors: bool = False
    strict: bool = False


@dataclass(frozen=True)
class Nested:
    path: list[str | int]
    columns: list[Column | Nested]


def rewrite(root: Node, ctx: Context) -> Node:
    taken: set[str] = set()
    for node in list(table_calls(root, "OPENJSON", "JSON_TABLE")):
        if node.meta.get("done"):  # the query of a MERGE that becomes several statements, once more
            continue
        if not taken:
            taken = {i.this.upper() for i in root.find_all(exp.Identifier)}
        if ctx.family.way("json_doc") is None:
            raise ctx.refuse("SC4350", node, what=f"{node.name.upper()} in FROM")
        opened = is_call(node, "OPENJSON")
        doc, path = node.expressions[:2]
        parts = node.expressions[2:] if opened else node.expressions[3:]
        options = "" if opened else literal_text(node.expressions[2]) or ""
        if opened and not parts:
            continue
        if re.sub(r"\b(?:NULL|ERROR) ON (?:ERROR|EMPTY)\b|TYPE ?\( ?LAX ?\)", "", options).strip():
            raise ctx.refuse("SC4350", node, what=f"JSON_TABLE ... {options}")
        where = _path(literal_text(path), node, ctx)
        columns = [_column(p, opened, "ERROR ON ERROR" in options, ctx) for p in parts]
        rows = Nested([*where, -1] if opened else where, columns)
        document = _document(doc, node, ctx)
        alias = alias_of(node, "ELEMENTS", taken)
        if ctx.has("json_table") and not any(isinstance(c, Column) and c.kind == "bytes" for c in columns):
            every = ctx.family.words["json_every"]
            shown = f"{_quoted(written(rows.path, every))} COLUMNS ({_listed(rows, every, ctx)})"
            made: Node = call("JSON_TABLE", document, exp.Var(this=shown))
        else:
            ctx.say("SC4352", node, what=node.name.upper())
            made = _selected(document, rows, taken, node, ctx)
        ctx.consume_tree(node)
        put_rows(node, made, alias)
    return root


def _document(doc: Node, node: Node, ctx: Context) -> Node:
    if ctx.typer.family(doc) == "binary":
        raise ctx.refuse("SC4350", node, what="JSON kept as bytes")
    return doc.copy() if ctx.typer.family(doc) == "json" else ctx.op("json_doc", node, None, x=doc.copy())


def _path(text: str | None, node: Node, ctx: Context) -> list[str | int]:
    found = steps(text) if text is not None else None
    if found is None:
        raise ctx.refuse("SC4206", node, element=str(text or "an expression"), what="JSON path")
    return found


def _column(part: Node, opened: bool, errors: bool, ctx: Context) -> Column | Nested:
    if is_call(part, "JSON NESTED"):
        return Nested(_path(literal_text(part.expressions[0]), part, ctx),
                      [_column(p, opened, errors, ctx) for p in part.expressions[1:]])  # fmt: skip
    if not is_call(part, "JSON COLUMN") or not isinstance(part.expressions[0], exp.Column):
        raise ctx.refuse("SC4350", part, what="such a column of JSON")
    name = part.expressions[0].this
    spelled, path, flags = (literal_text(e) or "" for e in part.expressions[1:4])
    if flags.startswith("FOR ORDINALITY"):
        return Column(name, "ordinality", "", False, [])
    written_name = str(name.meta.get("written") or name.this)
    strict = _STRICT.match(path) if opened else None
    where: list[str | int] = _path(path[strict.end() :] if strict else path, part, ctx) if path else [written_name]
    kind = "json" if "FORMAT JSON" in flags or spelled.upper() == "JSON" else "exists" if "EXISTS" in flags else "value"
    rest = _PLAIN.sub("", flags.replace("EXISTS", "", 1) if kind == "exists" else flags)
    errors = errors or "ERROR ON ERROR" in rest
    if rest.replace("ERROR ON ERROR", "").strip() or where[-1:] == [-1]:
        raise ctx.refuse("SC4350", part, what=f"a column of JSON_TABLE with {rest.strip() or path}")
    default = "NUMBER" if kind == "exists" else "VARCHAR2(4000)"
    wanted = read_type(spelled or default, ctx.source.types)
    if kind == "json" and spelled.upper() in ("", "JSON"):
        return Column(name, kind, ctx.family.words["json_type"], False, where, errors, bool(strict))
    type_ = spelling(wanted, ctx, columns=True) if wanted is not None else None
    if opened and kind == "value" and not strict and _BYTES.match(spelled):
        ctx.op("base64_text_bytes", part, None, t=string(""))  # refused here where there is none
        return Column(name, "bytes", "", False, where, errors)
    if wanted is None or type_ is None or family(wanted) == "binary":
        raise ctx.refuse("SC4208", part, type=spelled)
    return Column(name, kind, type_, family(wanted) == "text", where, errors, bool(strict))


def _listed(rows: Nested, every: str, ctx: Context) -> str:
    """The columns as JSON_TABLE of SQL/JSON lists them."""
    made: list[str] = []
    for column in rows.columns:
        match column:
            case Nested():
                path = _quoted(written(column.path, every))
                made.append(f"NESTED PATH {path} COLUMNS ({_listed(column, every, ctx)})")
            case Column(kind="ordinality"):
                made.append(f"{_spelled(column.name, ctx)} FOR ORDINALITY")
            case _:
                type_ = ctx.family.words["json_type"] if column.kind == "json" else column.type_
                word = " EXISTS" if column.kind == "exists" else ""
                if word and column.text and not ctx.has("json_exists_as_text"):
                    raise ctx.refuse("SC4350", column.name, what="EXISTS as a text")
                path = _quoted(written(column.path, every))
                end = " ERROR ON EMPTY" if column.strict else ""
                end += " ERROR ON ERROR" if column.errors else ""
                made.append(f"{_spelled(column.name, ctx)} {type_}{word} PATH {path}{end}")
    return ", ".join(made)


def _spelled(name: exp.Identifier, ctx: Context) -> str:
    target = ctx.names.column_text(name.this, bool(name.meta.get("folded")))
    ctx.spelled.setdefault(name.this, set()).add(target)
    return ctx.settings.quoted(target)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _selected(document: Node, rows: Nested, taken: set[str], at: Node, ctx: Context) -> exp.Select:
    """A query over the elements that a path finds, for a target without JSON_TABLE."""
    items: list[Node] = []
    made = exp.Select()
    source, held, place = _elements(document, rows, taken)
    made.set("from_", exp.From(this=source))
    nested = [c for c in rows.columns if isinstance(c, Nested)]
    while True:
        items += [_item(c, held, place, at, ctx) for c in rows.columns if isinstance(c, Column)]
        nested = [c for c in rows.columns if isinstance(c, Nested)]
        if not nested:
            break
        if len(nested) > 1:
            raise ctx.refuse("SC4350", at, what="JSON_TABLE with two NESTED paths")
        rows = nested[0]
        source, inner, place = _elements(held.copy(), rows, taken)
        numbered = source.args.get("ordinality")
        joined = exp.Join(this=exp.Lateral(this=source.this, alias=source.args["alias"], ordinality=numbered))
        joined.set("side", "LEFT")
        joined.set("on", exp.Boolean(this=True))
        made.append("joins", joined)
        held = inner
    made.set("expressions", items)
    return made


def _elements(document: Node, rows: Nested, taken: set[str]) -> tuple[exp.Table, exp.Column, exp.Column]:
    name = identifier(unused("E", taken))
    found = call("JSONB_PATH_QUERY", document, string(written(rows.path)))
    numbered = any(isinstance(c, Column) and c.kind == "ordinality" for c in rows.columns)
    columns = [identifier("VALUE"), *([identifier("N")] if numbered else [])]
    table = exp.Table(this=found, alias=exp.TableAlias(this=name, columns=columns), ordinality=numbered or None)
    value, place = (exp.Column(this=identifier(n), table=name.copy()) for n in ("VALUE", "N"))
    return table, value, place


def _item(column: Column, held: Node, place: Node, at: Node, ctx: Context) -> Node:
    path = keys(column.path)
    if path is None:
        raise ctx.refuse("SC4350", at, what=f"the path {written(column.path)}")
    value: Node
    match column.kind:
        case "ordinality":
            value = place.copy()
        case "exists":
            test = call("JSONB_PATH_EXISTS", held.copy(), string(written(column.path)))
            yes, no = (string("true"), string("false")) if column.text else (number(1), number(0))
            value = exp.Case(ifs=[exp.If(this=test, true=yes)], default=no)
        case _ if column.strict:
            strict = string(f"strict {written(column.path)}")
            value = ctx.op("json_value_found", at, None, x=held.copy(), strict_path=strict)
            if column.type_ not in ("text", ctx.family.casts.get("text")):
                value = cast_to(value, column.type_)
                value.meta["done"] = True
        case "json" if not column.text:
            value = ctx.op("json_at", at, None, x=held.copy(), path=string(path))
        case "bytes":
            held_text = ctx.op("json_text_at", at, None, x=held.copy(), path=string(path))
            value = ctx.op("base64_text_bytes", at, None, t=held_text)
        case _:
            value = ctx.op("json_text_at", at, None, x=held.copy(), path=string(path))
            if column.type_ not in ("text", ctx.family.casts.get("text")):
                value = cast_to(value, column.type_)
                value.meta["done"] = True
    return exp.Alias(this=value, alias=column.name.copy())
