"""The options of a run: frozen, checked, read from keywords, ``--set`` or ``schemaconv.toml``."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from .designs import Design, DesignError
from .designs import from_row as design_row
from .designs import from_text as design_text


class OptionError(Exception):
    """An option that does not exist or a value that does not fit: one line with a suggestion."""


@dataclass(frozen=True, slots=True)
class Options:
    """Where people differ. Every field has one documented default; ``docs/options.md`` explains each.

    The values that a field allows stand in :data:`CHOICES`.
    """

    mode: str = "partial"
    layout: str = "single"
    #: NUMBER without precision: an exact decimal, or a double
    number: str = "decimal"
    #: NUMBER(p,0): the smallest integer type that holds p digits, or a decimal
    integers: str = "integer"
    #: NUMBER(1): a small integer, or a boolean
    number1: str = "integer"
    #: BIT, a number that is 0 or 1 and most often a flag: a boolean, or a small integer
    bit: str = "boolean"
    #: TINYINT and BYTEINT where the smallest integer has two bytes: take what that takes, or check the range
    tinyint: str = "smallint"
    #: DATE carries a time of day in Oracle: keep it, or cut it
    date: str = "timestamp"
    #: texts as '7/4/1996' in scripts that do not say in which order: as the source's sessions do, or in this one
    date_order: str = "script"
    #: '' is NULL in Oracle: leave values as they come, or add CHECK (column <> '') where it can be told
    empty_string: str = "keep"
    #: names that nobody gave a case: fold as the target does (lower), write capitals, or keep the author's spelling
    names: str = "lower"
    #: source schema names: keep, or drop (objects land in the connection's schema)
    schemas: str = "keep"
    #: packages: schemas of their names, or names in front of those of their parts
    packages: str = "schema"
    #: routines with a transaction of their own: run in the caller's (those that only keep a log are left to a person),
    #: run all of them there, or leave all of them to a person
    autonomous: str = "judge"
    #: source schema -> target schema
    schema_map: tuple[tuple[str, str], ...] = ()
    #: PostgreSQL and MySQL have no table whose rows are a session's own and whose definition stays
    global_temporary: str = "unlogged"
    #: keys that lack the partition key: add its columns to the key, or give up the partitions
    partition_key: str = "extend"
    #: more partitions than these are not written out for a rule such as EACH INTERVAL '1' DAY: wider ones are
    max_partitions: int = 400
    #: a batch that the client runs several times (GO 100): the most statements that are written out for it
    max_repeats: int = 1000
    #: a primary index that is not unique: an index where the target has indexes, or nothing
    primary_index: str = "index"
    #: what CREATE TABLE makes that says neither SET nor MULTISET: set (Teradata session mode) or multiset (ANSI)
    table_kind: str = "set"
    #: text columns of Teradata that say nothing of case: no (NOT CASESPECIFIC, Teradata session mode) or yes (ANSI)
    case_specific: str = "no"
    #: a column's TITLE: its comment, if it has no other, or nothing
    titles: str = "comment"
    #: keep CREATE SEQUENCE ... CACHE n
    sequence_cache: str = "keep"
    #: Redshift VARCHAR counts bytes: bytes kept for each character
    bytes_per_character: int = 4
    #: distribution and sort keys that the source's design speaks for: print them, only say them, or neither
    redshift_keys: str = "apply"
    #: column encodings: leave them to Redshift, or write them down
    redshift_encode: str = "auto"
    #: the schema of names that are written without one, where a late-binding view must name it
    redshift_schema: str = "public"
    #: a file of rows, sizes and distinct values, for the choice of keys
    statistics: str = ""
    #: keys that a person has chosen, table by table
    distribution: tuple[Design, ...] = ()
    #: the same for text in a code page, whose lengths count one byte for each letter: bytes kept for each of them
    code_page_bytes: int = 1
    #: a primary key fed by its own sequence on MySQL: AUTO_INCREMENT, or an emulated sequence
    mysql_sequences: str = "auto_increment"
    #: text in MySQL tables: compare as the source does, byte by byte, or by the server's collation, which ignores case
    mysql_collation: str = "source"
    #: text that ignores case, on targets whose text does not: keep plain columns, or make them ignore it
    case_insensitive_text: str = "keep"
    #: virtual columns on PostgreSQL before 18: store them, or leave them to a person
    virtual_columns: str = "stored"
    #: the schema of the support functions, where the output needs any; empty: that of the connection
    support_schema: str = ""
    #: functions of an extension instead of support functions of our own
    compat: str = "none"
    #: procedures that answer rows, on PostgreSQL: a function where there is one result, or cursors always
    results: str = "function"
    #: emit GRANT statements and roles
    grants: str = "keep"
    #: emit the author's comments
    comments: str = "keep"
    encoding: str = ""
    #: SQL*Plus substitution variables given from outside
    define: tuple[tuple[str, str], ...] = ()
    #: rows that come before the shipped ones
    types: tuple[tuple[tuple[str, Any], ...], ...] = ()
    rules: str = ""


CHOICES: dict[str, tuple[str, ...]] = {
    "mode": ("partial", "strict"),
    "layout": ("single", "split"),
    "number": ("decimal", "double"),
    "integers": ("integer", "decimal"),
    "number1": ("integer", "boolean"),
    "bit": ("boolean", "integer"),
    "tinyint": ("smallint", "check"),
    "date": ("timestamp", "date"),
    "date_order": ("script", "mdy", "dmy", "ymd", "ydm", "myd", "dym"),
    "empty_string": ("keep", "check"),
    "names": ("lower", "upper", "keep"),
    "schemas": ("keep", "drop"),
    "packages": ("schema", "prefix"),
    "autonomous": ("judge", "caller", "manual"),
    "global_temporary": ("unlogged", "temporary"),
    "partition_key": ("extend", "unpartition"),
    "primary_index": ("index", "drop"),
    "table_kind": ("set", "multiset"),
    "case_specific": ("no", "yes"),
    "titles": ("comment", "drop"),
    "sequence_cache": ("keep", "drop"),
    "redshift_keys": ("apply", "suggest", "auto"),
    "redshift_encode": ("auto", "explicit"),
    "mysql_sequences": ("auto_increment", "emulate"),
    "mysql_collation": ("source", "binary", "server"),
    "case_insensitive_text": ("keep", "citext", "collation"),
    "virtual_columns": ("stored", "manual"),
    "compat": ("none", "orafce"),
    "results": ("function", "cursors"),
    "grants": ("keep", "drop"),
    "comments": ("keep", "drop"),
}

#: Numbers: the least and the greatest that may be given.
RANGES: dict[str, tuple[int, int]] = {
    "bytes_per_character": (1, 4), "code_page_bytes": (1, 3), "max_partitions": (1, 8000), "max_repeats": (1, 100000),
}  # fmt: skip

DEFAULTS = Options()
_FIELDS = {f.name: f for f in fields(Options)}


def _checked(key: str, value: Any, where: str) -> Any:
    if key not in _FIELDS:
        near = difflib.get_close_matches(key, _FIELDS, 1)
        hint = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(sorted(_FIELDS))}"
        raise OptionError(f"{where}: unknown option {key!r}{hint}")
    allowed = CHOICES.get(key)
    if allowed is not None:
        if value not in allowed:
            raise OptionError(f"{where}: {key} is {value!r}; it may be {', '.join(allowed)}")
        return value
    default = getattr(DEFAULTS, key)
    if key in RANGES:
        least, most = RANGES[key]
        try:
            number = int(value)
        except (TypeError, ValueError):
            number = least - 1
        if not least <= number <= most:
            raise OptionError(f"{where}: {key} is {value!r}; it may be {least} to {most}")
        return number
    if key == "distribution":
        try:
            return tuple(design_row(row) for row in value)
        except (DesignError, TypeError) as error:
            raise OptionError(f"{where}: [[distribution]]: {error}") from None
    if key in ("schema_map", "define"):
        if isinstance(value, dict):
            return tuple((str(k), str(v)) for k, v in value.items())
        if isinstance(value, str):
            pairs = [p.partition("=") for p in value.split(",") if p]
            return tuple((a.strip(), b.strip()) for a, _, b in pairs)
    if isinstance(default, tuple):
        return tuple(value)
    if not isinstance(value, str):
        raise OptionError(f"{where}: {key} is {value!r}; it takes text")
    return value


def with_values(options: Options, values: dict[str, Any], where: str) -> Options:
    """``options`` with ``values`` laid over it; raises :class:`OptionError` naming ``where`` they came from."""
    return replace(options, **{k: _checked(k, v, where) for k, v in values.items()})


def from_pairs(options: Options, pairs: tuple[str, ...]) -> Options:
    """``key=value`` texts of ``--set``.

    ``define.NAME=value``, ``schema_map.A=b`` and ``distribution.TABLE=distkey(a)`` add one entry each.
    """
    for pair in pairs:
        key, sign, value = pair.partition("=")
        key = key.strip().replace("-", "_")
        if not sign:
            raise OptionError(f"--set {pair}: write key=value")
        head, dot, _ = key.partition(".")
        if dot and head == "distribution":
            try:
                row = design_text(pair.partition("=")[0].strip().partition(".")[2], value)
            except DesignError as error:
                raise OptionError(f"--set {pair}: {error}") from None
            options = replace(options, distribution=(*options.distribution, row))
            continue
        if dot and head in ("define", "schema_map"):
            entry = (pair.partition("=")[0].strip().partition(".")[2], value)
            if head == "define":
                options = replace(options, define=(*options.define, entry))
            else:
                options = replace(options, schema_map=(*options.schema_map, entry))
            continue
        options = with_values(options, {key: value}, "--set")
    return options


@dataclass(frozen=True, slots=True)
class Configuration:
    """What ``schemaconv.toml`` may hold: options, and the command's own settings in ``run``."""

    options: Options = DEFAULTS
    run: dict[str, Any] = field(default_factory=dict)


RUN_KEYS = ("from", "to", "output", "report", "fail_on", "jobs", "paths")


def from_file(path: Path) -> Configuration:
    """Read ``schemaconv.toml``: ``[run]``, ``[options]``, ``[schemas]``, ``[define]``, and rows ``[[type]]`` and
    ``[[distribution]]``."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise OptionError(f"{path}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OptionError(f"{path}: {error}") from None
    known = ("run", "options", "schemas", "define", "type", "distribution")
    for key in data:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise OptionError(f"{path}: unknown section {key!r}{hint}; known are {', '.join(known)}")
    run = dict(data.get("run", {}))
    for key in run:
        if key not in RUN_KEYS:
            near = difflib.get_close_matches(key, RUN_KEYS, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise OptionError(f"{path}: unknown key run.{key}{hint}; known are {', '.join(RUN_KEYS)}")
    values: dict[str, Any] = dict(data.get("options", {}))
    if "schemas" in data:
        values["schema_map"] = data["schemas"]
    if "define" in data:
        values["define"] = data["define"]
    if "type" in data:
        values["types"] = tuple(tuple(sorted(row.items())) for row in data["type"])
    if "distribution" in data:
        values["distribution"] = data["distribution"]
    return Configuration(with_values(DEFAULTS, values, str(path)), run)
