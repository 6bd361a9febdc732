"""Cut a *target* script into statements, as ``psql`` and ``mysql`` would.

Sources: the PostgreSQL manual, "Lexical Structure" (4.1) and psql's rules for SQL-standard bodies; the
MySQL manual, "Comments" (11.7), "String Literals" (11.1.1) and "mysql Client Commands" (``DELIMITER``).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

_NAME = r"(?:\"[^\"]+\"|`[^`]+`|[\w$]+)"
_QNAME = rf"{_NAME}(?:\s*\.\s*{_NAME})*"
_OBJECT = re.compile(
    rf"""(?:CREATE|ALTER|DROP|COMMENT\s+ON)\s+(?:OR\s+REPLACE\s+)?
    (?:DEFINER\s*=\s*\S+\s+)?(?:SQL\s+SECURITY\s+\w+\s+)?
    (?:(?:GLOBAL|LOCAL|TEMPORARY|TEMP|UNLOGGED|UNIQUE|FULLTEXT|SPATIAL|RECURSIVE)\s+)*
    (?P<kind>MATERIALIZED\s+VIEW|TABLE|VIEW|INDEX|SEQUENCE|TYPE|DOMAIN|SCHEMA|DATABASE|COLUMN|FUNCTION|PROCEDURE
      |TRIGGER|EVENT|ROLE|USER|EXTENSION)\s+
    (?:CONCURRENTLY\s+)?(?:IF\s+(?:NOT\s+)?EXISTS\s+)?(?:ONLY\s+)?(?!ON\b)(?P<name>{_QNAME})""",
    re.I | re.X,
)
_DATA = re.compile(rf"(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO)\s+(?P<name>{_QNAME})", re.I)
_GRANT = re.compile(
    rf"(?:GRANT|REVOKE)\b.*?\bON\s+(?:(?:TABLE|SEQUENCE|SCHEMA|FUNCTION|PROCEDURE)\s+)?(?P<name>{_QNAME})",
    re.I | re.S,
)


class Statement(NamedTuple):
    """One statement without its terminator; ``line`` (from 1) is that of its first word."""

    line: int
    text: str


def subject(statement: str) -> str:
    """What a statement is about: ``table hr.emp``; empty when it is about no object."""
    if found := _OBJECT.match(statement):
        return f"{' '.join(found['kind'].lower().split())} {_plain(found['name'])}"
    if found := _DATA.match(statement):
        return f"table {_plain(found['name'])}"
    if found := _GRANT.match(statement):
        return f"grant on {_plain(found['name'])}"
    return ""


def _plain(name: str) -> str:
    return re.sub(r"\s*\.\s*", ".", name.replace('"', "").replace("`", ""))


class _Cutter:
    """Collects the marks of one script: where a statement begins, and its text when it ends."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.start = -1
        self.lines = [0, *(m.end() for m in re.finditer("\n", text))]

    def seen(self, at: int) -> None:
        """Something that belongs to a statement stands at ``at``."""
        if self.start < 0:
            self.start = at

    def end(self, at: int) -> Iterator[Statement]:
        """The statement, if one has begun, ends before ``at``."""
        if self.start >= 0:
            yield Statement(bisect_right(self.lines, self.start), self.text[self.start : at].rstrip())
        self.start = -1


_PG = re.compile(
    r"""(?P<space>\s+|--[^\n]*)
    |(?P<comment>/\*)
    |(?P<escaped>\b[eE]'(?:[^'\\]|\\.|'')*'?)
    |(?P<string>'[^']*'?|"[^"]*"?)
    |(?P<dollar>(?<![\w$])\$(?:[^\W\d]\w*)?\$)
    |(?P<word>[^\W\d][\w$]*)
    |(?P<mark>[;()\\])
    |(?P<other>\d[\w$.]*|.)""",
    re.X | re.S,
)
_NESTED = re.compile(r"/\*|\*/")


def postgres(text: str) -> tuple[Statement, ...]:
    """The statements of a PostgreSQL or Redshift script. A ``\\command`` line of psql is one of its own."""
    return tuple(_postgres(text))


def _postgres(text: str) -> Iterator[Statement]:
    cut = _Cutter(text)
    at = depth = body = 0  # body: how deep in BEGIN ATOMIC .. END or CASE .. END of a routine
    routine = False
    first: list[str] = []
    while found := _PG.match(text, at):
        kind = found.lastgroup
        start, at = at, found.end()
        if kind == "space":
            continue
        if kind == "comment":
            at = _after_comment(text, at)
            continue
        if kind == "mark" and found[0] == "\\" and cut.start < 0:
            cut.seen(start)
            at = end if (end := text.find("\n", at)) >= 0 else len(text)
            yield from cut.end(at)
            continue
        if kind == "mark" and found[0] == ";" and depth <= 0 and not body:
            yield from cut.end(start)
            depth, routine, first = 0, False, []
            continue
        cut.seen(start)
        if kind == "dollar":
            end = text.find(found[0], at)
            at = len(text) if end < 0 else end + len(found[0])
        elif kind == "word":
            word = found[0].upper()
            if len(first) < 4:
                first.append(word)
                routine = first[0] == "CREATE" and ("FUNCTION" in first or "PROCEDURE" in first)
            if routine:
                body += 1 if word == ("CASE" if body else "ATOMIC") else -1 if word == "END" and body else 0
        elif kind == "mark" and found[0] in "()":
            depth += 1 if found[0] == "(" else -1
    yield from cut.end(len(text))


def _after_comment(text: str, at: int) -> int:
    """Where the comment opened just before ``at`` ends; PostgreSQL nests them."""
    depth = 1
    while found := _NESTED.search(text, at):
        at = found.end()
        depth += 1 if found[0] == "/*" else -1
        if not depth:
            return at
    return len(text)


_MY = re.compile(
    r"""(?P<space>\s+|\#[^\n]*|--(?=[\s\x00-\x1f]|\Z)[^\n]*|/\*(?!!).*?(?:\*/|\Z))
    |(?P<string>'(?:[^'\\]|\\.)*'?|"(?:[^"\\]|\\.)*"?|`[^`]*`?|/\*!.*?(?:\*/|\Z))
    |(?P<word>[^\W\d][\w$]*)
    |(?P<other>.)""",
    re.X | re.S,
)
_DELIMITER = re.compile(r"DELIMITER[ \t]+(\S+)[ \t]*\r?(?:\n|\Z)", re.I)


def mysql(text: str) -> tuple[Statement, ...]:
    """The statements of a MySQL script; ``DELIMITER`` lines are obeyed and not kept."""
    return tuple(_mysql(text))


def _mysql(text: str) -> Iterator[Statement]:
    cut = _Cutter(text)
    at, delimiter = 0, ";"
    while at < len(text):
        if cut.start < 0 and (told := _DELIMITER.match(text, at)):
            delimiter, at = told[1], told.end()
            continue
        if text.startswith(delimiter, at):
            yield from cut.end(at)
            at += len(delimiter)
            continue
        found = _MY.match(text, at)
        if found is None:  # pragma: no cover - the last branch takes any character
            break
        if found.lastgroup != "space":
            cut.seen(at)
        at = found.end()
        if found.lastgroup == "word" and (inside := found[0].find(delimiter)) > 0:
            at = found.start() + inside  # a delimiter such as $$ glued to a word
    yield from cut.end(len(text))
