"""Calls about JSON and XML that have a grammar of their own, as plain calls whose words are text arguments.

``JSON_TABLE(d, '$' COLUMNS (a NUMBER PATH '$.a'))`` becomes ``JSON_TABLE(d, '$', '', JSON COLUMN(a, 'NUMBER', '$.a',
''))``, ``c.value('(/a)[1]', 'int')`` becomes ``XML VALUE(c, '(/a)[1]', 'int')``: what a parser reads as it reads any
call, and what the rewrites of ``rewrites/query`` take apart again. The names with a blank in them are :data:`WORDS`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from . import tokens as lex
from .pieces import GRAMMAR, Piece, Refused

Pieces = list[Piece]

#: Names of calls that stand for a part of another call.
WORDS: Final = frozenset(
    {"JSON COLUMN", "JSON NESTED", "JSON PAIR", "JSON ALL", "XML COLUMN", "XML VALUE", "XML QUERY", "XML EXIST",
     "XML NODES", "XML EXTRACT", "XML TEXT", "LISTED ROWS"}
)  # fmt: skip
#: Methods of an XML value, and the calls that they become.
METHODS: Final = {
    "VALUE": "XML VALUE", "QUERY": "XML QUERY", "EXIST": "XML EXIST", "NODES": "XML NODES", "EXTRACT": "XML EXTRACT",
    "GETSTRINGVAL": "XML TEXT", "GETCLOBVAL": "XML TEXT",
}  # fmt: skip
_TEXT_METHODS: Final = frozenset({"GETSTRINGVAL", "GETCLOBVAL"})


def documents(found: Pieces, calls: frozenset[str]) -> Pieces:
    """``found`` with the ``calls`` and methods of a source as plain calls. Raises :class:`Refused`."""
    if not any(p.upper in calls for p in found):
        return found
    return _Reader(found, calls).run(0, len(found))


class _Reader:
    def __init__(self, found: Pieces, calls: frozenset[str]) -> None:
        self.found = found
        self.calls = calls
        self.closing = _closings(found)

    def run(self, start: int, end: int) -> Pieces:
        made: Pieces = []
        at = start
        while at < end:
            piece = self.found[at]
            opened = at + 1 < end and _is(self.found[at + 1], "(") and self.closing[at + 1] < end
            if piece.kind != lex.WORD or not opened or piece.upper not in self.calls:
                made.append(piece)
                at += 1
                continue
            close = self.closing[at + 1]
            if made and _is(made[-1], "."):
                at = self.method(made, piece, at, close)
                continue
            handler = _HANDLERS.get(piece.upper)
            if handler is None:
                made.append(piece)
                at += 1
                continue
            inner = self.run(at + 2, close)
            after = close + 1
            if piece.upper == "OPENJSON" and _is(self.at(after), "WITH") and _is(self.at(after + 1), "("):
                end_of_with = self.closing[after + 1]
                inner += [_sign("WITH", piece), *self.found[after + 2 : end_of_with]]
                after = end_of_with + 1
            if piece.upper in ("EXTRACT", "TABLE"):
                made += _renamed(piece, inner, self.found[close])
            else:
                made += [piece, _sign("(", piece), *handler(piece, inner), self.found[close]]
            at = after
        return made

    def at(self, at: int) -> Piece | None:
        return self.found[at] if at < len(self.found) else None

    def method(self, made: Pieces, piece: Piece, at: int, close: int) -> int:
        """``receiver.METHOD(...)`` as a call whose first argument is the receiver."""
        name = METHODS.get(piece.upper)
        inner = self.run(at + 2, close)
        texts = piece.upper in _TEXT_METHODS
        if name is None or (not inner) is not texts or (not texts and inner[0].kind != lex.STRING):
            made.append(piece)
            return at + 1
        start = _receiver(made, len(made) - 1)
        receiver = made[start:-1]
        if not receiver:
            made.append(piece)
            return at + 1
        del made[start:]
        made += [_word(name, piece), _sign("(", piece), *receiver]
        made += [_sign(",", piece), *inner] if inner else []
        made.append(self.found[close])
        return close + 1


#: Collection types of the server whose constructors list values in FROM.
_LISTS: Final = frozenset(
    {"ODCIVARCHAR2LIST", "ODCINUMBERLIST", "ODCIDATELIST", "DBMS_DEBUG_VC2COLL", "KU$_VCNT"}
)


def _renamed(piece: Piece, inner: Pieces, close: Piece) -> Pieces:
    """``EXTRACT(x, '/path')`` of XML, and ``TABLE(sys.odcivarchar2list('a', 'b'))``; anything else as it was."""
    whole = [piece, _sign("(", piece), *inner, close]
    if piece.upper == "EXTRACT":
        return [_word("XML EXTRACT", piece), *whole[1:]] if _find(inner, ",") >= 0 else whole
    call = inner[2:] if len(inner) > 2 and _is(inner[0], "SYS") and _is(inner[1], ".") else inner
    if len(call) < 3 or call[0].upper not in _LISTS or not _is(call[1], "(") or not _is(call[-1], ")"):
        return whole
    return [_word("LISTED ROWS", piece), *call[1:]]


def _same(_: Piece, inner: Pieces) -> Pieces:
    return inner


def _receiver(made: Pieces, dot: int) -> int:
    """Where the operand in front of the dot at ``dot`` begins: names parted by dots, a call, or a parenthesis."""
    at = dot - 1
    while at >= 0:
        if _is(made[at], ")"):
            depth = 0
            while at >= 0:
                depth += _is(made[at], ")") - _is(made[at], "(")
                if depth == 0:
                    break
                at -= 1
            if at > 0 and made[at - 1].kind == lex.WORD and made[at - 1].upper not in GRAMMAR:
                at -= 1
        elif made[at].kind not in (lex.WORD, lex.QUOTED):
            return at + 1
        if at > 0 and _is(made[at - 1], "."):
            at -= 2
            continue
        return max(at, 0)
    return 0


def _closings(found: Pieces) -> dict[int, int]:
    """The place of the parenthesis that closes each one; of one that nothing closes, the end."""
    made: dict[int, int] = {}
    open_: list[int] = []
    for i, piece in enumerate(found):
        if _is(piece, "("):
            open_.append(i)
        elif _is(piece, ")") and open_:
            made[open_.pop()] = i
    made.update((i, len(found)) for i in open_)
    return made


def _is(piece: Piece | None, word: str) -> bool:
    return piece is not None and piece.kind in (lex.WORD, lex.OPERATOR) and piece.upper == word


def _word(name: str, like: Piece) -> Piece:
    return Piece(lex.WORD, name, name, like.start, like.end)


def _sign(text: str, like: Piece) -> Piece:
    return Piece(lex.OPERATOR, text, text, like.start, like.end)


def _text(text: str, like: Piece) -> Piece:
    return Piece(lex.STRING, text, "", like.start, like.end)


def _split(inner: Pieces, words: frozenset[str] = frozenset({","})) -> list[Pieces]:
    """The parts between the commas (or ``words``) that stand in no further parentheses."""
    parts: list[Pieces] = [[]]
    depth = 0
    for piece in inner:
        depth += _is(piece, "(") - _is(piece, ")")
        if depth == 0 and piece.kind in (lex.WORD, lex.OPERATOR) and piece.upper in words:
            parts.append([])
        else:
            parts[-1].append(piece)
    return parts


def _joined(*arguments: Pieces) -> Pieces:
    """``arguments`` with commas between them."""
    made: Pieces = []
    for argument in arguments:
        if made and argument:
            made.append(_sign(",", argument[0]))
        made += argument
    return made


def _call(name: str, like: Piece, *arguments: Pieces) -> Pieces:
    return [_word(name, like), _sign("(", like), *_joined(*arguments), _sign(")", like)]


def _phrase(words: Pieces) -> str:
    """Words as they are written, one blank between them and none around parentheses."""
    made = ""
    for piece in words:
        shown = piece.upper if piece.kind == lex.WORD else piece.text
        made += shown if not made or shown in "().," or made[-1] in "(." else f" {shown}"
    return made


def _find(pieces: Pieces, *words: str) -> int:
    """Where ``words`` stand outside of parentheses; -1 if nowhere."""
    depth = 0
    for i, piece in enumerate(pieces):
        depth += _is(piece, "(") - _is(piece, ")")
        run = pieces[i : i + len(words)]
        if depth == 0 and len(run) == len(words) and all(_is(p, w) for p, w in zip(run, words, strict=True)):
            return i
    return -1


# ---------------------------------------------------------------------------------------------------------- JSON


def _openjson(name: Piece, inner: Pieces) -> Pieces:
    """``OPENJSON(doc [, path]) [WITH (column type ['path'] [AS JSON], ...)]``."""
    at = _find(inner, "WITH")
    columns = inner[at + 1 :] if at >= 0 else []
    arguments = _split(inner[:at] if at >= 0 else inner)
    if not 1 <= len(arguments) <= 2 or not arguments[0]:
        raise Refused("SC4200", name.start, reason="OPENJSON with these arguments")
    path = arguments[1] if len(arguments) == 2 else [_text("$", name)]
    made: list[Pieces] = [arguments[0], path]
    for column in _split(columns) if columns else []:
        if len(column) < 2:
            raise Refused("SC4200", name.start, reason="a column of OPENJSON without a type")
        flags = ""
        if len(column) > 3 and _is(column[-2], "AS") and _is(column[-1], "JSON"):
            column, flags = column[:-2], "FORMAT JSON"
        where = ""
        if column[-1].kind == lex.STRING:
            where = column[-1].text
            column = column[:-1]
        first = column[0]
        made.append(
            _call("JSON COLUMN", first, [first], [_text(_phrase(column[1:]), first)], [_text(where, first)],
                  [_text(flags, first)])
        )  # fmt: skip
    return _joined(*made)


def _json_table(name: Piece, inner: Pieces) -> Pieces:
    """``JSON_TABLE(doc [, 'path'] [ON ERROR ...] COLUMNS ...)``."""
    at = _find(inner, "COLUMNS")
    if at < 0:
        raise Refused("SC4200", name.start, reason="JSON_TABLE without COLUMNS")
    head = _split(inner[:at])
    if len(head) > 2 or not head[0]:
        raise Refused("SC4200", name.start, reason="JSON_TABLE with these arguments")
    doc, path, flags = head[0], [_text("$", name)], ""
    if len(head) == 2:
        if not head[1] or head[1][0].kind != lex.STRING:
            raise Refused("SC4219", name.start, what="JSON_TABLE over a computed path")
        path, flags = head[1][:1], _phrase(head[1][1:])
    if len(doc) > 2 and _is(doc[-2], "FORMAT") and _is(doc[-1], "JSON"):
        doc = doc[:-2]
    return _joined(doc, path, [_text(flags, name)], *_json_columns(name, inner[at + 1 :]))


def _json_columns(name: Piece, pieces: Pieces) -> list[Pieces]:
    if pieces and _is(pieces[0], "("):
        if not _is(pieces[-1], ")"):
            raise Refused("SC4200", name.start, reason="JSON_TABLE with these columns")
        pieces = pieces[1:-1]
    made: list[Pieces] = []
    for column in _split(pieces):
        if len(column) < 2:
            if not column:
                raise Refused("SC4200", name.start, reason="JSON_TABLE with these columns")
        if _is(column[0], "NESTED"):
            made.append(_nested(column))
            continue
        made.append(_json_column(column))
    return made


def _nested(column: Pieces) -> Pieces:
    first = column[0]
    rest = column[2:] if len(column) > 1 and _is(column[1], "PATH") else column[1:]
    if len(rest) < 2 or rest[0].kind != lex.STRING or not _is(rest[1], "COLUMNS"):
        raise Refused("SC4200", first.start, reason="NESTED with these columns")
    return _call("JSON NESTED", first, rest[:1], *_json_columns(first, rest[2:]))


#: Words that may follow the type of a column of JSON_TABLE.
_BEHIND_TYPE: Final = frozenset(
    "FORMAT EXISTS PATH WITH WITHOUT NULL ERROR EMPTY DEFAULT TRUE FALSE ALLOW DISALLOW TRUNCATE FOR".split()
)


def _json_column(column: Pieces) -> Pieces:
    first, rest = column[0], column[1:]
    end = next((i for i, p in enumerate(rest) if p.kind == lex.WORD and p.upper in _BEHIND_TYPE), len(rest))
    spelled, rest = rest[:end], rest[end:]
    where = ""
    at = _find(rest, "PATH")
    if at >= 0 and at + 1 < len(rest) and rest[at + 1].kind == lex.STRING:
        where = rest[at + 1].text
        rest = rest[:at] + rest[at + 2 :]
    return _call("JSON COLUMN", first, [first], [_text(_phrase(spelled), first)], [_text(where, first)],
                 [_text(_phrase(rest), first)])  # fmt: skip


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
    places = [at for words in _OPTIONS if (at := _find(inner, *words)) > 0]
    at = min(places, default=len(inner))
    return inner[:at], inner[at:]


def _ordered(options: Pieces) -> tuple[Pieces, Pieces]:
    """The keys of ORDER BY among ``options``, and the rest."""
    at = _find(options, "ORDER", "BY")
    if at < 0:
        return [], options
    rest = options[at:]
    end = min((i for words in _OPTIONS[:5] if (i := _find(rest, *words)) > 0), default=len(rest))
    return rest[:end], options[:at] + rest[end:]


def _json_object(name: Piece, inner: Pieces) -> Pieces:
    """``JSON_OBJECT([KEY] k VALUE v, k : v, column, * options)``."""
    pairs: list[Pieces] = []
    options: Pieces = []
    for part in _split(inner) if inner else []:
        part, more = _cut(part) if part and not _is(part[0], "RETURNING") else ([], part)
        formatted = more[:2] if [p.upper for p in more[:2]] == ["FORMAT", "JSON"] else []
        options += more[len(formatted) :]
        if part:
            pairs.append(_pair(name, part, bool(formatted)))
    return _joined([_text(_phrase(options), name)], *pairs)


def _pair(name: Piece, part: Pieces, formatted: bool) -> Pieces:
    if _is(part[0], "KEY") and len(part) > 1 and not _is(part[1], "("):
        part = part[1:]
    if len(part) == 1 and _is(part[0], "*"):
        return _call("JSON ALL", name)
    halves = _split(part, frozenset({"VALUE", ":", "IS"}))
    if len(halves) == 1:
        last = part[-1]
        halves = [[_text(last.text, last)], part]  # the key is the name as it is written
        if last.kind not in (lex.WORD, lex.QUOTED):
            raise Refused("SC4219", name.start, what=f"{name.upper} with such a pair")
    if len(halves) != 2 or not all(halves):
        raise Refused("SC4219", name.start, what=f"{name.upper} with such a pair")
    return _call("JSON PAIR", part[0], *halves, [_text("FORMAT JSON" if formatted else "", part[0])])


def _json_array(name: Piece, inner: Pieces) -> Pieces:
    arguments: list[Pieces] = []
    options: Pieces = []
    for part in _split(inner) if inner else []:
        part, more = _cut(part)
        formatted = [p.upper for p in more[:2]] == ["FORMAT", "JSON"]
        options += more[2:] if formatted else more
        if part:
            wrapped = _call("JSON PAIR", part[0], part, [_text("FORMAT JSON", part[0])]) if formatted else part
            arguments.append(wrapped)
    return _joined([_text(_phrase(options), name)], *arguments)


def _json_objectagg(name: Piece, inner: Pieces) -> Pieces:
    part, options = _cut(inner)
    return _joined([_text(_phrase(options), name)], _pair(name, part, False))


def _json_arrayagg(name: Piece, inner: Pieces) -> Pieces:
    part, options = _cut(inner)
    if not part:
        raise Refused("SC4200", name.start, reason="JSON_ARRAYAGG of nothing")
    keys, options = _ordered(options)
    formatted = [p.upper for p in options[:2]] == ["FORMAT", "JSON"]
    phrase = _phrase(options[2:] if formatted else options)
    # the keys stand behind the value, as a parser reads them
    return _joined([_text(phrase, name)], part + keys)


def _json_read(name: Piece, inner: Pieces) -> Pieces:
    """``JSON_VALUE(d, 'path' RETURNING type ... ON ERROR)``: what follows the path is a third argument."""
    arguments = _split(inner)
    if len(arguments) != 2 or len(arguments[1]) < 2 or arguments[1][0].kind != lex.STRING:
        return inner
    doc = arguments[0]
    if len(doc) > 2 and _is(doc[-2], "FORMAT") and _is(doc[-1], "JSON"):
        doc = doc[:-2]
    return _joined(doc, arguments[1][:1], [_text(_phrase(arguments[1][1:]), name)])


# ----------------------------------------------------------------------------------------------------------- XML


def _xmltable(name: Piece, inner: Pieces) -> Pieces:
    """``XMLTABLE('xpath' PASSING doc COLUMNS ...)``."""
    at = _find(inner, "COLUMNS")
    columns = inner[at + 1 :] if at >= 0 else []
    head = inner[:at] if at >= 0 else inner
    at = _find(head, "RETURNING", "SEQUENCE")
    head = head[:at] if at >= 0 else head
    at = _find(head, "PASSING")
    path, doc = (head[:at], head[at + 1 :]) if at >= 0 else (head, [])
    if len(path) != 1 or path[0].kind != lex.STRING:
        raise Refused("SC4218", name.start, what="XMLTABLE with namespaces or a computed path")
    if len(doc) > 2 and _is(doc[0], "BY"):
        doc = doc[2:]
    if _find(doc, ",") >= 0 or _find(doc, "AS") >= 0:
        raise Refused("SC4218", name.start, what="XMLTABLE with several values")
    made = [path, doc or [_sign("NULL", name)._replace(kind=lex.WORD)]]
    made += [_xml_column(name, column) for column in (_split(columns) if columns else [])]
    return _joined(*made)


def _xml_column(name: Piece, column: Pieces) -> Pieces:
    if len(column) < 1:
        raise Refused("SC4200", name.start, reason="XMLTABLE with these columns")
    first, rest = column[0], column[1:]
    default: Pieces = []
    at = _find(rest, "DEFAULT")
    if at >= 0:
        rest, default = rest[:at], rest[at + 1 :]
    where = ""
    at = _find(rest, "PATH")
    if at >= 0:
        if at + 2 != len(rest) or rest[at + 1].kind != lex.STRING:
            raise Refused("SC4218", first.start, what="XMLTABLE with such a path")
        where, rest = rest[at + 1].text, rest[:at]
    arguments = [[first], [_text(_phrase(rest), first)], [_text(where, first)]]
    return _call("XML COLUMN", first, *arguments, default)


def _passing(name: Piece, inner: Pieces) -> Pieces:
    """``XMLQUERY('path' PASSING doc RETURNING CONTENT)`` and ``XMLEXISTS('path' PASSING doc)``."""
    at = _find(inner, "PASSING")
    if at != 1 or inner[0].kind != lex.STRING:
        raise Refused("SC4218", name.start, what=f"{name.upper} with namespaces or without PASSING")
    doc = inner[2:]
    at = _find(doc, "RETURNING")
    doc = doc[:at] if at >= 0 else doc
    if len(doc) > 2 and _is(doc[0], "BY"):
        doc = doc[2:]
    if not doc or _find(doc, ",") >= 0 or _find(doc, "AS") >= 0:
        raise Refused("SC4218", name.start, what=f"{name.upper} with several values")
    return _joined(inner[:1], doc)


def _xmlelement(name: Piece, inner: Pieces) -> Pieces:
    """``XMLELEMENT([ENTITYESCAPING] [NAME] tag, XMLATTRIBUTES(...), value ...)``: the tag becomes a text."""
    parts = _split(inner)
    head = parts[0]
    if len(head) > 1 and _is(head[0], "NAME"):
        head = head[1:]
    if len(head) != 1 or head[0].kind not in (lex.WORD, lex.QUOTED):
        raise Refused("SC4218", name.start, what="XMLELEMENT with a computed name")
    tag = head[0].text if head[0].kind == lex.QUOTED else head[0].upper
    return _joined([_text(tag, head[0])], *parts[1:])


def _content(name: Piece, inner: Pieces) -> Pieces:
    """``XMLSERIALIZE(CONTENT x AS type ...)``, ``XMLPARSE(DOCUMENT x WELLFORMED)``: the words become texts."""
    kind = "CONTENT"
    if inner and (_is(inner[0], "CONTENT") or _is(inner[0], "DOCUMENT")):
        kind, inner = inner[0].upper, inner[1:]
    at = _find(inner, "AS")
    rest = inner[at + 1 :] if at >= 0 else []
    value = inner[:at] if at >= 0 else inner
    if value and _is(value[-1], "WELLFORMED"):
        value = value[:-1]
    return _joined([_text(kind, name)], value, [_text(_phrase(rest), name)])


def _xmlroot(name: Piece, inner: Pieces) -> Pieces:
    parts = _split(inner)
    return _joined(parts[0], [_text(", ".join(_phrase(p) for p in parts[1:]), name)])


_HANDLERS: Final[dict[str, Callable[[Piece, Pieces], Pieces]]] = {
    "OPENJSON": _openjson,
    "JSON_TABLE": _json_table,
    "JSON_OBJECT": _json_object,
    "JSON_ARRAY": _json_array,
    "JSON_OBJECTAGG": _json_objectagg,
    "JSON_ARRAYAGG": _json_arrayagg,
    "JSON_VALUE": _json_read,
    "JSON_QUERY": _json_read,
    "JSON_EXISTS": _json_read,
    "XMLTABLE": _xmltable,
    "XMLQUERY": _passing,
    "XMLEXISTS": _passing,
    "XMLELEMENT": _xmlelement,
    "XMLSERIALIZE": _content,
    "XMLPARSE": _content,
    "XMLROOT": _xmlroot,
    "EXTRACT": _same,
    "TABLE": _same,
}
