"""From a type as the author spelled it to its meaning: the rows of ``rules/types/read/<source>.toml``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from .. import rulefiles
from ..ir.names import Name, QName
from ..ir.types import CANONICAL, UNKNOWN, Type
from ..rulefiles import RuleError

_ARGUMENTS: Final = ("length", "precision", "scale")
_KEYS: Final = frozenset(("spelling", "canonical", "sized", "star", "unit", "manual", *_ARGUMENTS))
_PLAIN: Final = re.compile(r"[A-Z][A-Z0-9_$#]*")
_MEMO: Final = 4096


class Row:
    """One spelling: its words with a place for arguments, and the types that it gives."""

    __slots__ = (
        "_canonical", "_defaults", "_memo", "_sized", "_star", "_unit",
        "arguments", "bare", "elements", "single",
    )  # fmt: skip

    def __init__(self, row: dict[str, Any], where: str) -> None:
        if extra := sorted(set(row) - _KEYS):
            raise RuleError(f"{where}: {row.get('spelling')!r} has unknown keys {', '.join(extra)}")
        self.elements, self.arguments = _elements(row, where)
        self.single = len(self.elements) == 1 + self.elements.count(None) and row["canonical"] != "ref"
        self._canonical = str(row["canonical"])
        self._sized = str(row.get("sized", self._canonical))
        self._star: int | None = row.get("star")
        self._unit = str(row.get("unit", ""))
        self._defaults: dict[str, int] = {k: row[k] for k in _ARGUMENTS if k in row}
        self._memo: dict[tuple[str, ...], Type] = {}
        for kind in (self._canonical, self._sized):
            if kind not in CANONICAL:
                raise RuleError(f"{where}: {row['spelling']!r} means {kind!r}, which is no canonical type")
        self.bare = self._type(self._canonical, self._unit, {} if "sized" in row else self._defaults)

    def given(self, texts: tuple[str, ...]) -> Type:
        """The type with the argument list ``texts``: tokens without parentheses, two lists joined."""
        found = self._memo.get(texts)
        if found is None:
            found = self._make(_arguments(self.arguments, texts), _unit(texts))
            if len(self._memo) < _MEMO:
                self._memo[texts] = found
        return found

    def match(self, texts: Sequence[str], at: int) -> tuple[Type, int] | None:
        """The type that stands at ``at``, if it has this row's words, and the index behind it."""
        lists: list[tuple[str, ...]] = []
        for element in self.elements:
            if element is not None:
                if texts[at] != element:
                    return None
                at += 1
            elif texts[at] == "(" and (end := _closing(texts, at)):
                lists.append(tuple(texts[at + 1 : end]))
                at = end + 1
            else:
                lists.append(())
        if not any(lists):
            return self.bare, at
        return self.given(lists[0] if len(lists) == 1 else (*lists[0], ",", *lists[1])), at

    def _make(self, values: dict[str, int | str], unit: str) -> Type:
        if values.get("precision") == "*":
            star = self._star if "scale" in values else None
            values = {k: v for k, v in values.items() if k != "precision"}
            if star is not None:
                values["precision"] = star
        numbers = {k: v for k, v in values.items() if isinstance(v, int)}
        if not numbers:
            return self.bare
        return self._type(self._sized, unit or self._unit, self._defaults | numbers)

    @staticmethod
    def _type(kind: str, unit: str, sizes: dict[str, int]) -> Type:
        return Type(kind, sizes.get("length"), sizes.get("precision"), sizes.get("scale"), unit)


class TypeNames:
    """Every spelling of a source engine, by its first word; rows of more words come first."""

    __slots__ = ("owners", "rows")

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


@cache
def names(source: str = "oracle", folder: str = "") -> TypeNames:
    """The spellings of ``source``; those of the user's rules ``folder`` come before the shipped ones."""
    return TypeNames(source, folder)


def read_type(texts: Sequence[str], at: int, known: TypeNames | None = None) -> tuple[Type, int]:
    """The type whose first token is ``texts[at]``, and the index of the token behind it.

    Tokens are upper-case words, numbers, punctuation, and quoted names with their quotes; at least two empty
    texts must stand behind the last. A name that is no built-in type gives kind ``user``; of intervals,
    ``length`` is the number of digits of the leading field. ``raw`` is left to the caller. Where no type
    stands, the answer is ``(UNKNOWN, at)``.
    """
    if known is None:
        known = names()
    rows = known.rows.get(texts[at])
    if rows is None or texts[at + 1] == ".":
        return _named(texts, at, known)
    if len(rows) == 1 and rows[0].single:
        row = rows[0]
        if texts[at + 1] != "(" or len(row.elements) == 1 or not (end := _closing(texts, at + 1)):
            return row.bare, at + 1
        return row.given(tuple(texts[at + 2 : end])), end + 1
    for row in rows:
        if (found := row.match(texts, at)) is not None:
            if found[0].kind != "ref":
                return found
            target, end = _named(texts, found[1], known)
            return Type("ref", user=target.user), end
    return _named(texts, at, known)


def _named(texts: Sequence[str], at: int, known: TypeNames) -> tuple[Type, int]:
    """A name with up to two qualifiers: a supplied type behind its owner, or somebody's own type."""
    parts: list[Name] = []
    end = at
    while (name := _name(texts[end])) is not None:
        parts.append(name)
        end += 1
        if texts[end] != "." or _name(texts[end + 1]) is None:
            break
        end += 1
    if not parts:
        return UNKNOWN, at
    last = parts[-1].text
    if len(parts) == 2 and parts[0].text in known.owners and last in known.rows:
        return known.rows[last][-1].bare, end
    if texts[end] == "%" and texts[end + 1] in ("TYPE", "ROWTYPE"):
        end += 2
    user = QName(parts[-2] if len(parts) > 1 else None, parts[-1])
    if texts[end] == "(" and texts[end + 1].isdigit() and (close := _closing(texts, end)):
        return Type("user", length=int(texts[end + 1]), user=user), close + 1
    return Type("user", user=user), end


def _name(text: str) -> Name | None:
    if not text:
        return None
    if text[0] == '"':
        inner = text[1:-1]
        return Name(inner, _PLAIN.fullmatch(inner) is not None)
    return Name(text) if text[0].isalpha() or text[0] in "&$_" else None


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
    for text in texts:
        if text == ",":
            position, sign = position + 1, 1
        elif text in "+-":
            sign = -1 if text == "-" else 1
        elif position < len(names) and names[position] not in found:
            if text.isdigit():
                found[names[position]] = sign * int(text)
            elif text == "*":
                found[names[position]] = text
    return found


def _unit(texts: tuple[str, ...]) -> str:
    return "char" if "CHAR" in texts else "byte" if "BYTE" in texts else ""


def _elements(row: dict[str, Any], where: str) -> tuple[tuple[str | None, ...], tuple[str, ...]]:
    """``TIMESTAMP(precision) WITH TIME ZONE`` as words, ``None`` for an argument list, and their names."""
    spelling = str(row["spelling"])
    words: list[str | None] = []
    arguments: list[str] = []
    for word, group in re.findall(r"([A-Z0-9_$#]+)|\(([a-z, ]*)\)", spelling):
        words.append(word or None)
        arguments += filter(None, re.split(r"[, ]+", group))
    if words.count(None) > 2 or any(argument not in _ARGUMENTS for argument in arguments):
        raise RuleError(f"{where}: {spelling!r} has an argument that is none of {', '.join(_ARGUMENTS)}")
    return tuple(words), tuple(arguments)


def _words(row: Row) -> int:
    return len(row.elements) - row.elements.count(None)
