"""Engines and their profiles: what is legal on a target, its limits, its reserved words.

Data stands in ``rules/engines/<engine>.toml`` (profile), ``rules/constructs.toml`` (every construct and its code),
``rules/reserved/<family>.txt`` and, of names of parameters, ``rules/reserved/<family>.routines.txt``.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from . import rulefiles
from .rulefiles import RuleError

SOURCES = ("oracle", "sqlserver", "teradata")
TARGETS = ("postgres", "mysql", "aurora-postgres", "aurora-mysql", "redshift")
ENGINES = ("oracle", "sqlserver", "teradata", *TARGETS, "mariadb")
ALIASES = {
    "postgresql": "postgres", "pg": "postgres", "pgsql": "postgres", "mssql": "sqlserver", "tsql": "sqlserver",
    "sql-server": "sqlserver", "aurora-postgresql": "aurora-postgres", "aurora-pg": "aurora-postgres",
    "aurora_postgres": "aurora-postgres", "aurora_mysql": "aurora-mysql", "plsql": "oracle", "ora": "oracle",
    "amazon-redshift": "redshift", "td": "teradata",
}  # fmt: skip


class UnknownEngine(Exception):
    """Not an engine, or not one for this side, or not a version of it: one line that lists the possible ones."""


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine and, for targets, the version that is judged (``(15,)``, ``(8, 0)``)."""

    name: str
    family: str
    version: tuple[int, ...] = ()

    @property
    def label(self) -> str:
        return ".".join(map(str, self.version))


FAMILY = {
    "oracle": "oracle", "sqlserver": "sqlserver", "teradata": "teradata", "postgres": "postgres", "mysql": "mysql",
    "aurora-postgres": "postgres", "aurora-mysql": "mysql", "redshift": "redshift", "mariadb": "mysql",
}  # fmt: skip


def find(text: str, side: str = "") -> Engine:
    """The engine that ``text`` (``postgres``, ``pg``, ``postgres:17``) names. ``side`` is ``source`` or ``target``.

    Raises :class:`UnknownEngine`.
    """
    word, colon, version = text.strip().lower().partition(":")
    name = ALIASES.get(word, word)
    if name not in ENGINES:
        known = SOURCES if side == "source" else TARGETS if side == "target" else ENGINES
        near = difflib.get_close_matches(name, [*ENGINES, *ALIASES], 1)
        hint = f"; did you mean {ALIASES.get(near[0], near[0])!r}?" if near else ""
        raise UnknownEngine(f"unknown engine {text!r}{hint}; known {side or 'engine'}s are {', '.join(known)}")
    family = FAMILY[name]
    if colon:
        if not re.fullmatch(r"\d+(\.\d+)*", version):
            raise UnknownEngine(f"{text!r}: a version is written like {name}:17 or {name}:8.0")
        _known_version(name, version)
        return Engine(name, family, tuple(map(int, version.split("."))))
    return Engine(name, family, profile_version(name))


def _known_version(name: str, version: str) -> None:
    """A version that the profile does not list is a slip of the keyboard, or one that nobody has looked at."""
    try:
        known = [str(v) for v in _raw(name).get("versions", ())]
    except RuleError:
        return
    if known and not any(version == v or version.startswith(f"{v}.") for v in known):
        raise UnknownEngine(f"{name}:{version} is not a version that is known here; known are {', '.join(known)}")


def profile_version(name: str) -> tuple[int, ...]:
    try:
        data = _raw(name)
    except RuleError:
        return ()
    return tuple(map(int, str(data.get("default_version", "")).split("."))) if data.get("default_version") else ()


def _raw(name: str) -> dict[str, Any]:
    return rulefiles.load(f"engines/{name}.toml")


@lru_cache(maxsize=1)
def constructs() -> dict[str, dict[str, Any]]:
    """Every construct: ``{name: {title, code, ...}}`` from ``rules/constructs.toml``."""
    return rulefiles.load("constructs.toml")


@dataclass(frozen=True)
class Profile:
    """A target as data. ``legal`` and ``treatment`` answer for one version."""

    engine: Engine
    table: dict[str, Any]
    limits: dict[str, int]
    traits: dict[str, Any]
    quote: str
    reserved: frozenset[str]
    reserved_in_heads: frozenset[str]  # as names of parameters and of the columns that a routine returns
    identifier: re.Pattern[str]

    def treatment(self, construct: str) -> str:
        """``yes``, ``no``, ``ignored`` or ``informational`` for this version. Raises on an unlisted construct."""
        value = self.table.get(construct)
        if value is None:
            raise RuleError(f"engines/{self.engine.name}.toml: construct {construct!r} is not listed")
        if isinstance(value, dict):
            since = tuple(map(int, str(value["since"]).split(".")))
            # a series such as 8.0 stands for its current patch: 8.0 has what came with 8.0.16
            reached = self.engine.version >= since[: max(1, len(self.engine.version))]
            return "yes" if reached else str(value.get("before", "no"))
        return str(value)

    def legal(self, construct: str) -> bool:
        return self.treatment(construct) == "yes"

    def quoted(self, text: str, parameter: bool = False) -> str:
        """``text`` as an identifier of this engine, or as a ``parameter``'s, quoted exactly where it must be."""
        word = text.lower()
        reserved = word in self.reserved or (parameter and word in self.reserved_in_heads)
        if not reserved and self.identifier.fullmatch(text):
            return text
        return f"{self.quote}{text.replace(self.quote, self.quote * 2)}{self.quote}"


@cache
def profile(engine: Engine) -> Profile:
    """The profile of a target engine; an Aurora engine inherits its family's and lists only differences."""
    data = _raw(engine.name)
    chain = [data]
    while "inherits" in chain[0]:
        chain.insert(0, _raw(chain[0]["inherits"]))
    table: dict[str, Any] = {}
    limits: dict[str, int] = {}
    traits: dict[str, Any] = {}
    for part in chain:
        table |= part.get("constructs", {})
        limits |= part.get("limits", {})
        traits |= part.get("traits", {})
    missing = sorted(set(constructs()) - set(table))
    if missing:
        raise RuleError(f"engines/{engine.name}.toml: constructs not listed: {', '.join(missing)}")
    extra = sorted(set(table) - set(constructs()))
    if extra:
        raise RuleError(f"engines/{engine.name}.toml: constructs unknown to constructs.toml: {', '.join(extra)}")
    return Profile(
        engine,
        table,
        limits,
        traits,
        str(traits["quote"]),
        _words(engine, f"{engine.family}.txt"),
        _words(engine, f"{engine.family}.routines.txt"),
        re.compile(str(traits["plain_identifier"])),
    )


def _words(engine: Engine, file: str) -> frozenset[str]:
    """Reserved words of the engine's version: ``word`` or ``word since 8.0.4`` per line, ``#`` starts a comment; none
    where there is no such file."""
    words = set()
    path = rulefiles.root() / "reserved" / file
    if not path.is_file():
        return frozenset()
    for line in path.read_text("utf-8").splitlines():
        line = line.partition("#")[0].strip().lower()
        if not line:
            continue
        word, _, since = line.partition(" since ")
        if not since or engine.version >= tuple(map(int, since.split(".")))[: max(1, len(engine.version))]:
            words.add(word)
    return frozenset(words)
