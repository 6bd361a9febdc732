"""The words between the arguments of calls about JSON: see :mod:`~schemaconv.sql.documents`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from . import tokens as lex
from .pieces import Piece, Refused
from .runs import Pieces, find, is_word, joined, new_call, new_text, phrase, split


def _openjson(name: Piece, inner: Pieces) -> Pieces:
    """``OPENJSON(doc [, path]) [WITH (column type ['path'] [AS JSON], ...)]``."""
    at = find(inner, "WITH")
    columns = inner[at + 1 :] if at >= 0 else []
    arguments = split(inner[:at] if at >= 0 else inner)
    if not 1 <= len(arguments) <= 2 or not arguments[0]:
        raise Refused("SC4200", name.start, reason="OPENJSON with these arguments")
    path = arguments[1] if len(arguments) == 2 else [new_text("$", name)]
    made: list[Pieces] = [arguments[0], path]
    for column in split(columns) if columns else []:
        if len(column) < 2:
            raise Refused("SC4200", name.start, reason="a column of OPENJSON without a type")
        flags = ""
        if len(column) > 3 and is_word(column[-2], "AS") and is_word(column[-1], "JSON"):
            column, flags = column[:-2], "FORMAT JSON"
        where = ""
        if column[-1].kind == lex.STRING:
            where = column[-1].text
            column = column[:-1]
        first = column[0]
        made.append(
            new_call("JSON COLUMN", first, [first], [new_text(phrase(column[1:]), first)], [new_text(where, first)],
                  [new_text(flags, first)])
        )  # fmt: skip
    return joined(*made)


def _json_table(name: Piece, inner: Pieces) -> Pieces:
    """``JSON_TABLE(doc [, 'path'] [ON ERROR ...] COLUMNS ...)``."""
    at = find(inner, "COLUMNS")
    if at < 0:
        raise Refused("SC4200", name.start, reason="JSON_TABLE without COLUMNS")
    head = split(inner[:at])
    if len(head) > 2 or not head[0]:
        raise Refused("SC4200", name.start, reason="JSON_TABLE with these arguments")
    doc, path, flags = head[0], [new_text("$", name)], ""
    if len(head) == 2:
        if not head[1] or head[1][0].kind != lex.STRING:
            raise Refused("SC4219", name.start, what="JSON_TABLE over a computed path")
        path, flags = head[1][:1], phrase(head[1][1:])
    if len(doc) > 2 and is_word(doc[-2], "FORMAT") and is_word(doc[-1], "JSON"):
        doc = doc[:-2]
    return joined(doc, path, [new_text(flags, name)], *_json_columns(name, inner[at + 1 :]))


def _json_columns(name: Piece, pieces: Pieces) -> list[Pieces]:
    if pieces and is_word(pieces[0], "("):
        if not is_word(pieces[-1], ")"):
            raise Refused("SC4200", name.start, reason="JSON_TABLE with these columns")
        pieces = pieces[1:-1]
    made: list[Pieces] = []
    for column in split(pieces):
        if len(column) < 2:
            if not column:
                raise Refused("SC4200", name.start, reason="JSON_TABLE with these columns")
        if is_word(column[0], "NESTED"):
            made.append(_nested(column))
            continue
        made.append(_json_column(column))
    return made


def _nested(column: Pieces) -> Pieces:
    first = column[0]
    rest = column[2:] if len(column) > 1 and is_word(column[1], "PATH") else column[1:]
    if len(rest) < 2 or rest[0].kind != lex.STRING or not is_word(rest[1], "COLUMNS"):
        raise Refused("SC4200", first.start, reason="NESTED with these columns")
    return new_call("JSON NESTED", first, rest[:1], *_json_columns(first, rest[2:]))


#: Words that may follow the type of a column of JSON_TABLE.
_BEHIND_TYPE: Final = frozenset(
    "FORMAT EXISTS PATH WITH WITHOUT NULL ERROR EMPTY DEFAULT TRUE FALSE ALLOW DISALLOW TRUNCATE FOR".split()
)


def _json_column(column: Pieces) -> Pieces:
    first, rest = column[0], column[1:]
    end = next((i for i, p in enumerate(rest) if p.kind == lex.WORD and p.upper in _BEHIND_TYPE), len(rest))
    spelled, rest = rest[:end], rest[end:]
    where = ""
    at = find(rest, "PATH")
    if at >= 0 and at + 1 < len(rest) and rest[at + 1].kind == lex.STRING:
        where = rest[at + 1].text
        rest = rest[:at] + rest[at + 2 :]
    return new_call("JSON COLUMN", first, [first], [new_text(phrase(spelled), first)], [new_text(where, first)],
                 [new_text(phrase(rest), first)])  # fmt: skip


#: Where the options behind the arguments of a JSON function begin.
_OPTIONS: Final = (
    ("NULL", "ON", "NULL"), ("ABSENT", "ON", "NULL"), ("EMPTY", "STRING", "ON", "NULL"), ("RETURNING",),
    ("WITH", "UNIQUE"), ("WITH", "WRAPPER"),
    ("WITH", "ARRAY"), ("WITH", "UNCONDITIONAL"), ("WITH", "CONDITIONAL"), ("WITHOUT", "WRAPPER"),
    ("WITHOUT", "ARRAY"), ("STRICT",), ("NULL", "ON"), ("ERROR", "ON"), ("EMPTY", "ON"), ("EMPTY", "ARRAY"),
    ("EMPTY", "OBJECT"), ("TRUE", "ON"), ("FALSE", "ON"), ("DEFAULT",), ("PRETTY",), ("ASCII",), ("ALLOW",),
    ("DISALLOW",), ("TRUNCATE",), ("ORDER", "BY"), ("FORMAT", "JSON"),
)  # fmt: skip


def _cut(inner: Pieces) -> tuple[Pieces, Pieces]:
    """Arguments, and the options behind them."""
    places = [at for words in _OPTIONS if (at := find(inner, *words)) > 0]
    at = min(places, default=len(inner))
    return inner[:at], inner[at:]


def _ordered(options: Pieces) -> tuple[Pieces, Pieces]:
    """The keys of ORDER BY among ``options``, and the rest."""
    at = find(options, "ORDER", "BY")
    if at < 0:
        return [], options
    rest = options[at:]
    end = min((i for words in _OPTIONS[:5] if (i := find(rest, *words)) > 0), default=len(rest))
    return rest[:end], options[:at] + rest[end:]


def _json_object(name: Piece, inner: Pieces) -> Pieces:
    """``JSON_OBJECT([KEY] k VALUE v, k : v, column, * options)``."""
    pairs: list[Pieces] = []
    options: Pieces = []
    for part in split(inner) if inner else []:
        part, more = _cut(part) if part and not is_word(part[0], "RETURNING") else ([], part)
        formatted = more[:2] if [p.upper for p in more[:2]] == ["FORMAT", "JSON"] else []
        options += more[len(formatted) :]
        if part:
            pairs.append(_pair(name, part, bool(formatted)))
    return joined([new_text(phrase(options), name)], *pairs)


def _pair(name: Piece, part: Pieces, formatted: bool) -> Pieces:
    if not part:
        raise Refused("SC4204", name.start, function=name.upper)
    if is_word(part[0], "KEY") and len(part) > 1 and not is_word(part[1], "("):
        part = part[1:]
    if len(part) == 1 and is_word(part[0], "*"):
        return new_call("JSON ALL", name)
    halves = split(part, frozenset({"VALUE", ":", "IS"}))
    if len(halves) == 1:
        last = part[-1]
        halves = [[new_text(last.text, last)], part]  # the key is the name as it is written
        if last.kind not in (lex.WORD, lex.QUOTED):
            raise Refused("SC4219", name.start, what=f"{name.upper} with such a pair")
    if len(halves) != 2 or not all(halves):
        raise Refused("SC4219", name.start, what=f"{name.upper} with such a pair")
    return new_call("JSON PAIR", part[0], *halves, [new_text("FORMAT JSON" if formatted else "", part[0])])


def _json_array(name: Piece, inner: Pieces) -> Pieces:
    arguments: list[Pieces] = []
    options: Pieces = []
    for part in split(inner) if inner else []:
        part, more = _cut(part)
        formatted = [p.upper for p in more[:2]] == ["FORMAT", "JSON"]
        options += more[2:] if formatted else more
        if part:
            wrapped = new_call("JSON PAIR", part[0], part, [new_text("FORMAT JSON", part[0])]) if formatted else part
            arguments.append(wrapped)
    return joined([new_text(phrase(options), name)], *arguments)


def _json_objectagg(name: Piece, inner: Pieces) -> Pieces:
    part, options = _cut(inner)
    return joined([new_text(phrase(options), name)], _pair(name, part, False))


def _json_arrayagg(name: Piece, inner: Pieces) -> Pieces:
    part, options = _cut(inner)
    if not part:
        raise Refused("SC4200", name.start, reason="JSON_ARRAYAGG of nothing")
    keys, options = _ordered(options)
    formatted = [p.upper for p in options[:2]] == ["FORMAT", "JSON"]
    said = phrase(options[2:] if formatted else options)
    # the keys stand behind the value, as a parser reads them
    return joined([new_text(said, name)], part + keys)


def _json_read(name: Piece, inner: Pieces) -> Pieces:
    """``JSON_VALUE(d, 'path' RETURNING type ... ON ERROR)``: what follows the path is a third argument."""
    arguments = split(inner)
    if len(arguments) != 2 or len(arguments[1]) < 2 or arguments[1][0].kind != lex.STRING:
        return inner
    doc = arguments[0]
    if len(doc) > 2 and is_word(doc[-2], "FORMAT") and is_word(doc[-1], "JSON"):
        doc = doc[:-2]
    return joined(doc, arguments[1][:1], [new_text(phrase(arguments[1][1:]), name)])


#: What makes a plain call of each.
JSON_CALLS: Final[dict[str, Callable[[Piece, Pieces], Pieces]]] = {
    "OPENJSON": _openjson,
    "JSON_TABLE": _json_table,
    "JSON_OBJECT": _json_object,
    "JSON_ARRAY": _json_array,
    "JSON_OBJECTAGG": _json_objectagg,
    "JSON_ARRAYAGG": _json_arrayagg,
    "JSON_VALUE": _json_read,
    "JSON_QUERY": _json_read,
    "JSON_EXISTS": _json_read,
}
