"""Values of Transact-SQL in stored programs of SQL/PSM: what assignments do to them, and SELECT @a = ... FROM.

Source: Transact-SQL reference, "SELECT @local_variable", "@@FETCH_STATUS"; MySQL 8.0 Reference Manual, "SELECT ... INTO
Statement".
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..ir.fragment import Fragment, Known, Output
from ..ir.routine import Assign, Parameter, SelectInto, Step, Typed, Variable
from ..ir.types import UNKNOWN, Type
from ..sql.kinds import MOMENTS, NULL, family, is_integer
from . import collation
from .psm_bodies import fragments
from .tsql import Batch
from .tsql_values import is_short

_AGGREGATE: Final = re.compile(r"(?i)^\s*SELECT\s+(?:COUNT|SUM|MIN|MAX|AVG|COUNT_BIG)\s*\(")
_GROUPED: Final = re.compile(r"(?i)\bGROUP\s+BY\b|\bHAVING\b|\bUNION\b")
_LIMITED: Final = re.compile(r"(?i)\bLIMIT\s+(\S+)\s*$")
_ORDERED: Final = re.compile(r"(?i)\bORDER\s+BY\b(?![^()]*\))")
_SIZED: Final = frozenset({"char", "varchar", "nchar", "nvarchar"})
_FETCHED: Final = re.compile(r"'(?:[^']|'')*'|@@FETCH_STATUS\b", re.I)
_MARKED: Final = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/|(?P<name>@[\w$@\#]+)", re.S)
_COMPARES: Final = re.compile(
    r"(?i)[=<>]|\b(?:LIKE|IN|BETWEEN|CASE|CHARINDEX|PATINDEX|REPLACE|NULLIF|MIN|MAX|DISTINCT|ORDER|GROUP|UNION|ISNULL"
    r"|COALESCE|L?TRIM|RTRIM)\b|\+"
)
_HOME: Final = re.compile(r"(?:`[^`]+`|\b\w+)\.(?=`%[vV]\d+`)")
_OWN: Final = re.compile(r"COLLATE ([a-z0-9]+)_\w+")


class PsmTsqlValues(Batch):
    """Adds values."""

    compared: frozenset[str] = frozenset()  # variables in whose statements text is compared

    # -- types ---------------------------------------------------------------------------------------------------------

    def compared_in(self) -> frozenset[str]:
        """The variables that stand in a statement that compares: text does that by its collation."""
        words: set[str] = set()
        for fragment in fragments(self.found.program):
            if _COMPARES.search(fragment.text):
                words |= {m["name"].upper() for m in _MARKED.finditer(fragment.text) if m["name"]}
        return frozenset(words)

    def collated(self, typed: Typed, name: str = "") -> Typed:
        """A type whose text compares as in the source, where it is compared at all."""
        if (own := _OWN.search(typed.raw)) is not None:  # a routine's type names the character set too
            return replace(typed, raw=f"{typed.raw[: own.start()]}CHARACTER SET {own[1]} {own[0]}")
        return typed if name and name.upper() not in self.compared else collation.compared(typed, self.ctx)

    def parameter(self, p: Parameter) -> Parameter:
        done = super().parameter(p)
        return replace(done, type=self.collated(done.type, p.name.text))

    def variable(self, found: Variable) -> Variable:
        done = super().variable(found)
        return replace(done, type=self.collated(done.type, found.name.text))

    # -- fragments -----------------------------------------------------------------------------------------------------

    def marked(self, fragment: Fragment, target: bool = False) -> Fragment:
        if "@@FETCH_STATUS" in fragment.text.upper():
            text = _FETCHED.sub(lambda m: m[0] if m[0][0] == "'" else "[%FETCH_STATUS]", fragment.text)
            fragment = replace(fragment, text=text)
        return super().marked(fragment, target)

    def quietly(self, fragment: Fragment) -> str:
        text = super().quietly(fragment)
        return _FETCHED.sub(lambda m: m[0] if m[0][0] == "'" else "[%FETCH_STATUS]", text)

    def kept(self, fragment: Fragment, done: Fragment | None, findings: object) -> Fragment:
        """A temporary table is of the routine's own database, which needs no name."""
        if done is not None and done.target is not None and "%v" in done.target.lower():
            done = replace(done, target=_HOME.sub("", done.target))
        return super().kept(fragment, done, findings)

    # -- assignments ---------------------------------------------------------------------------------------------------

    def fitted(self, value: Fragment, wanted: Known) -> Fragment:
        """A value as an assignment takes it: a text that is too long is cut, and what is behind the point of a number
        goes for an integer, where the target refuses the one and rounds the other."""
        done = self.text(value, wanted)
        if done.target is None:
            return done
        given, want = self.type_of(value), wanted.type
        if want.kind in _SIZED and want.length is not None:
            if family(given) in MOMENTS:
                self.refuse("SC4207", value.at, what="a date used as text")
            if not self.short_enough(value, given, want):
                return replace(done, target=f"LEFT({done.target}, {want.length})")
        if is_integer(want) and family(given) == "number" and not is_integer(given):
            return replace(done, target=f"TRUNCATE({done.target}, 0)")
        return done

    def short_enough(self, value: Fragment, given: Type, want: Type) -> bool:
        length = want.length or 0
        if given.kind in _SIZED and given.length is not None and given.length <= length:
            return True
        if is_short(value.text, length):
            return True
        return given == NULL or (length >= 40 and family(given) == "number") or (length >= 36 and given.kind == "uuid")

    cut_whole = "TRUNCATE(\0, 0)"

    def cut_to(self, length: int, have: Type) -> str:
        return f"LEFT(\0, {length})"

    def chosen(self, step: SelectInto) -> list[Step]:
        """``SELECT @a = x FROM ...``: without a row the variables keep their values there as well, but more than one
        row is an error."""
        names = [t.text.strip().upper() for t in step.into]
        wanted = [self.named(t.text) for t in step.into]
        if None in wanted:
            self.refuse("SC5021", step.at, title="a variable that is not declared", clause=", ".join(names))
            return [step]
        text = step.query.text
        self.note(step)
        own = re.findall(r"@[\w$#@]+", text.upper().split(" FROM ")[0])
        if set(own) & set(names):
            self.refuse("SC5021", step.at, title="a variable that takes a value from every row", clause=names[0])
            return [step]
        asked = replace(step.query, text=turned_round(step.query.text))
        done, translated = self.ctx.query(self.marked(asked), None, stored=False)
        query = self.kept(asked, done, translated.findings)
        into = tuple(self.text(t) for t in step.into)
        if done is None:
            return [step]
        outputs = translated.outputs
        if outputs is None or len(outputs) != len(into):
            outputs = tuple(Output("", Known(UNKNOWN), False) for _ in into)
        single = _AGGREGATE.match(text) is not None and not _GROUPED.search(text)
        counts = self.count_first(step, query, single, len(into))
        query = self.last_row(step, query, single, len(into))
        cut = [self.cast(o, w) for o, w in zip(outputs, wanted, strict=True)]
        if any(cut):
            listed = ", ".join(f"c{i + 1}" for i in range(len(into)))
            shown = ", ".join((c or "\0").replace("\0", f"c{i + 1}") for i, c in enumerate(cut))
            query = replace(query, target=f"SELECT {shown} FROM (\n{query.output}\n) AS q ({listed})")
        return [*counts, replace(step, query=query, into=into)]

    def count_first(self, step: SelectInto, query: Fragment, single: bool, width: int) -> list[Step]:
        """How many rows there are, where @@ROWCOUNT is asked for behind the statement."""
        if step.at not in self.counted:
            return []
        listed = ", ".join(f"c{i + 1}" for i in range(width))
        text = "1" if single else f"(\nSELECT COUNT(*) FROM (\n{query.output}\n) AS q ({listed})\n)"
        return [Assign(step.at, target=Fragment("", step.at, "sql_rowcount"), value=Fragment("", step.at, text))]

    def last_row(self, step: SelectInto, query: Fragment, single: bool, width: int) -> Fragment:
        """The query with no more than one row. Which is the last is anybody's guess without ORDER BY."""
        text = query.output
        limited = _LIMITED.search(text)
        if single or (limited is not None and limited[1] == "1"):
            return query
        if _ORDERED.search(text) and turned_round(step.query.text) == step.query.text:
            self.refuse("SC5191", step.at, clause=step.into[0].text.strip())
            return query
        if limited is not None or re.search(r"\bUNION\b", text):
            listed = ", ".join(f"c{i + 1}" for i in range(width))
            return replace(query, target=f"SELECT * FROM (\n{text}\n) AS q ({listed})\nLIMIT 1")
        return replace(query, target=f"{text.rstrip()}{chr(10) if chr(10) in text else ' '}LIMIT 1")


def turned_round(text: str) -> str:
    """A query in the other order: its first row is the last of the author's. As it is where it takes some rows only."""
    found = list(_ORDER.finditer(text))
    if not found or _SOME_ROWS.search(text) or text[found[-1].end() :].count(")") > text[found[-1].end() :].count("("):
        return text
    head, keys = text[: found[-1].end()], text[found[-1].end() :].rstrip().rstrip(";")
    made: list[str] = []
    depth, start = 0, 0
    for i, ch in enumerate(keys + ","):
        depth += (ch == "(") - (ch == ")")
        if ch == "," and depth == 0:
            key = keys[start:i].rstrip()
            way = _WAY.search(key)
            made.append(key[: way.start()] if way and way[1].upper() == "DESC" else
                        f"{key[: way.start()] if way else key} DESC")  # fmt: skip
            start = i + 1
    return head + ",".join(made)


_ORDER: Final = re.compile(r"(?i)\bORDER\s+BY\b")
_SOME_ROWS: Final = re.compile(
    r"(?i)^\s*(?:WITH\b|SELECT\s+(?:ALL\s+|DISTINCT\s+)?TOP\b)|\b(?:OFFSET|FOR|OPTION|UNION)\b|--|/\*"
)
_WAY: Final = re.compile(r"(?i)\s+(ASC|DESC)\s*$")
