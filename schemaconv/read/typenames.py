"""From a type as the author spelled it to its meaning: the rows of ``rules/types/read/<source>.toml``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from .. import rulefiles
from ..guards import Guard, compile_guard
from ..ir.names import Name, QName
from ..ir.types import CANONICAL, UNKNOWN, Type
from ..rulefiles import RuleError
from ..sql.lexis import Lexis, lexis, unquoted

_ARGUMENTS: Final = ("length", "precision", "scale", "name")
_SIZES: Final = _ARGUMENTS[:3]
_GUARDS: Final = {"n": "length", "p": "precision", "s": "scale"}
_KEYS: Final = frozenset(
    ("spelling", "canonical", "sized", "star", "unit", "max", "when", "tails", "not_null", "manual", *_SIZES)
)
_PLAIN: Final = re.compile(r"[A-Z][A-Z0-9_$#]*")
_ELEMENT: Final = re.compile(r"([A-Z0-9_$#]+)|\(([a-z, ]*)\)|([()])")
_THOUSANDS: Final = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
_UNITS: Final = {"CHAR": "char", "BYTE": "byte"}
#: Clauses whose operand says what a value is made of, and so becomes the type's unit.
_FORMAT: Final = ("STORAGE", "FORMAT")
_MEMO: Final = 4096

#: The author's text of the token at an index.
Written = Callable[[int], str]


class Row:
    """One spelling: its words with a place for arguments, and the types that it gives."""

    __slots__ = (
        "_canonical", "_defaults", "_max", "_memo", "_sized", "_star", "_unit", "_when",
        "arguments", "bare", "elements", "named", "not_null", "single", "tails",
    )  # fmt: skip

    def __init__(self, row: dict[str, Any], where: str) -> None:
        if extra := sorted(set(row) - _KEYS):
            raise RuleError(f"{where}: {row.get('spelling')!r} has unknown keys {', '.join(extra)}")
        self.elements, self.arguments = _elements(row, where)
        self.tails = tuple(tuple(str(tail).split()) for tail in row.get("tails", ()))
        self.named = "name" in self.arguments
        self._when: Guard | None = compile_guard(row["when"], _GUARDS) if "when" in row else None
        plain = row["canonical"] != "ref" and not self.tails and not self.named
        self.single = plain and len(self.elements) == 1 + self.elements.count(None)
        self.not_null = bool(row.get("not_null", False))
        self._canonical = str(row["canonical"])
        self._sized = str(row.get("sized", self._canonical))
        self._max = str(row.get("max", ""))
        self._star: int | None = row.get("star")
        self._unit = str(row.get("unit", ""))
        self._defaults: dict[str, int] = {k: row[k] for k in _SIZES if k in row}
        self._memo: dict[tuple[str, ...], Type | None] = {}
        for kind in filter(None, (self._canonical, self._sized, self._max)):
            if kind not in CANONICAL:
                raise RuleError(f"{where}: {row['spelling']!r} means {kind!r}, which is no canonical type")
        self.bare = self._type(self._canonical, self._unit, {} if "sized" in row else self._defaults)

    def given(self, texts: tuple[str, ...]) -> Type | None:
        """The type with the argument list ``texts``: tokens without parentheses, two lists joined.

        ``None`` where the row's guard wants other arguments.
        """
        found = self._memo.get(texts, UNKNOWN)
        if found is UNKNOWN:
            found = self._make(texts)
            if len(self._memo) < _MEMO:
                self._memo[texts] = found
        return found

    def match(
        self, texts: Sequence[str], at: int, known: TypeNames, written: Written | None
    ) -> tuple[Type, int] | None:
        """The type whose first word stands at ``at``, if it has this row's other words, and the index behind it."""
        lists: list[tuple[str, ...]] = []
        named: QName | None = None
        for element in self.elements[1:]:
            at += 1
            if element is not None:
                if texts[at] != element:
                    return None
            elif texts[at] == "(" and (end := _closing(texts, at)):
                lists.append(tuple(texts[at + 1 : end]))
                named = _last_name(texts, at + 1, end, known, written) if self.named else None
                at = end
            else:
                lists.append(())
                at -= 1
        at += 1
        found = self.given((*lists[0], ",", *lists[1]) if len(lists) > 1 and any(lists) else lists[0] if lists else ())
        if found is None:
            return None
        if named is not None:
            found = Type(found.kind, found.length, found.precision, found.scale, found.unit, named)
        return self._tailed(found, texts, at) if self.tails else (found, at)

    def _tailed(self, found: Type, texts: Sequence[str], at: int) -> tuple[Type, int]:
        """``found`` with the clauses that belong to the type, each with one operand, and the index behind them."""
        while True:
            for tail in self.tails:
                end = at + len(tail)
                if tuple(texts[at:end]) == tail and texts[end]:
                    if tail == _FORMAT:
                        found = Type(
                            found.kind, found.length, found.precision, found.scale, texts[end].lower(), found.user
                        )
                    end += 1
                    while texts[end] == "." and texts[end + 1]:
                        end += 2
                    at = end
                    break
            else:
                return found, at

    def _make(self, texts: tuple[str, ...]) -> Type | None:
        if self._max and texts == ("MAX",):
            return self._type(self._max, self._unit, {})
        values = _arguments(self.arguments, texts)
        if values.get("precision") == "*":
            star = self._star if "scale" in values else None
            values = {k: v for k, v in values.items() if k != "precision"}
            if star is not None:
                values["precision"] = star
        numbers = {k: v for k, v in values.items() if isinstance(v, int)}
        if self._when is not None:
            sizes = self._defaults | numbers
            if not self._when({name: sizes.get(size) for name, size in _GUARDS.items()}):
                return None
        if not numbers:
            return self.bare
        unit = next((_UNITS[t] for t in texts if t in _UNITS), self._unit)
        return self._type(self._sized, unit, self._defaults | numbers)

    @staticmethod
    def _type(kind: str, unit: str, sizes: Mapping[str, int]) -> Type:
        return Type(kind, sizes.get("length"), sizes.get("precision"), sizes.get("scale"), unit)


class TypeNames:
    """Every spelling of a source engine, by its first word; rows of more words come first.

    ``owners`` are the schemas of the supplied types. ``home`` are schemas whose types need not be qualified: a name
    in one is read as a bare one. ``quoted``: a built-in type may be written as a quoted name.
    """

    __slots__ = ("home", "lexis", "owners", "quoted", "rows")

    def __init__(self, source: str, folder: str = "") -> None:
        relative = f"types/read/{source}.toml"
        files = [rulefiles.load(relative)]
        if folder:
            files.insert(0, rulefiles.load(relative, Path(folder)))
        found: dict[str, list[Row]] = {}
        for data in files:
            for row in data.get("type", ()):
                made = Row(row, relative)
                found.setdefault(str(made.elements[0]), []).append(made)
        self.rows = {word: tuple(sorted(rows, key=_words, reverse=True)) for word, rows in found.items()}
        self.owners = frozenset(files[-1].get("owners", ()))
        self.quoted = bool(files[-1].get("quoted", False))
        self.lexis: Lexis = lexis(source)
        self.home = frozenset(filter(None, (*files[-1].get("home", ()), self.lexis.default_schema)))

    def word(self, token: str) -> str:
        """The word that rows may begin with, of a token that may be a quoted name."""
        return unquoted(token).upper() if token[:1] in ('"', "[") and len(token) > 2 else token

    def never_null(self, texts: Sequence[str], end: int) -> bool:
        """Whether a column of the type that :func:`read_type` ended at ``end`` is NOT NULL if nothing else is said."""
        return end > 0 and any(row.not_null for row in self.rows.get(self.word(texts[end - 1]), ()))


@cache
def names(source: str = "oracle", folder: str = "") -> TypeNames:
    """The spellings of ``source``; those of the user's rules ``folder`` come before the shipped ones."""
    return TypeNames(source, folder)


def read_type(
    texts: Sequence[str], at: int, known: TypeNames | None = None, written: Written | None = None
) -> tuple[Type, int]:
    """The type whose first token is ``texts[at]``, and the index of the token behind it.

    Tokens are upper-case words, numbers, punctuation, and quoted names with their quotes; at least two empty
    texts must stand behind the last. A name that is no built-in type gives kind ``user``; ``written`` gives the
    author's text of a token, for such a name to be shown. ``raw`` is left to the caller. Where no type stands, the
    answer is ``(UNKNOWN, at)``.
    """
    if known is None:
        known = names()
    start = at
    rows = known.rows.get(texts[at])
    if rows is None or texts[at + 1] == ".":
        start = _supplied(texts, at, known)
        if start < 0:
            return _named(texts, at, known, written)
        rows = known.rows[known.word(texts[start])]
    if len(rows) == 1 and rows[0].single:
        row = rows[0]
        if texts[start + 1] != "(" or len(row.elements) == 1 or not (end := _closing(texts, start + 1)):
            return row.bare, start + 1
        return row.given(tuple(texts[start + 2 : end])) or row.bare, end + 1
    for row in rows:
        if (found := row.match(texts, start, known, written)) is not None:
            if found[0].kind != "ref":
                return found
            target, end = _named(texts, found[1], known, written)
            return Type("ref", user=target.user), end
    return _named(texts, at, known, written)


def _supplied(texts: Sequence[str], at: int, known: TypeNames) -> int:
    """The index of the built-in name that stands at ``at``, in quotes or behind its owner; -1 if none does."""
    if texts[at + 1] != ".":
        return at if known.quoted and known.word(texts[at]) in known.rows else -1
    if known.word(texts[at]) in known.owners and known.word(texts[at + 2]) in known.rows and texts[at + 3] != ".":
        return at + 2
    return -1


def _named(texts: Sequence[str], at: int, known: TypeNames, written: Written | None) -> tuple[Type, int]:
    """The name of somebody's own type, with up to two qualifiers."""
    user, end = _qualified(texts, at, known, written)
    if user is None:
        return UNKNOWN, at
    if texts[end] == "%" and texts[end + 1] in ("TYPE", "ROWTYPE"):
        end += 2
    if texts[end] == "(" and texts[end + 1].isdigit() and (close := _closing(texts, end)):
        return Type("user", length=int(texts[end + 1]), user=user), close + 1
    return Type("user", user=user), end


def _qualified(texts: Sequence[str], at: int, known: TypeNames, written: Written | None) -> tuple[QName | None, int]:
    parts: list[Name] = []
    end = at
    while (name := _name(texts, end, known, written)) is not None:
        parts.append(name)
        end += 1
        if texts[end] != "." or _name(texts, end + 1, known, written) is None:
            break
        end += 1
    if not parts:
        return None, at
    schema = parts[-2] if len(parts) > 1 else None
    return QName(None if schema is not None and schema.text in known.home else schema, parts[-1]), end


def _last_name(texts: Sequence[str], at: int, end: int, known: TypeNames, written: Written | None) -> QName | None:
    """The name that an argument list ends with: ``(DOCUMENT sales.orders)``."""
    while at < end:
        found, behind = _qualified(texts, at, known, written)
        if found is not None and behind == end:
            return found
        at = max(behind, at + 1)
    return None


def _name(texts: Sequence[str], at: int, known: TypeNames, written: Written | None) -> Name | None:
    text = texts[at]
    if not text:
        return None
    if text[0] == '"' or (text[0] == "[" and known.lexis.brackets):
        if len(text) < 3:
            return None
        if known.lexis.ignores_case:
            return known.lexis.name(text, text)
        inner = text[1:-1]
        return Name(inner, _PLAIN.fullmatch(inner) is not None)
    if not (text[0].isalpha() or text[0] in "&$_"):
        return None
    return known.lexis.name(text, written(at) if written is not None else text)


def _closing(texts: Sequence[str], at: int) -> int:
    """The index of the parenthesis that closes the one at ``at``, or 0."""
    depth = 0
    for index in range(at, len(texts)):
        text = texts[index]
        if text == "(":
            depth += 1
        elif text == ")":
            depth -= 1
            if depth == 0:
                return index
    return 0


def _arguments(names: tuple[str, ...], texts: tuple[str, ...]) -> dict[str, int | str]:
    """Values by name: whole numbers, or ``*``. What is neither (a word, a variable) is left out."""
    found: dict[str, int | str] = {}
    position, sign = 0, 1
    last = ""
    for text in texts:
        if text == ",":
            position, sign, last = position + 1, 1, ""
        elif text in "+-":
            sign = -1 if text == "-" else 1
        elif text in _THOUSANDS and isinstance(number := found.get(last), int):
            found[last] = number * _THOUSANDS[text]
        elif position < len(names) and names[position] not in found:
            if text.isdigit():
                last = names[position]
                found[last] = sign * int(text)
            elif text == "*":
                found[names[position]] = text
    return found


def _elements(row: dict[str, Any], where: str) -> tuple[tuple[str | None, ...], tuple[str, ...]]:
    """``TIMESTAMP(precision) WITH TIME ZONE`` as words, ``None`` for an argument list, and their names."""
    spelling = str(row["spelling"])
    words: list[str | None] = []
    arguments: list[str] = []
    for word, group, mark in _ELEMENT.findall(spelling):
        words.append(word or mark or None)
        arguments += filter(None, re.split(r"[, ]+", group))
    if not words or words[0] is None or words.count(None) > 2 or set(arguments) - set(_ARGUMENTS):
        raise RuleError(f"{where}: {spelling!r} has an argument that is none of {', '.join(_ARGUMENTS)}")
    return tuple(words), tuple(arguments)


def _words(row: Row) -> int:
    return len(row.elements) - row.elements.count(None)
