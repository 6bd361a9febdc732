"""From a canonical type to the target's spelling: the rows of ``rules/types/write/<family>.toml``.

A ``[[type]]`` row spells, and may say a code; ``[[also]]`` rows say what else is lost, whatever the spelling. The
user's rows come first: ``[[type]]`` rows of ``schemaconv.toml`` (``options.types``), then those of
``--rules DIR`` (``options.rules``, same file names below it), then the shipped ones. The first fitting wins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from .. import rulefiles
from ..engines import Engine, Profile
from ..guards import Guard, compile_guard, compile_template
from ..ir.types import CANONICAL, Type
from ..options import Options
from ..rulefiles import RuleError

#: What a condition or a template of a row may name.
NAMES: Final = (
    "p", "s", "n", "unit", "bytes", "named", "spelled", "raw_date", "identity", "in_key", "in_index", "default",
    "number", "integers", "number1", "bit", "date", "code_page_bytes",
)  # fmt: skip
_KEYS: Final = frozenset(
    ("canonical", "source", "target", "table", "column", "when", "since", "spelling", "code", "why")
)


class TypeContext(NamedTuple):
    """Where a type stands. ``in_key``: in a primary, unique or foreign key; names are those of the source."""

    identity: bool = False
    in_key: bool = False
    in_index: bool = False
    default: bool = False
    table: str = ""
    column: str = ""


NO_CONTEXT: Final = TypeContext()


class Spelled(NamedTuple):
    """The target's text; of kind ``user`` it is empty, because names are spelled elsewhere.

    ``codes`` are what has to be said about it, if anything; ``params`` (``source``, ``type``) fill their messages.
    """

    text: str
    codes: tuple[str, ...] = ()
    params: tuple[tuple[str, str], ...] = ()

    @property
    def code(self) -> str | None:
        """The code that says most."""
        return self.codes[0] if self.codes else None


class Also(NamedTuple):
    """What else is said about some kinds of types."""

    when: Guard | None
    code: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row, ready to be tried."""

    canonical: str
    source: str
    table: str
    column: str
    when: Guard | None
    template: Any
    code: str | None
    also: tuple[Also, ...] = ()

    def fits_place(self, context: TypeContext) -> bool:
        return (not self.table or fnmatchcase(context.table.upper(), self.table)) and (
            not self.column or fnmatchcase(context.column.upper(), self.column)
        )

    def fits_source(self, raw: str, spelled: str) -> bool:
        return not self.source or self.source == (raw if "(" in self.source else spelled)


class Speller:
    """All rows for one target and one set of options. Fast for many columns: answers are remembered."""

    __slots__ = ("_memo", "_options", "_placed", "_rows")

    def __init__(self, engine: Engine, options: Options) -> None:
        self._rows = _rows(engine, options)
        self._placed = any(row.table or row.column for rows in self._rows.values() for row in rows)
        self._options = options
        self._memo: dict[tuple[object, ...], Spelled] = {}

    def spell(self, type_: Type, context: TypeContext = NO_CONTEXT) -> Spelled:
        """How the target writes ``type_``. Raises :class:`RuleError` when a template cannot be filled."""
        key = (type_, context if self._placed else context[:4])
        found = self._memo.get(key)
        if found is None:
            found = self._memo[key] = self._find(type_, context)
        return found

    def _find(self, type_: Type, context: TypeContext) -> Spelled:
        raw, spelled = normal(type_.raw), spelled_name(type_.raw)
        values = self._values(type_, spelled, context)
        for row in self._rows[type_.kind]:
            if not row.fits_source(raw, spelled) or not row.fits_place(context):
                continue
            if row.when is None or row.when(values):
                text = row.template(values)
                more = (a.code for a in row.also if a.when is None or a.when(values))
                codes = (*(() if row.code is None else (row.code,)), *more)
                return Spelled(text, codes, (("source", type_.raw or type_.kind), ("type", text)) if codes else ())
        raise RuleError(f"types/write: no row fits {type_.kind!r}; the last row must have no guard")

    def _values(self, type_: Type, spelled: str, context: TypeContext) -> dict[str, object]:
        options = self._options
        wide = type_.unit == "char" or type_.kind in ("nchar", "nvarchar", "ntext")
        factor = (
            options.bytes_per_character if wide else options.code_page_bytes if type_.unit == "codepage" else 1
        )  # fmt: skip
        return {
            "p": type_.precision, "s": type_.scale, "n": type_.length, "unit": type_.unit,
            "bytes": None if type_.length is None else type_.length * factor,
            "named": type_.user is not None, "spelled": spelled, "raw_date": spelled == "DATE",
            "identity": context.identity, "in_key": context.in_key, "in_index": context.in_index,
            "default": context.default,
            "number": options.number, "integers": options.integers, "number1": options.number1,
            "bit": options.bit, "date": options.date, "code_page_bytes": options.code_page_bytes,
        }  # fmt: skip


@lru_cache(maxsize=32)
def speller(engine: Engine, options: Options) -> Speller:
    """The :class:`Speller` for a target. Raises :class:`RuleError`, which names the file and the row."""
    return Speller(engine, options)


def spell(type_: Type, profile: Profile, options: Options, context: TypeContext = NO_CONTEXT) -> Spelled:
    """How ``profile``'s engine writes ``type_``; for many types, keep :func:`speller`'s answer instead."""
    return speller(profile.engine, options).spell(type_, context)


_QUOTES: Final = str.maketrans("", "", '"[]')


def normal(raw: str) -> str:
    """A source spelling in capitals, without needless blanks: ``number (10, 2)`` is ``NUMBER(10,2)``."""
    return re.sub(r"\s*([(),])\s*", r"\1", " ".join(raw.upper().split())).translate(_QUOTES)


def spelled_name(raw: str) -> str:
    """The name in a source spelling, without arguments and owner: ``LONG RAW``, ``XMLTYPE``."""
    name = normal(raw)
    while "(" in name and (bare := re.sub(r"\([^()]*\)", " ", name)) != name:
        name = bare
    name, mark, schema = " ".join(name.split()).partition(" WITH SCHEMA ")  # of a dataset: a name with dots of its own
    return name.rpartition(".")[2] + mark + schema


# -- rows --------------------------------------------------------------------------------------------------


def _rows(engine: Engine, options: Options) -> dict[str, tuple[Row, ...]]:
    relative = f"types/write/{engine.family}.toml"
    shipped = rulefiles.load(relative)
    also = _also(shipped.get("also", []), relative)
    tables: list[tuple[str, list[dict[str, Any]]]] = [
        ("schemaconv.toml, [[type]]", [dict(row) for row in options.types])
    ]
    if options.rules:
        own = rulefiles.load(relative, Path(options.rules))
        tables.append((str(Path(options.rules) / relative), own.get("type", [])))
    tables.append((relative, shipped["type"]))
    found: dict[str, list[Row]] = {kind: [] for kind in CANONICAL}
    for where, rows in tables:
        for number, row in enumerate(rows, 1):
            _check(row, f"{where} row {number}")
            if not _applies(row, engine):
                continue
            made = _made(row, f"{where} row {number}")
            for kind in (made.canonical,) if made.canonical else CANONICAL:
                ours = rows is shipped["type"]  # who has a row of their own knows what it loses
                found[kind].append(replace(made, also=also[kind]) if ours and kind in also else made)
    for kind, made_rows in found.items():
        if not made_rows or made_rows[-1].when is not None:
            raise RuleError(f"{relative}: the last row of {kind!r} must be there and have no guard")
    return {kind: tuple(made_rows) for kind, made_rows in found.items()}


def _also(rows: list[dict[str, Any]], where: str) -> dict[str, tuple[Also, ...]]:
    """What else is said about each kind, in the order of the rows."""
    found: dict[str, tuple[Also, ...]] = {}
    for number, row in enumerate(rows, 1):
        kinds = row.get("canonical", ())
        if set(row) - {"canonical", "when", "code"} or not set(kinds) <= CANONICAL or "code" not in row:
            raise RuleError(f"{where}, [[also]] row {number}: it has canonical types, when, and a code")
        made = Also(compile_guard(row["when"], NAMES) if "when" in row else None, row["code"])
        for kind in kinds:
            found[kind] = (*found.get(kind, ()), made)
    return found


def _check(row: dict[str, Any], where: str) -> None:
    if extra := sorted(set(row) - _KEYS):
        raise RuleError(f"{where}: unknown key {extra[0]!r}; known are {', '.join(sorted(_KEYS))}")
    if wrong := [key for key, value in row.items() if not isinstance(value, str)]:
        raise RuleError(f"{where}: {wrong[0]} must be a text in quotes")
    if "spelling" not in row or not ("canonical" in row or "source" in row):
        raise RuleError(f"{where}: a row needs a spelling, and a source or a canonical type")
    if row.get("canonical", "text") not in CANONICAL:
        known = ", ".join(sorted(CANONICAL))
        raise RuleError(f"{where}: unknown canonical type {row['canonical']!r}; known are {known}")


def _applies(row: dict[str, Any], engine: Engine) -> bool:
    if row.get("target", engine.name) not in (engine.name, engine.family):
        return False
    since = tuple(map(int, row.get("since", "0").split(".")))
    return engine.version >= since[: max(1, len(engine.version))]


def _made(row: dict[str, Any], where: str) -> Row:
    try:
        when = compile_guard(row["when"], NAMES) if "when" in row else None
        template = compile_template(row["spelling"], NAMES)
    except RuleError as error:
        raise RuleError(f"{where}: {error}") from None
    source = normal(row.get("source", ""))
    return Row(
        row.get("canonical", ""), source if "(" in source else spelled_name(source),
        row.get("table", "").upper(), row.get("column", "").upper(), when, template, row.get("code"),
    )  # fmt: skip


# -- how many bytes a MySQL column takes ---------------------------------------------------------------------

#: Bytes of the digits that groups of nine leave over (Reference Manual 8.0, "Data Type Storage").
_DIGITS: Final = (0, 1, 1, 2, 2, 3, 3, 4, 4)
_FIXED: Final = {
    "boolean": 1, "tinyint": 1, "smallint": 2, "mediumint": 3, "int": 4, "integer": 4, "bigint": 8,
    "float": 4, "double": 8, "date": 3, "year": 1, "enum": 2, "set": 8,
    # a pointer of eight bytes, and the bytes that count the length
    "tinyblob": 9, "tinytext": 9, "blob": 10, "text": 10, "mediumblob": 11, "mediumtext": 11, "longblob": 12,
    "longtext": 12, "json": 12, "geometry": 12, "vector": 12,
}  # fmt: skip
_TIMES: Final = {"time": 3, "datetime": 5, "timestamp": 4}


@cache
def storage_bytes(spelling: str) -> int:
    """What a column of a MySQL spelling adds to the 65,535 bytes that a row may have (utf8mb4, no NULL bit).

    Long texts and binaries count 9 to 12 bytes. Source: Reference Manual 8.0, "Limits on Table Column Count
    and Row Size". Raises :class:`RuleError` for a spelling that is no MySQL type.
    """
    name, first, second = _parts(spelling)
    if name in ("varchar", "varbinary"):
        data = key_bytes(spelling)
        return data + (1 if data < 256 else 2)
    if name in _FIXED:
        return _FIXED[name]
    if name in _TIMES:
        return _TIMES[name] + (first + 1) // 2
    match name:
        case "decimal" | "numeric":
            whole = (first or 10) - second
            groups = whole // 9 + second // 9
            return 4 * groups + _DIGITS[whole % 9] + _DIGITS[second % 9]
        case "char" | "binary":
            return key_bytes(spelling)
        case "bit":
            return ((first or 1) + 7) // 8
    raise RuleError(f"{spelling!r} is not a MySQL type whose size is known")


@cache
def key_bytes(spelling: str) -> int:
    """What a column of a MySQL spelling adds to the 3,072 bytes of an InnoDB key; 0 if it needs a prefix."""
    name, first, _ = _parts(spelling)
    match name:
        case "varchar" | "char":
            return (1 if " collate ascii_" in spelling.lower() else 4) * (first or 1)
        case "varbinary" | "binary":
            return first or 1
        case _:
            return 0 if _FIXED.get(name, 0) > 8 else storage_bytes(spelling)


#: Bytes of a value that InnoDB may move off the page, which keeps as much of it or a pointer in the row.
_IN_ROW: Final = 40


@cache
def page_bytes(spelling: str) -> int:
    """What a column of a MySQL spelling may take of an InnoDB page when the row is as long as it can get.

    CREATE TABLE adds them up and refuses what does not fit into half a page (error 1118; "Limits on Table Column Count
    and Row Size"): a long value counts as 40 bytes and one for its length, in DYNAMIC row format.
    """
    name, first, _ = _parts(spelling)
    if name == "binary" or (name == "char" and " collate ascii_" in spelling.lower()):
        return first or 1
    if name in ("varchar", "varbinary", "char"):
        return min(key_bytes(spelling), _IN_ROW) + 1
    return storage_bytes(spelling) if _FIXED.get(name, 0) < 9 else _IN_ROW + 1


def _parts(spelling: str) -> tuple[str, int, int]:
    pattern = r"([a-z]+)(?: precision)?(?:\((\d+)(?:, ?(\d+))?\))?(?: unsigned)?(?: collate \w+)?"
    found = re.fullmatch(pattern, spelling.lower())
    if found is None:
        raise RuleError(f"{spelling!r} is not a MySQL type whose size is known")
    return found[1], int(found[2] or 0), int(found[3] or 0)
